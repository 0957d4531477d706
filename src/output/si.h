/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Amounts with the prefixes of the SI: limits and line rates are sold in powers of 1000. */
#ifndef NETACCT_SI_H
#define NETACCT_SI_H

#include <stdint.h>

#define SI_TEXT 32

/* "512 B", "100 GB", "83.1 GB": exact below 1000, then rounded to a tenth. `unit` up to 8 bytes. */
void si_format(uint64_t value, const char *unit, char text[static SI_TEXT]);

#endif

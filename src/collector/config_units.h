/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Amounts as people write them in a configuration. */
#ifndef NETACCT_CONFIG_UNITS_H
#define NETACCT_CONFIG_UNITS_H

#include <stdint.h>

/*
 * A number, with up to three decimals, and a unit with or without one space
 * between. -EINVAL where it is no such text, -ERANGE where it does not fit.
 *
 * Sizes in bytes: k, M, G, T, P are powers of 1000, Ki to Pi of 1024, each
 * with or without a B behind (IEC 80000-13). Durations in seconds: s, min, h,
 * d, w, month (31 days) and y (366 days). No unit: bytes, seconds.
 */
int config_parse_size(const char *text, uint64_t *ret);
int config_parse_duration(const char *text, uint64_t *ret);

#endif

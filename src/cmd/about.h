/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this binary is. */
#ifndef NETACCT_ABOUT_H
#define NETACCT_ABOUT_H

/* Writes one line to stdout: version, commit, ABI of the pins, libbpf, features built in. */
void about_version(void);

#endif

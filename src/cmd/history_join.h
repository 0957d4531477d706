/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A meter's records since attach: what a collector has taken out of the
 * kernel and stored, and what is still there, each once.
 */
#ifndef NETACCT_HISTORY_JOIN_H
#define NETACCT_HISTORY_JOIN_H

#include "../meter/read.h"

/*
 * As meter_read(), with the history joined in where the meter has had a
 * collector. Where that cannot be read a warning says so, and the kernel's
 * records alone are given. -errno with the sentence in `fault`.
 */
int read_joined(const char *command, const struct meter *meter, enum read_how how,
		struct reading **ret, size_t *ret_count, struct fault *fault);

/*
 * Did a collector store this generation, and end before it could retire it? Where its history
 * cannot be read a warning says so: false.
 */
bool generation_is_stored(const char *command, const struct meter *meter, uint32_t generation);

#endif

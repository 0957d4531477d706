/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source's place in its meter: the counters that go by its number. Places
 * are used again, and who comes begins at nothing.
 */
#ifndef NETACCT_SLOT_H
#define NETACCT_SLOT_H

#include "meter.h"

/* Has anything been counted there since it was last cleared? */
bool slot_counted(const struct meter *meter, uint32_t number);

/*
 * Zeroes the balance of a free place and what was taken from it, unless some
 * of its records are still in the kernel. Takes pin_lock_meter(), which the
 * caller must not hold.
 */
int slot_clear(struct meter *meter, uint32_t number, struct fault *fault);

#endif

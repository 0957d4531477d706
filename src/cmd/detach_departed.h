/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that has left its group counts no more, but stays with its records
 * until they are drained, or until the last source of its meter goes.
 */
#ifndef NETACCT_DETACH_DEPARTED_H
#define NETACCT_DETACH_DEPARTED_H

#include "pick.h"

/* Do any sources count but those in `leaving` (a flag per source; NULL: none)? */
bool meter_goes_on(const struct meter *meter, const bool *leaving);

/*
 * Takes those that departed before, and have to stay, out of what was picked,
 * and says so of each that was not picked together with one that counts.
 * STATUS_FAILED where anything was said.
 */
int leave_departed(const char *command, struct picked *picked);

/* Takes out the meters that a running collector holds, naming each: STATUS_FAILED then. */
int leave_held(const char *command, struct picked *picked);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_GROUP_H
#define NETACCT_GROUP_H

#include "meter.h"

/*
 * A group's table from ifindex to owner (the map `ifindex`), which its
 * programs ask for each packet. A meter of one source has none: no-ops.
 */

/* The source's entry for the program pair `programs`; -ENOSPC: no room near its place. */
int group_enter(const struct meter *meter, uint32_t number, uint32_t programs, struct fault *fault);
/* Takes it out; what is not there is no error. */
int group_leave(const struct meter *meter, uint32_t number, uint32_t programs, struct fault *fault);

#endif

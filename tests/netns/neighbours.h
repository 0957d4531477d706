/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Neighbours on both ends of a pair: filters and tcx programs that pass
 * everything on, come and go before and behind ours, and never end.
 */
#ifndef NETNS_NEIGHBOURS_H
#define NETNS_NEIGHBOURS_H

#include <pthread.h>
#include <stdbool.h>

#include "foreign.h"

struct neighbours {
	struct foreign front, behind; /* come and go */
	struct foreign guest; /* a filter that stays */
	bool tcx; /* the kernel has it */
	bool over; /* atomic */
	unsigned int visits;
	pthread_t thread;
};

/* Call it before a meter attaches: the guests are there first, and with them a clsact. */
void neighbours_settle(struct neighbours *neighbours);
/* In a thread of their own. */
void neighbours_start(struct neighbours *neighbours);
/* Fails the test where no packet came to them. */
void neighbours_leave(struct neighbours *neighbours);
void neighbours_close(struct neighbours *neighbours);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What crashes, vanished interfaces and lost pins leave behind: found, and
 * unless it is a dry run removed. Never anything that is not ours: a filter
 * or XDP program only where the kernel shows a program of our name with our
 * handle there that no meter claims, a clsact qdisc only where a pinned
 * source says that we made it.
 */
#ifndef NETACCT_SWEEP_H
#define NETACCT_SWEEP_H

#include "../record/reading.h"
#include "../source/netns.h"
#include "meter.h"

struct sweeper {
	int root; /* PIN_ROOT, locked by pin_lock(); -1: there is none */
	bool dry_run;
	/* Is this source (by id) to be looked at? Directories without one: id "". */
	bool (*wanted)(void *context, const char *id);
	/* What was found, and what is done about it. */
	void (*say)(void *context, const char *where, const char *text);
	/* Final totals before they go; not 0: not delivered, which was said, so they stay. */
	int (*last_words)(void *context, struct reading *readings, size_t count);
	/* What could not be removed. */
	void (*complain)(void *context, const char *where, const struct fault *fault);
	void *context;
	size_t found, failed;
};

/* Pinned meters: half made, half gone, without interface or programs. */
int sweep_meters(struct sweeper *sweeper, struct fault *fault);
/* Filters and XDP programs of ours, in every namespace, that no meter claims. */
int sweep_orphans(struct sweeper *sweeper, struct fault *fault);

#endif

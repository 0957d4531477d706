/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector: one process, one loop, no threads. Each interval every
 * meter of the roster is drained: flip, read, store in the history, and only
 * then retire the generation in the kernel. Where the history cannot be
 * written the generation stays where it is and comes again.
 *
 * Drains fall on multiples of the interval since CLOCK_BOOTTIME 0, and one on each
 * 5-minute boundary of the wall clock, so that bins are sharp.
 */
#ifndef NETACCT_COLLECTOR_H
#define NETACCT_COLLECTOR_H

#include <stdio.h>

#include "config.h"
#include "voice.h"

struct collector_options {
	struct config *config; /* cleared by the collector: SIGHUP replaces it */
	const char *config_path; /* for SIGHUP; NULL: only whitelists are read again */
	uint64_t duration; /* ns, 0: until a signal */
	bool once; /* one drain, then as after SIGTERM */
	bool debug;
	FILE *console; /* a table after each interval; NULL: quiet */
	struct voice voice;
	/*
	 * Answers a request of the socket in a child of its own, with its output on stdout and
	 * stderr: argv of `dump` or `report`, options that name files refused before. Returns the
	 * exit status.
	 */
	int (*answer)(int argc, char **argv, const char *history);
};

/* Runs until it is done: 0, or -errno after saying why. */
int collector_run(struct collector_options *options);

#endif

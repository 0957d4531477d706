/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When to drain: on multiples of the interval since CLOCK_BOOTTIME 0, so that
 * sleep and a clock that is set do not matter, and on each 5-minute boundary
 * of CLOCK_REALTIME, so that the bins are sharp. All times are nanoseconds.
 */
#ifndef NETACCT_SCHEDULE_H
#define NETACCT_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "../record/record.h"

#define SCHEDULE_BIN (300 * NANOSECONDS)

/* The first multiple of `step` after `now`. */
uint64_t schedule_after(uint64_t now, uint64_t step);

/* A clock that runs on and one that can be set, as they stood together. */
struct schedule_clocks {
	uint64_t boottime, realtime;
};
struct schedule_clocks schedule_clocks_now(void);
/* How far the clock was set from the one moment to the other, ns; below a second: 0. */
int64_t schedule_jump(struct schedule_clocks before, struct schedule_clocks now);

struct schedule {
	uint64_t interval;
	int boot_timer, wall_timer; /* timerfds, to be polled for POLLIN; -1: not open */
	struct schedule_clocks clocks;
};

#define SCHEDULE_NONE ((struct schedule){.boot_timer = -1, .wall_timer = -1})

/* The first drain is due on the first multiple after now; with `whole`, after a whole interval. */
int schedule_open(struct schedule *schedule, uint64_t interval, bool whole);
void schedule_close(struct schedule *schedule);
/* Another interval, from now on. */
int schedule_set(struct schedule *schedule, uint64_t interval);

/*
 * Reads both timers and sets them anew. *ret_due: a drain is due. *ret_jump:
 * how far the clock was set since the last call, ns, 0 where it was not by
 * more than a second.
 */
int schedule_read(struct schedule *schedule, bool *ret_due, int64_t *ret_jump);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_CLOCK_H
#define NETACCT_CLOCK_H

#include <stdint.h>

#include "fault.h"

struct clock_sample {
	uint32_t hz; /* 100, 250, 300 or 1000 */
	uint64_t jiffies; /* jiffies64 */
	uint64_t monotonic; /* CLOCK_MONOTONIC ns within that jiffy */
};

/*
 * Runs a small program in the kernel (BPF_PROG_TEST_RUN). Where the coarse
 * clocks do not tell HZ, from one turn of jiffies to a later one, which takes
 * 20 ms, longer where the machine is too busy for a clear answer.
 */
int clock_measure(struct clock_sample *ret, struct fault *fault);

/* ns of CLOCK_REALTIME, CLOCK_MONOTONIC */
uint64_t clock_realtime(void);
uint64_t clock_monotonic(void);

#endif

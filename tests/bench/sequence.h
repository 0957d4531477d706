/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which flow each packet belongs to. The same every time: the random numbers
 * have a fixed seed.
 */
#ifndef BENCH_SEQUENCE_H
#define BENCH_SEQUENCE_H

#include <stdint.h>

#include "bench_abi.h"

enum distribution {
	UNIFORM, /* each flow as likely as any */
	ZIPF, /* flow n is as likely as 1/n */
	ALL_NEW /* a flow a packet */
};

const char *distribution_name(enum distribution distribution);

/* Fills BENCH_STEPS steps; `flows` means nothing to ALL_NEW. */
void sequence_fill(struct bench_step *steps, enum distribution distribution, uint32_t flows);

/* The 5-tuple of a flow: no two flows share a remote address below 2^24 of them. */
void sequence_step(uint32_t flow, struct bench_step *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow records without traffic: written into the table of a pinned meter
 * whose source is silent, and booked in its balance.
 */
#ifndef BENCH_FILL_H
#define BENCH_FILL_H

#include <netacct/abi.h>
#include <stdint.h>

#define FILL_PACKETS 7u /* of each flow */
#define FILL_BYTES 4200u

/* The key of flow number `flow`, as in the meter's table. */
void fill_key(uint32_t flow, struct na_key *ret);

/*
 * Waits until the one meter is there and its generation another than `last` (UINT32_MAX: any), for
 * so many seconds at most: the generation.
 */
uint32_t fill_await_drain(uint32_t last, unsigned int patience);

/* The one meter below /sys/fs/bpf gets that many flows in the half counted into. */
void fill_meter(uint32_t flows);

/* Reads its table once, as nothing can be faster: ms. */
double fill_floor(uint32_t flows);

/* A hash map of as many entries of the same key and about the same value: its descriptor. */
int fill_hash(uint32_t flows);

#endif

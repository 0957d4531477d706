/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow records without traffic: written into the table of a pinned meter
 * whose source is silent, and booked in its balance.
 */
#ifndef BENCH_FILL_H
#define BENCH_FILL_H

#include <stdint.h>

/* The one meter below /sys/fs/bpf gets that many flows in the half counted into. */
void fill_meter(uint32_t flows);

/* Reads its table once, as nothing can be faster: ms. */
double fill_floor(uint32_t flows);

/* A hash map of as many entries of the same key and about the same value: its descriptor. */
int fill_hash(uint32_t flows);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all meters below the benchmark's own /sys/fs/bpf hold, and whether it
 * is what was sent.
 */
#ifndef BENCH_BOOKS_H
#define BENCH_BOOKS_H

#include <netacct/abi.h>
#include <stddef.h>
#include <stdint.h>

struct books {
	struct na_count bucket[NA_BUCKETS][NA_DIRECTIONS];
	struct na_count records[NA_DIRECTIONS];
	uint64_t spilled; /* packets, both directions */
	size_t flows; /* records */
};

void books_read(struct books *ret);

/*
 * Ends the process unless in each direction what was seen is in a bucket, and
 * what was accounted is in the records.
 */
void books_balance(const struct books *books);

/* Bytes of kernel memory: the maps of all meters, and the programs of their sources. */
struct books_memory {
	uint64_t maps, programs;
	size_t meters;
};
void books_memory(struct books_memory *ret);

/* How long the programs on the sources have run; both 0 while nobody wants statistics. */
struct books_runs {
	uint64_t time; /* ns */
	uint64_t count;
};
void books_runs(struct books_runs *ret);

#endif

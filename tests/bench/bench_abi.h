/* SPDX-License-Identifier: GPL-2.0-only OR GPL-2.0-or-later */
/*
 * What the benchmark's BPF programs and its user side share.
 */
#ifndef BENCH_ABI_H
#define BENCH_ABI_H

#include <netacct/abi.h>

#define BENCH_STEPS (1u << 20)
#define BENCH_CPUS 256

/* The 5-tuple of one packet, in network byte order; IPv6: the last words of the addresses. */
struct bench_step {
	__u32 source;
	__u32 destination;
	__u16 source_port;
	__u16 destination_port;
	__u32 reserved;
};

/* Where a CPU is in the sequence: a cache line of its own. */
struct bench_place {
	__u32 next;
	__u32 reserved[15];
};

/* Load-time constants of the generator (.rodata). */
struct bench_generator_config {
	__u32 ipv6;
};

/* And of the rivals. */
struct bench_rival_config {
	__u32 ports; /* the key has them */
	__u32 whitelist;
};

struct bench_rival_control {
	__u32 active;
	__u32 whitelist;
};

/* Value of the plain HASH: what a slot of netacct's hot table has beside the key. */
struct bench_rival_flow {
	__u64 packets;
	__u64 bytes;
	__u32 last_seen;
	__u32 first_seen;
	__u32 verdict;
	__u32 tcp_flags;
};

/* Value of the usual design. */
struct bench_usual_flow {
	__u64 packets;
	__u64 bytes;
	__u64 first_seen; /* ns */
	__u64 last_seen;
};

struct bench_address {
	__u32 word[4];
};

#ifndef __bpf__
_Static_assert(sizeof(struct bench_step) == 16, "layout of the sequence");
_Static_assert(sizeof(struct bench_place) == 64, "one cache line");
_Static_assert(sizeof(struct bench_rival_flow) == 32, "layout of the map");
#endif

#endif

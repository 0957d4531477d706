/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A meter that nothing pins, its programs, and packets run through them by
 * BPF_PROG_TEST_RUN. What fails here fails the test that runs.
 */
#ifndef TESTS_BPF_LAB_H
#define TESTS_BPF_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/meter/object.h"
#include "../../src/meter/programs.h"
#include "../../src/meter/read.h"
#include "../../src/meter/scan.h"
#include "frame.h"

#define LAB_LOOPBACK 1 /* the device of a test run that names none */
#define LAB_UNSPEC ((uint32_t)-1) /* TC_ACT_UNSPEC */
#define LAB_PASS 2u /* XDP_PASS */

/* What is asked of a lab; what is 0 is as attach has it. */
struct lab_shape {
	bool hot; /* the object with the hot table */
	enum na_key_kind key;
	bool layer3, bare, peer, whitelist;
	uint32_t max_flows; /* 0: 16 */
	uint32_t sources; /* 0: 1; more: a group */
	uint32_t owner; /* of a meter that is no group */
	uint32_t number; /* of the program pair */
	uint64_t seed;
	uint32_t shards; /* 0: 1 */
	bool unloaded; /* the maps alone */
	uint32_t programs; /* 1 << program of those that are needed, 0: all */
};

/* NETACCT_SLOW is set: an emulated machine, where a sample of the many has to do. */
bool lab_slow(void);

struct lab {
	struct meter meter;
	struct na_config config;
	int program[PROGRAM_COUNT]; /* -1: this kernel has it not, or nobody asked for it */
	int prelude, next; /* prelude.h */
};

/* False, and the reason printed: this kernel cannot. */
bool lab_open(const struct lab_shape *shape, struct lab *ret);
void lab_close(struct lab *lab);
#define _cleanup_lab_ __attribute__((cleanup(lab_close)))

/* Skips the test where there is no such program. */
void lab_require(const struct lab *lab, enum program program);

struct lab_packet {
	const void *bytes;
	size_t size;
	uint16_t gso_size, gso_segs;
	uint32_t ifindex; /* 0: LAB_LOOPBACK; tc only */
	size_t linear; /* bytes of the first buffer, 0: all that fit */
	bool tagged; /* with a VLAN tag in the metadata; tc only */
};

/*
 * Runs it, and asserts that the verdict is the harmless one and the packet is
 * as it was. -errno where the kernel does not run such a packet.
 */
int lab_run(const struct lab *lab, enum program program, const struct lab_packet *packet);

/* What a run must book, everything else staying as it was. */
struct lab_booking {
	enum na_bucket bucket;
	uint32_t source;
	enum na_direction direction;
	uint64_t packets, bytes;
	struct na_key key; /* where the bucket is NA_ACCOUNTED */
	uint8_t tcp_flags;
	uint64_t super, undecided;
	bool nothing; /* not even seen */
};

/* Runs, compares, and empties the flows; `name` is for the message. */
int lab_expect(const struct lab *lab, enum program program, const struct lab_packet *packet,
	       const struct lab_booking *booking, const char *name);

/* Runs, and says which bucket of source 0 a packet came into. */
enum na_bucket lab_bucket(const struct lab *lab, enum program program, const struct frame *frame);

void lab_balance(const struct lab *lab, uint32_t source, enum na_direction direction,
		 struct na_balance *ret);
/* Asserts that a source's buckets sum up to what was seen. */
void lab_assert_balanced(const struct lab *lab, uint32_t source);

struct lab_record {
	struct na_key key;
	struct na_count count;
	uint32_t first_seen, last_seen; /* ticks */
	uint8_t tcp_flags;
};

struct lab_records {
	struct lab_record *record; /* owned */
	size_t count, room;
};

/* The records of the half that is counted into. */
void lab_records(const struct lab *lab, struct lab_records *ret);
void lab_records_clear(struct lab_records *records);
#define _cleanup_lab_records_ __attribute__((cleanup(lab_records_clear)))

void lab_zero(const struct lab *lab);
/* Writes the control record's word of the whitelist, or the half. */
void lab_control(struct lab *lab, uint32_t active, uint32_t whitelist);
/* The thread stays on this CPU: verdicts are kept per CPU. */
void lab_stay(int cpu);

#endif

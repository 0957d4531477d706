/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reading: one source as it stood at one moment. The meter fills it in,
 * the outputs render it; it holds no kernel object.
 */
#ifndef NETACCT_READING_H
#define NETACCT_READING_H

#include "stream.h"

struct balance {
	struct na_count bucket[NA_BUCKETS][NA_DIRECTIONS];
	struct na_count handed_out[NA_DIRECTIONS];
	struct na_count collected[NA_DIRECTIONS];
	uint64_t spilled, undecided, super; /* both directions */
	bool judged; /* on a retired half: then `difference` means something */
	int64_t difference; /* as balance_difference(); 0: the books balance */
};

#define READING_SAMPLES 5

struct reading {
	char *id; /* the strings are owned; NULL where there is none */
	char *tag;
	char *interface;
	char *namespace;
	char *cgroup;
	char uuid[37]; /* of the meter */
	uint64_t read_at; /* CLOCK_REALTIME ns */
	uint64_t attached_at;
	uint64_t since; /* from when the records count: attach or the last drain */
	uint64_t handed_at; /* when the last drain handed records out, 0: never; in those of a
			       drain by a collector they count on */
	uint64_t departed_at; /* 0: still attached */
	uint64_t netns_inode;
	uint64_t netns_cookie; /* 0: the kernel has none */
	uint32_t ifindex;
	uint32_t owner; /* number of the source in its meter */
	uint32_t max_flows;
	uint32_t generation;
	bool live; /* packets may have been in flight while it was read */
	bool exact;
	bool peer; /* perspective peer */
	bool layer3; /* bytes */
	enum na_key_kind key;
	enum na_ingress ingress;
	enum na_hook hook;
	struct {
		bool enabled;
		uint32_t count;
		char sample[READING_SAMPLES][56];
	} whitelist;
	struct balance balance;
	/* The part of its buckets that meters before this one counted; of cumulative files. */
	struct na_count earlier[NA_BUCKETS][NA_DIRECTIONS];
	struct time_base time_base;
	struct record_stream *stream; /* owned; NULL: the records are in the array */
	struct flow_record *records; /* owned */
	size_t count;
	size_t shown; /* records to print: --top N; the summary is over all of them */
};

/* Releases what the reading owns, and zeroes it. */
void reading_clear(struct reading *reading);
/* clears each, then frees the array */
void readings_free(struct reading *readings, size_t count);

/*
 * Brings the records of a stream into the array and closes it; nothing where
 * there is none. -ENOMEM, or what the stream's check() says; it is open still then.
 */
int reading_collect(struct reading *reading);

/*
 * seen - (accounted + excluded + overflow + non_ip), per direction and unit
 * summed as absolute values.
 */
int64_t balance_difference(const struct balance *balance);

#endif

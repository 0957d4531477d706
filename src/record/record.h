/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow record: a key with what was received and sent under it. The
 * ground floor of user space; knows neither where records come from nor how
 * they are shown.
 */
#ifndef NETACCT_RECORD_H
#define NETACCT_RECORD_H

#include <netacct/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NANOSECONDS 1000000000ull /* in a second */

static inline void na_count_add(struct na_count *to, struct na_count count)
{
	to->packets += count.packets;
	to->bytes += count.bytes;
}

struct flow_record {
	struct na_key key; /* without NA_WHAT_TX: both directions in one */
	struct na_count rx, tx;
	uint32_t first_seen; /* ticks, see struct time_base */
	uint32_t last_seen;
	uint8_t tcp_flags; /* RFC 9293 bits of all packets together */
};

/* Takes in when something of the flow was seen; first_seen of a record of nothing is UINT32_MAX. */
void record_widen(struct flow_record *record, uint32_t first_seen, uint32_t last_seen);
/* Adds one record of a flow to another. */
void record_merge(struct flow_record *record, const struct flow_record *from);

/*
 * How a meter's ticks become wall time: a tick is 64 jiffies, and
 * wall = now - (monotonic now - monotonic of the tick).
 */
struct time_base {
	uint64_t epoch_monotonic; /* CLOCK_MONOTONIC ns at tick 0 */
	uint64_t realtime_minus_monotonic; /* ns, now; arithmetic modulo 2^64 */
	uint32_t hz;
};

/* CLOCK_REALTIME ns of a tick. */
uint64_t time_base_wall(const struct time_base *base, uint32_t ticks);
/* The tick that such a moment lies in; 0 for those before tick 0. */
uint32_t time_base_ticks(const struct time_base *base, uint64_t wall);

/* A growing set of records, merged by key (open addressing inside). */
struct record_table;

int record_table_new(struct record_table **ret, size_t expected);
void record_table_free(struct record_table *table);
static inline void cleanup_record_table(struct record_table **table)
{
	record_table_free(*table); /* NULL is fine */
}
#define _cleanup_record_table_ __attribute__((cleanup(cleanup_record_table)))

/*
 * Adds what one slot of the kernel holds: the direction is in key->what, and
 * the slot of the other direction lands in the same record. -ENOMEM.
 */
int record_table_add(struct record_table *table, const struct na_key *key, struct na_count count,
		     uint32_t first_seen, uint32_t last_seen, uint8_t tcp_flags);
/* Merges a whole record, for aggregation. -ENOMEM. */
int record_table_merge(struct record_table *table, const struct flow_record *record);
/* The same; a key that would be one more than `max` goes into the record without a key. */
int record_table_merge_bounded(struct record_table *table, const struct flow_record *record,
			       size_t max);

/* The record of a key (without NA_WHAT_TX); NULL: there is none. Valid until the next add. */
const struct flow_record *record_table_find(const struct record_table *table,
					    const struct na_key *key);

/* The records, in insertion order until sorted; valid until the next add. */
struct flow_record *record_table_records(struct record_table *table);
size_t record_table_count(const struct record_table *table);
/* Moves the array out of the table (free() it) and leaves the table empty. */
struct flow_record *record_table_take(struct record_table *table, size_t *ret_count);

/*
 * A record without NA_WHAT_SET in its key, which the kernel never makes: what
 * found no room in a bounded list of totals, all flows in one.
 */
static inline bool record_is_other(const struct flow_record *record)
{
	return !(record->key.what & NA_WHAT_SET);
}

/* Adds what all records received and sent to sum[NA_RX] and sum[NA_TX]. */
void records_sum(const struct flow_record *records, size_t count,
		 struct na_count sum[static NA_DIRECTIONS]);

/* Key kinds by name: "total", "host", "remote", "host-pair", "flow"; -EINVAL. */
int key_kind_parse(const char *text, enum na_key_kind *ret);
const char *key_kind_name(enum na_key_kind kind);
/* Can records of kind `from` be aggregated to kind `to`? */
bool key_kind_covers(enum na_key_kind from, enum na_key_kind to);
/* Blanks what a coarser kind lacks; owner and NA_WHAT_SET stay. */
void key_coarsen(struct na_key *key, enum na_key_kind to);

/*
 * A new array in which the records of each coarser key are merged; free() it.
 * -EINVAL where `from` does not cover `to`, -ENOMEM.
 */
int records_aggregate(const struct flow_record *records, size_t count, enum na_key_kind from,
		      enum na_key_kind to, struct flow_record **ret, size_t *ret_count);

#endif

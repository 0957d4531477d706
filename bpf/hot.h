/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hot table: dense entries behind a small index (<netacct/abi.h> has its
 * layout). No allocation and no lock; right in every context that may
 * interrupt another.
 */
#ifndef NETACCT_BPF_HOT_H
#define NETACCT_BPF_HOT_H

#include <netacct/lookup.h>
#include "booking.h"

#ifndef NETACCT_NO_HOT

/* Where a key belongs. */
struct place {
	__u32 line; /* of the map */
	__u32 start; /* slot that is looked at first */
	__u32 tag;
};

static __always_inline struct place place_of(const struct booking *booking, int ipv4)
{
	__u64 hash = na_hash(config.seed, booking->word, ipv4);
	struct place place = {
		.line = na_hash_line(hash, config.lines),
		.start = na_hash_start(hash),
		.tag = na_hash_tag(hash, booking->key.what, config.entry_mask),
	};

	if (config.shards > 1)
		place.line = na_shard_line(place.line, bpf_get_smp_processor_id() % config.shards,
					   config.lines);
	if (booking->half)
		place.line += config.lines;
	return place;
}

/* Of an IPv4 key, which word 4 tells, the first halves of the addresses are zero. */
static __always_inline int same_key(const struct na_entry *entry, const struct booking *booking,
				    int ipv4)
{
	const __u64 *is = (const __u64 *)&entry->key, *word = booking->word;

	return is[1] == word[1] && is[3] == word[3] && is[4] == word[4] &&
	       (ipv4 || (is[0] == word[0] && is[2] == word[2]));
}

/* The entry that a slot names, if it is that of the key; a busy slot names entry 0, nobody's. */
static __always_inline struct na_entry *slot_entry(__u32 slot, const struct booking *booking,
						   int ipv4)
{
	__u32 number = slot & config.entry_mask;
	struct na_entry *entry = bpf_map_lookup_elem(&hot, &number);

	return entry && same_key(entry, booking, ipv4) ? entry : 0;
}

static __always_inline int tagged(__u32 slot, const struct place *place)
{
	return !((slot ^ place->tag) & ~config.entry_mask);
}

/* The entry of a key that is there; what is not in the line of its hash is left to hot_find(). */
static __always_inline struct na_entry *hot_known(const struct booking *booking, int ipv4)
{
	struct place place = place_of(booking, ipv4);
	struct na_line *line = bpf_map_lookup_elem(&lines, &place.line);
	struct na_entry *entry;
	__u32 i;

	if (!line)
		return 0;
	ROLLED
	for (i = 0; i < NA_LINE_SLOTS; i++) {
		__u32 slot = READ_ONCE(line->slot[(place.start + i) % NA_LINE_SLOTS]);

		if (!slot)
			break;
		if (!tagged(slot, &place))
			continue;
		entry = slot_entry(slot, booking, ipv4);
		if (entry)
			return entry;
	}
	return 0;
}

/* The next entry of the half, filled in; 0: none is left. */
static __always_inline struct na_entry *entry_make(const struct booking *booking, __u32 *number)
{
	__u32 half = booking->half;
	struct na_used *given = bpf_map_lookup_elem(&used, &half);
	struct na_entry *entry;
	__u64 nth;

	if (!given)
		return 0;
	nth = __sync_fetch_and_add(&given->entries, 1);
	if (nth >= config.entries)
		return 0;
	*number = 1 + nth;
	if (half)
		*number += config.entries;
	entry = bpf_map_lookup_elem(&hot, number);
	if (!entry)
		return 0;
	entry->key = booking->key;
	entry->packets = 0;
	entry->bytes = 0;
	entry->last_seen = booking->now;
	entry->state = 0;
	return entry;
}

/*
 * Publishes an entry, first to the programs, in the slot that was claimed for
 * it, then to readers: what they see they also find by its key. The exchange
 * is a barrier.
 */
static __always_inline void entry_publish(__u32 *slot, __u32 tag, __u32 number, __u32 now)
{
	__u32 part = number / NA_FIRST_PER_LINE;
	struct na_first *line = bpf_map_lookup_elem(&first, &part);

	__sync_lock_test_and_set(slot, tag | number);
	if (line)
		WRITE_ONCE(line->tick[number % NA_FIRST_PER_LINE], now + 1);
}

/* Whether there may be one more; a full table is not worth a claim. */
static __always_inline int entries_left(__u32 half)
{
	struct na_used *given = bpf_map_lookup_elem(&used, &half);

	return given && READ_ONCE(given->entries) < config.entries;
}

/*
 * The entry of a key, made where it is new; 0: there is neither it nor room.
 * A slot that another CPU is about to fill is passed by: nobody waits, and
 * equal keys are merged when they are read.
 */
static __always_inline struct na_entry *hot_find(const struct booking *booking, int ipv4)
{
	struct place place = place_of(booking, ipv4);
	struct na_entry *entry;
	__u32 i;

	ROLLED
	for (i = 0; i < NA_PROBES; i++) {
		__u32 beside = place.line ^ i / NA_LINE_SLOTS, number, slot;
		struct na_line *line = bpf_map_lookup_elem(&lines, &beside);
		__u32 *at;

		if (!line)
			break;
		at = &line->slot[(place.start + i) % NA_LINE_SLOTS];
		slot = READ_ONCE(*at);
		if (!slot) {
			if (!entries_left(booking->half))
				break;
			if (__sync_val_compare_and_swap(at, 0, NA_SLOT_BUSY))
				continue;
			entry = entry_make(booking, &number);
			if (entry)
				entry_publish(at, place.tag, number, booking->now);
			else
				WRITE_ONCE(*at, 0);
			return entry;
		}
		if (!tagged(slot, &place))
			continue;
		entry = slot_entry(slot, booking, ipv4);
		if (entry)
			return entry;
	}
	return 0;
}

#endif /* NETACCT_NO_HOT */

#endif

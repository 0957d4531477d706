/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From key to counters: the hot table, the spill map where it has no room,
 * and overflow where neither has.
 */
#ifndef NETACCT_BPF_ACCOUNT_H
#define NETACCT_BPF_ACCOUNT_H

#include "whitelist.h"

/* One packet on its way to its counters. */
struct booking {
	struct na_key key;
	__u64 packets, bytes;
	__u32 half;
	__u32 now; /* ticks */
	__u32 whitelist; /* the word of the control record */
	__u8 tcp_flags;
};

static __always_inline int slot_has_verdict(void)
{
	return config.whitelist && (config.key == NA_KEY_FLOW || config.key == NA_KEY_HOST_PAIR);
}

#ifndef NETACCT_NO_HOT

/* Spreads a word over all bits of the sum; the lanes run side by side. */
static __always_inline __u64 lane(__u64 word, __u64 seed)
{
	word ^= seed;
	word = (word ^ word >> 32) * (seed | 1);
	return word ^ word >> 32;
}

/* Nobody outside knows the seeds, so nobody can choose keys that collide. */
static __always_inline __u32 key_hash(const struct na_key *key)
{
	const __u64 *word = (const __u64 *)key;
	__u64 sum;

	sum = lane(word[1], config.seed[1]) + lane(word[3], config.seed[3]) +
	      lane(word[4], config.seed[4]);
	if (!(key->what & NA_WHAT_IPV4))
		sum += lane(word[0], config.seed[0]) + lane(word[2], config.seed[2]);
	sum *= config.seed[5] | 1;
	return sum >> 32;
}

static __always_inline int same_key(const struct na_key *a, const struct na_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[1] == y[1] && x[3] == y[3] && x[4] == y[4] && x[0] == y[0] && x[2] == y[2];
}

/* Fills a slot that was claimed, and publishes it: the exchange is a barrier. */
static __always_inline __u32 slot_publish(struct na_slot *slot, __u32 index,
					  const struct booking *booking)
{
	__u32 entry = index / NA_FIRST_PER_ENTRY, state = NA_STATE_READY;
	struct first_seen *first_seen = bpf_map_lookup_elem(&first, &entry);

	if (first_seen)
		first_seen->tick[index % NA_FIRST_PER_ENTRY] = booking->now;
	slot->key = booking->key;
	slot->last_seen = booking->now;
	__sync_lock_test_and_set(&slot->state, state);
	return state;
}

/*
 * The slot of a key, claimed where it is new; NULL: sixteen probes found
 * neither it nor room. A slot that another CPU is about to fill is passed by:
 * nobody waits, and equal keys are merged when they are read.
 */
static __always_inline struct na_slot *slot_find(const struct booking *booking, __u32 *state)
{
	__u32 hash = key_hash(&booking->key), base = booking->half * config.slots;
	int i;

	if (config.shards > 1)
		hash += bpf_get_smp_processor_id() % config.shards * 0x9e3779b1u;
	ROLLED
	for (i = 0; i < NA_PROBES; i++) {
		__u32 index = base + ((hash + i) & config.slot_mask);
		struct na_slot *slot = bpf_map_lookup_elem(&hot, &index);

		if (!slot)
			break;
		*state = READ_ONCE(slot->state);
		if ((*state & NA_STATE_MASK) == NA_STATE_READY) {
			if (same_key(&slot->key, &booking->key))
				return slot;
		} else if (!*state &&
			   !__sync_val_compare_and_swap(&slot->state, 0, NA_STATE_BUSY)) {
			*state = slot_publish(slot, index, booking);
			return slot;
		}
	}
	return 0;
}

/* The verdict in the slot, renewed where the whitelist has changed since. */
static __always_inline __u32 slot_verdict(struct na_slot *slot, __u32 state,
					  const struct packet *packet,
					  const struct booking *booking)
{
	__u32 verdict;

	if (verdict_holds(state, booking->whitelist))
		return state;
	verdict = whitelist_ask(packet, booking->whitelist);
	/* where it fails somebody else changed the word: the next packet asks again */
	__sync_val_compare_and_swap(&slot->state, state,
				    (state & ~(NA_VERDICT_MASK | NA_WLGEN_MASK)) | verdict);
	return verdict;
}

/* A bucket, or -1: no room. */
static __always_inline int hot_add(const struct packet *packet, const struct booking *booking)
{
	__u32 state, flags = (__u32)booking->tcp_flags << NA_TCP_SHIFT;
	struct na_slot *slot = slot_find(booking, &state);

	if (!slot)
		return -1;
	if (slot_has_verdict() && excludes(slot_verdict(slot, state, packet, booking)))
		return NA_EXCLUDED;
	__sync_fetch_and_add(&slot->packets, booking->packets);
	__sync_fetch_and_add(&slot->bytes, booking->bytes);
	WRITE_ONCE(slot->last_seen, booking->now);
	if (flags & ~state)
		__sync_fetch_and_or(&slot->state, flags);
	return NA_ACCOUNTED;
}

#endif /* NETACCT_NO_HOT */

static __always_inline void spill_flags(struct na_spill *value, __u8 flags)
{
	int i;

	if (!flags)
		return;
	ROLLED
	for (i = 0; i < 8; i++)
		if (flags & 1 << i)
			WRITE_ONCE(value->tcp_seen[i], 1);
}

/*
 * Found, or inserted with BPF_NOEXIST and then found: two CPUs that insert at
 * once both count. Before 6.4 the error comes back zero-extended, so it is
 * never compared, only looked for.
 */
static __always_inline struct na_spill *spill_find(void *map, const struct booking *booking)
{
	struct na_spill *value = bpf_map_lookup_elem(map, &booking->key);
	struct na_spill fresh = {.last_seen = booking->now, .first_seen = booking->now};

	if (value)
		return value;
	bpf_map_update_elem(map, &booking->key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, &booking->key);
}

static __noinline int spill_add(const struct packet *packet, const struct booking *booking)
{
	struct na_spill *value =
		booking->half ? spill_find(&spill_b, booking) : spill_find(&spill_a, booking);
	__u32 verdict = 0;

	if (value)
		verdict = value->verdict;
	if (slot_has_verdict() && !verdict_holds(verdict, booking->whitelist)) {
		verdict = whitelist_ask(packet, booking->whitelist);
		if (value)
			WRITE_ONCE(value->verdict, verdict);
	}
	if (slot_has_verdict() && excludes(verdict))
		return NA_EXCLUDED;
	if (!value)
		return NA_OVERFLOW;
	__sync_fetch_and_add(&value->packets, booking->packets);
	__sync_fetch_and_add(&value->bytes, booking->bytes);
	WRITE_ONCE(value->last_seen, booking->now);
	spill_flags(value, booking->tcp_flags);
	return NA_ACCOUNTED;
}

/* The bucket that the packet was booked in. */
static __always_inline int account(const struct packet *packet, const struct booking *booking,
				   struct na_balance *balance)
{
	int bucket = -1;

	if (config.whitelist && !slot_has_verdict() &&
	    excludes(whitelist_cached(packet, booking->whitelist)))
		return NA_EXCLUDED;
#ifndef NETACCT_NO_HOT
	bucket = hot_add(packet, booking);
#endif
	if (bucket < 0) {
		bucket = spill_add(packet, booking);
		if (bucket == NA_ACCOUNTED)
			balance->spilled += booking->packets;
	}
	return bucket;
}

#endif

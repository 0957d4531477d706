/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From key to counters: the hot table, the spill map where it has no room,
 * and overflow where neither has.
 */
#ifndef NETACCT_BPF_ACCOUNT_H
#define NETACCT_BPF_ACCOUNT_H

#include "hot.h"
#include "whitelist.h"

/* Keys that hold both addresses: the verdict is kept with the flow. */
static __always_inline int flow_has_verdict(void)
{
	return config.whitelist && (config.key == NA_KEY_FLOW || config.key == NA_KEY_HOST_PAIR);
}

#ifndef NETACCT_NO_HOT

static __always_inline void entry_add(struct na_entry *entry, __u32 state,
				      const struct booking *booking)
{
	__u32 flags = booking->tcp_flags << NA_TCP_SHIFT;

	__sync_fetch_and_add(&entry->packets, booking->packets);
	__sync_fetch_and_add(&entry->bytes, booking->bytes);
	WRITE_ONCE(entry->last_seen, booking->now);
	if (flags & ~state)
		__sync_fetch_and_or(&entry->state, flags);
}

/* A bucket, or -1: not a flow that is known with a verdict that holds. */
static __always_inline int hot_add_known(const struct booking *booking, int ipv4)
{
	struct na_entry *entry = hot_known(booking, ipv4);
	__u32 state;

	if (!entry)
		return -1;
	state = READ_ONCE(entry->state);
	if (config.whitelist) {
		if (!verdict_holds(state, booking->whitelist))
			return -1;
		if (excludes(state))
			return NA_EXCLUDED;
	}
	entry_add(entry, state, booking);
	return NA_ACCOUNTED;
}

/* The verdict in the entry, renewed where the whitelist has changed since. */
static __always_inline __u32 entry_verdict(struct na_entry *entry, __u32 state,
					   const struct booking *booking)
{
	__u32 verdict;

	if (verdict_holds(state, booking->whitelist))
		return state;
	verdict = whitelist_ask(booking->key.local, booking->key.remote,
				booking->key.what & NA_WHAT_IPV4, booking->whitelist);
	/* where it fails somebody else changed the word: the next packet asks again */
	__sync_val_compare_and_swap(&entry->state, state,
				    (state & ~(NA_VERDICT_MASK | NA_WLGEN_MASK)) | verdict);
	return verdict;
}

/* A bucket, or -1: no room. */
static __always_inline int hot_add(const struct booking *booking)
{
	struct na_entry *entry = hot_find(booking, booking->key.what & NA_WHAT_IPV4);
	__u32 state;

	if (!entry)
		return -1;
	state = READ_ONCE(entry->state);
	if (flow_has_verdict() && excludes(entry_verdict(entry, state, booking)))
		return NA_EXCLUDED;
	entry_add(entry, state, booking);
	return NA_ACCOUNTED;
}

#else

static __always_inline int hot_add_known(const struct booking *booking, int ipv4)
{
	return -1;
}

static __always_inline int hot_add(const struct booking *booking)
{
	return -1;
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

static __noinline int spill_add(const struct booking *booking)
{
	struct na_spill *value =
		booking->half ? spill_find(&spill_b, booking) : spill_find(&spill_a, booking);
	__u32 verdict = 0;

	if (value)
		verdict = value->verdict;
	if (flow_has_verdict() && !verdict_holds(verdict, booking->whitelist)) {
		/* inlined: kernels up to 6.1 count each frame of the stack as a multiple of 32 */
		verdict = whitelist_find(booking->key.local, booking->key.remote,
					 booking->key.what & NA_WHAT_IPV4, booking->whitelist);
		if (value)
			WRITE_ONCE(value->verdict, verdict);
	}
	if (flow_has_verdict() && excludes(verdict))
		return NA_EXCLUDED;
	if (!value)
		return NA_OVERFLOW;
	__sync_fetch_and_add(&value->packets, booking->packets);
	__sync_fetch_and_add(&value->bytes, booking->bytes);
	WRITE_ONCE(value->last_seen, booking->now);
	spill_flags(value, booking->tcp_flags);
	return NA_ACCOUNTED;
}

/* The bucket that a flow was booked in, whose verdict is kept with it or not needed. */
static __always_inline int account_flow(const struct booking *booking, struct na_balance *balance)
{
	int bucket = hot_add(booking);

	if (bucket < 0) {
		bucket = spill_add(booking);
		if (bucket == NA_ACCOUNTED)
			balance->spilled += booking->packets;
	}
	return bucket;
}

/* The same, not inlined, for the packets that are not many: those of new flows. */
static __noinline int account_new(const struct booking *booking, struct na_balance *balance)
{
	return account_flow(booking, balance);
}

/* The bucket that the packet was booked in. */
static __always_inline int account(const struct packet *packet, const struct booking *booking,
				   struct na_balance *balance)
{
	if (config.whitelist && !flow_has_verdict() &&
	    excludes(whitelist_cached(packet, booking->whitelist)))
		return NA_EXCLUDED;
	return account_flow(booking, balance);
}

#endif

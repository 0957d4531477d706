/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet's whole way: parse, measure, seen, key, counters, bucket.
 */
#ifndef NETACCT_BPF_COUNT_H
#define NETACCT_BPF_COUNT_H

#include "account.h"
#include "near.h"
#include "segment.h"

/* Whose packet it is. */
struct owner {
	__u32 number;
	__u32 peer;
};

/* In a group the interface tells; 0: not one of ours, so not ours to count. */
static __always_inline int find_owner(__u32 device, struct owner *owner)
{
	__u32 i, hash;

	owner->number = config.owner;
	owner->peer = config.peer;
	if (!config.grouped)
		return 1;
	hash = na_ifindex_hash(device, config.programs);
	ROLLED
	for (i = 0; i < NA_IFINDEX_WAYS; i++) {
		__u32 index = (hash + i) & config.ifindex_mask;
		struct na_ifindex *entry = bpf_map_lookup_elem(&ifindex, &index);

		if (entry && entry->ifindex == device && entry->programs == config.programs) {
			owner->number = entry->owner;
			owner->peer = entry->peer;
			return 1;
		}
	}
	return 0;
}

/* For a packet received the destination is local, for one sent the source. */
static __always_inline void make_key(const struct packet *packet, __u32 direction, __u32 owner,
				     struct na_key *key)
{
	const __u32 *local = direction == NA_TX ? packet->source : packet->destination;
	const __u32 *remote = direction == NA_TX ? packet->destination : packet->source;

	key->what = NA_WHAT_SET | owner << NA_WHAT_OWNER_SHIFT;
	if (direction == NA_TX)
		key->what |= NA_WHAT_TX;
	if (config.key == NA_KEY_TOTAL)
		return;
	if (packet->version == 4)
		key->what |= NA_WHAT_IPV4;
	if (config.key != NA_KEY_REMOTE)
		__builtin_memcpy(key->local, local, 16);
	if (config.key != NA_KEY_HOST)
		__builtin_memcpy(key->remote, remote, 16);
	if (config.key != NA_KEY_HOST_PAIR && config.key != NA_KEY_FLOW)
		return;
	key->what |= packet->protocol;
	if (config.key != NA_KEY_FLOW)
		return;
	if (packet->later_fragment)
		key->what |= NA_WHAT_FRAGMENT;
	key->local_port = direction == NA_TX ? packet->source_port : packet->destination_port;
	key->remote_port = direction == NA_TX ? packet->destination_port : packet->source_port;
}

static __always_inline void balance_add(struct na_balance *balance, int bucket, __u64 packets,
					__u64 bytes)
{
#ifdef NETACCT_TEST_DROP_BUCKET /* a test's build: verify has to notice */
	if (bucket == NETACCT_TEST_DROP_BUCKET)
		return;
#endif
	switch (bucket) { /* constants: no bounds to prove */
	case NA_ACCOUNTED:
		balance->bucket[NA_ACCOUNTED].packets += packets;
		balance->bucket[NA_ACCOUNTED].bytes += bytes;
		break;
	case NA_EXCLUDED:
		balance->bucket[NA_EXCLUDED].packets += packets;
		balance->bucket[NA_EXCLUDED].bytes += bytes;
		break;
	case NA_OVERFLOW:
		balance->bucket[NA_OVERFLOW].packets += packets;
		balance->bucket[NA_OVERFLOW].bytes += bytes;
		break;
	case NA_NON_IP:
		balance->bucket[NA_NON_IP].packets += packets;
		balance->bucket[NA_NON_IP].bytes += bytes;
		break;
	}
}

/* What a packet measures, in the meter's layer. */
struct size {
	__u64 packets, bytes;
	int super, undecided;
};

/* Bytes before the first that counts; without a link layer there is none before IP. */
static __always_inline __u32 uncounted(__u32 network)
{
	return config.layer3 || !config.l2_header ? network : 0;
}

/*
 * Bytes from the layer that is asked for. `tag` is a VLAN tag that the kernel
 * moved out of the packet: 4 bytes of layer 2 on each wire packet.
 */
static __always_inline void measure(__u64 length, __u32 network, __u32 tag, struct size *size)
{
	size->packets = 1;
	size->bytes = length + tag - uncounted(network);
	if (config.layer3)
		size->bytes -= tag;
}

/* The same for a super-packet. */
static __always_inline void measure_super(struct __sk_buff *skb, const struct packet *packet,
					  __u32 tag, struct size *size)
{
	__u32 headers = segment_headers(skb, packet), start = uncounted(packet->network);
	__u64 segments = 1;

	size->super = 1;
	if (skb->gso_size == GSO_BY_FRAGS)
		segments = skb->gso_segs;
	else if (headers && headers < skb->len)
		segments = (skb->len - headers + skb->gso_size - 1) / skb->gso_size;
	size->undecided = !headers || !segments;
	if (size->undecided)
		return;
	if (!config.layer3)
		headers += tag;
	size->packets = segments;
	size->bytes += (segments - 1) * (headers - start) - segments * packet->jumbo;
}

/* Books a packet that has been parsed and measured. */
static __always_inline void count(const struct packet *packet, const struct size *size,
				  __u32 direction, __u32 device)
{
	struct booking booking = {.packets = size->packets, .bytes = size->bytes};
	struct na_balance *books;
	struct na_control *state;
	struct owner owner;
	__u32 index = 0;
	int bucket;

	state = bpf_map_lookup_elem(&control, &index);
	if (!state || !find_owner(device, &owner))
		return;
	direction ^= owner.peer & 1;
	booking.half = READ_ONCE(state->active) & 1;
	booking.whitelist = READ_ONCE(state->whitelist);
	booking.now = (bpf_jiffies64() - config.epoch_jiffies) >> NA_TICK_SHIFT;
	booking.tcp_flags = packet->tcp_flags;
	index = (booking.half * config.sources + owner.number) * NA_DIRECTIONS + direction;
	books = bpf_map_lookup_elem(&balance, &index);
	if (!books)
		return;
	books->bucket[NA_SEEN].packets += size->packets;
	books->bucket[NA_SEEN].bytes += size->bytes;
	books->super += size->super;
	books->undecided += size->undecided;
	bucket = NA_NON_IP;
	if (packet->version) {
		make_key(packet, direction, owner.number, &booking.key);
		bucket = account(packet, &booking, books);
	}
	balance_add(books, bucket, size->packets, size->bytes);
}

/* All of it for a packet that is usual, and then 0; nothing for one that is not. */
static __always_inline int count_near(const struct near *near, __u64 bytes, __u32 direction,
				      __u32 owner)
{
	__u32 what = NA_WHAT_SET | owner << NA_WHAT_OWNER_SHIFT, index = 0;
	struct booking booking;
	struct na_balance *books;
	struct na_control *state;
	int bucket, ipv4;

	if (direction == NA_TX)
		what |= NA_WHAT_TX;
	ipv4 = near_parse(near, direction == NA_TX, what, &booking);
	if (ipv4 < 0)
		return -1;
	state = bpf_map_lookup_elem(&control, &index);
	if (!state)
		return 0;
	booking.half = READ_ONCE(state->active) & 1;
	index = booking.half;
	if (config.grouped)
		index = index * config.sources + owner;
	index = index * NA_DIRECTIONS + direction;
	books = bpf_map_lookup_elem(&balance, &index);
	if (!books)
		return 0;
	books->bucket[NA_SEEN].packets++;
	books->bucket[NA_SEEN].bytes += bytes;
	booking.packets = 1;
	booking.bytes = bytes;
	booking.whitelist = 0;
	if (config.whitelist)
		booking.whitelist = READ_ONCE(state->whitelist);
	booking.now = (bpf_jiffies64() - config.epoch_jiffies) >> NA_TICK_SHIFT;
	bucket = ipv4 ? hot_add_known(&booking, 1) : hot_add_known(&booking, 0);
	if (bucket < 0)
		bucket = account_new(&booking, books);
	balance_add(books, bucket, 1, bytes);
	return 0;
}

#endif

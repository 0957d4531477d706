// SPDX-License-Identifier: GPL-2.0-only
/*
 * What netacct is compared with: a counter for each CPU, a plain HASH with
 * netacct's features, and the design that most accounting programs have: two
 * hash maps in turn, a whitelist in a third, a control map, the clock. Each for
 * each hook.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "bench_abi.h"

const volatile struct bench_rival_config rival_config SEC(".rodata.rival") = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_rival_control);
} rival_control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct na_balance);
} rival_counter SEC(".maps");

struct flow_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct na_key);
	__type(value, struct bench_rival_flow);
};

struct flow_map plain_a SEC(".maps");
struct flow_map plain_b SEC(".maps");

struct usual_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct na_key);
	__type(value, struct bench_usual_flow);
};

struct usual_map usual_a SEC(".maps");
struct usual_map usual_b SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct bench_address);
	__type(value, __u32);
} rival_whitelist SEC(".maps");

struct headers {
	struct na_key key;
	__u8 tcp_flags;
};

static __always_inline void read_transport(void *data, void *end, struct headers *headers)
{
	headers->key.what |= NA_WHAT_SET;
	if (!rival_config.ports || data + 14 > end)
		return;
	headers->key.remote_port = bpf_ntohs(*(__be16 *)data);
	headers->key.local_port = bpf_ntohs(*(__be16 *)(data + 2));
	if ((headers->key.what & NA_WHAT_PROTOCOL) == IPPROTO_TCP)
		headers->tcp_flags = *(__u8 *)(data + 13);
}

struct packet {
	void *data, *end;
	__u32 bytes;
	__be16 protocol;
};

static __always_inline int read_headers(const struct packet *packet, struct headers *headers)
{
	void *data = packet->data, *end = packet->end;

	if (data + ETH_HLEN + 40 > end)
		return -1;
	if (packet->protocol == bpf_htons(ETH_P_IP)) {
		data += ETH_HLEN;
		headers->key.what = *(__u8 *)(data + 9) | NA_WHAT_IPV4;
		headers->key.remote[2] = headers->key.local[2] = bpf_htonl(0xffff);
		headers->key.remote[3] = *(__u32 *)(data + 12);
		headers->key.local[3] = *(__u32 *)(data + 16);
		read_transport(data + 20, end, headers);
		return 0;
	}
	if (packet->protocol != bpf_htons(ETH_P_IPV6))
		return -1;
	data += ETH_HLEN;
	headers->key.what = *(__u8 *)(data + 6);
	__builtin_memcpy(headers->key.remote, __builtin_assume_aligned(data + 8, 8), 16);
	__builtin_memcpy(headers->key.local, __builtin_assume_aligned(data + 24, 8), 16);
	read_transport(data + 40, end, headers);
	return 0;
}

static __always_inline struct na_balance *counter(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&rival_counter, &zero);
}

static __always_inline void book(struct na_balance *balance, int bucket, __u32 bytes)
{
	balance->bucket[bucket].packets++;
	balance->bucket[bucket].bytes += bytes;
}

static __always_inline struct bench_rival_control *control(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&rival_control, &zero);
}

static __always_inline int listed(const __u32 *address)
{
	struct bench_address key;

	__builtin_memcpy(&key, address, sizeof(key));
	return bpf_map_lookup_elem(&rival_whitelist, &key) != 0;
}

static __always_inline void count_percpu(const struct packet *packet)
{
	struct na_balance *balance = counter();
	struct headers headers = {};

	if (balance && !read_headers(packet, &headers))
		book(balance, NA_SEEN, packet->bytes);
}

static __always_inline struct bench_rival_flow *plain_find(void *map, const struct na_key *key,
							   __u32 now)
{
	struct bench_rival_flow *flow = bpf_map_lookup_elem(map, key);
	struct bench_rival_flow fresh = {.first_seen = now};

	if (flow)
		return flow;
	bpf_map_update_elem(map, key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* 1: excluded. The verdict is kept, as netacct keeps it. */
static __always_inline int plain_excluded(struct bench_rival_flow *flow, const struct na_key *key,
					  __u32 generation)
{
	if (!rival_config.whitelist)
		return 0;
	if (flow->verdict >> 1 != generation)
		flow->verdict = generation << 1 | (listed(key->remote) || listed(key->local));
	return flow->verdict & 1;
}

static __always_inline void count_hash(const struct packet *packet)
{
	__u32 now = bpf_jiffies64() >> NA_TICK_SHIFT;
	struct bench_rival_control *state = control();
	struct na_balance *balance = counter();
	struct headers headers = {};
	struct bench_rival_flow *flow;

	if (!balance || !state || read_headers(packet, &headers))
		return;
	book(balance, NA_SEEN, packet->bytes);
	flow = state->active & 1 ? plain_find(&plain_b, &headers.key, now)
				 : plain_find(&plain_a, &headers.key, now);
	if (!flow) {
		book(balance, NA_OVERFLOW, packet->bytes);
		return;
	}
	if (plain_excluded(flow, &headers.key, state->whitelist)) {
		book(balance, NA_EXCLUDED, packet->bytes);
		return;
	}
	__sync_fetch_and_add(&flow->packets, 1);
	__sync_fetch_and_add(&flow->bytes, packet->bytes);
	flow->last_seen = now;
	if (headers.tcp_flags & ~flow->tcp_flags)
		__sync_fetch_and_or(&flow->tcp_flags, headers.tcp_flags);
	book(balance, NA_ACCOUNTED, packet->bytes);
}

static __always_inline void usual_add(void *map, const struct na_key *key, __u32 bytes)
{
	struct bench_usual_flow *flow = bpf_map_lookup_elem(map, key);
	__u64 now = bpf_ktime_get_ns();

	if (flow) {
		__sync_fetch_and_add(&flow->packets, 1);
		__sync_fetch_and_add(&flow->bytes, bytes);
		flow->last_seen = now;
	} else {
		struct bench_usual_flow fresh = {1, bytes, now, now};

		bpf_map_update_elem(map, key, &fresh, BPF_ANY);
	}
}

static __always_inline void count_usual(const struct packet *packet)
{
	struct bench_rival_control *state;
	struct headers headers = {};

	if (read_headers(packet, &headers))
		return;
	if (listed(headers.key.remote) || listed(headers.key.local))
		return;
	state = control();
	if (!state)
		return;
	if (state->active & 1)
		usual_add(&usual_b, &headers.key, packet->bytes);
	else
		usual_add(&usual_a, &headers.key, packet->bytes);
}

static __always_inline struct packet packet_of_skb(const struct __sk_buff *skb)
{
	return (struct packet){(void *)(long)skb->data, (void *)(long)skb->data_end, skb->len,
			       (__be16)skb->protocol};
}

/* Of one buffer: `whole` tells the rest of what a frame in more than one has. */
static __always_inline struct packet packet_of_xdp(struct xdp_md *xdp, int whole)
{
	struct packet packet = {(void *)(long)xdp->data, (void *)(long)xdp->data_end, 0, 0};

	packet.bytes = whole ? (__u32)bpf_xdp_get_buff_len(xdp) : packet.end - packet.data;
	if (packet.data + ETH_HLEN <= packet.end)
		packet.protocol = ((struct ethhdr *)packet.data)->h_proto;
	return packet;
}

#define RIVAL(name)                                           \
	SEC("tc") int name##_tc(struct __sk_buff *skb)        \
	{                                                     \
		struct packet packet = packet_of_skb(skb);    \
                                                              \
		count_##name(&packet);                        \
		return TC_ACT_UNSPEC;                         \
	}                                                     \
	SEC("xdp") int name##_xdp(struct xdp_md *xdp)         \
	{                                                     \
		struct packet packet = packet_of_xdp(xdp, 0); \
                                                              \
		count_##name(&packet);                        \
		return XDP_PASS;                              \
	}                                                     \
	SEC("xdp.frags") int name##_frags(struct xdp_md *xdp) \
	{                                                     \
		struct packet packet = packet_of_xdp(xdp, 1); \
                                                              \
		count_##name(&packet);                        \
		return XDP_PASS;                              \
	}

RIVAL(percpu)
RIVAL(hash)
RIVAL(usual)

char license_text[] SEC("license") = "GPL";

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oracle: what a native XDP program on the other end of a veth sees is
 * what was on the wire. Written apart from netacct's programs, plain rather
 * than fast, and for any kernel from 5.10 on.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "peer_abi.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct peer_key);
	__type(value, struct peer_count);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PEER_TOTALS);
	__type(key, __u32);
	__type(value, struct peer_count);
} totals SEC(".maps");

static __always_inline void add(struct peer_count *count, __u64 bytes)
{
	__sync_fetch_and_add(&count->packets, 1);
	__sync_fetch_and_add(&count->bytes, bytes);
}

static __always_inline void add_total(__u32 which, __u64 bytes)
{
	struct peer_count *count = bpf_map_lookup_elem(&totals, &which);

	if (count)
		add(count, bytes);
}

static __always_inline void add_flow(const struct peer_key *key, __u64 bytes)
{
	struct peer_count *count = bpf_map_lookup_elem(&flows, key), none = {};

	if (!count) {
		bpf_map_update_elem(&flows, key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&flows, key);
	}
	if (count)
		add(count, bytes);
	else
		add_total(PEER_LOST, bytes);
}

static __always_inline void ports(struct peer_key *key, void *at, void *end)
{
	__be16 *port = at;

	if (key->protocol != IPPROTO_TCP && key->protocol != IPPROTO_UDP &&
	    key->protocol != IPPROTO_SCTP)
		return;
	if ((void *)(port + 2) > end)
		return;
	key->source_port = bpf_ntohs(port[0]);
	key->destination_port = bpf_ntohs(port[1]);
}

static __always_inline int ipv4(struct peer_key *key, void *at, void *end)
{
	struct iphdr *ip = at;

	if ((void *)(ip + 1) > end)
		return 0;
	key->family = 4;
	key->protocol = ip->protocol;
	__builtin_memcpy(key->source, &ip->saddr, 4);
	__builtin_memcpy(key->destination, &ip->daddr, 4);
	if (ip->frag_off & bpf_htons(0x1fff))
		key->fragment = 1;
	else
		ports(key, at + (ip->ihl & 15) * 4, end);
	return 1;
}

static __always_inline int ipv6(struct peer_key *key, void *at, void *end)
{
	struct ipv6hdr *ip = at;

	if ((void *)(ip + 1) > end)
		return 0;
	key->family = 6;
	key->protocol = ip->nexthdr;
	__builtin_memcpy(key->source, &ip->saddr, 16);
	__builtin_memcpy(key->destination, &ip->daddr, 16);
	ports(key, ip + 1, end);
	return 1;
}

SEC("xdp")
int peer_count(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	__u64 bytes = end - data;
	struct ethhdr *ethernet = data;
	struct peer_key key = {};
	int known = 0;

	add_total(PEER_SEEN, bytes);
	if ((void *)(ethernet + 1) > end)
		return XDP_PASS;
	if (ethernet->h_proto == bpf_htons(ETH_P_IP))
		known = ipv4(&key, ethernet + 1, end);
	else if (ethernet->h_proto == bpf_htons(ETH_P_IPV6))
		known = ipv6(&key, ethernet + 1, end);
	if (known)
		add_flow(&key, bytes);
	else
		add_total(PEER_OTHER, bytes);
	return XDP_PASS;
}

char license_text[] SEC("license") = "GPL";

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rewrites the 5-tuple of the test packet from a sequence that was worked out
 * beforehand, and tail-calls the program under test: one BPF_PROG_TEST_RUN is
 * as many packets of as many flows as wanted, without a system call or a
 * clock between them. A constant index makes the tail call a direct jump.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include "bench_abi.h"

#define IPV4_ADDRESSES (ETH_HLEN + 12)
#define IPV4_PORTS (ETH_HLEN + 20)
#define IPV6_SOURCE (ETH_HLEN + 16) /* the lower half of the address */
#define IPV6_DESTINATION (ETH_HLEN + 32)
#define IPV6_PORTS (ETH_HLEN + 40)

const volatile struct bench_generator_config generator_config SEC(".rodata.generator") = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BENCH_STEPS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct bench_step);
} steps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BENCH_CPUS);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct bench_place);
} places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} jump SEC(".maps");

/* Stores as wide as the loads of a parser, or the CPU could not forward them. */
static __always_inline void rewrite(void *data, void *data_end, const struct bench_step *step)
{
	__u32 ports = step->source_port | (__u32)step->destination_port << 16;

	if (generator_config.ipv6) {
		if (data + IPV6_PORTS + 4 > data_end)
			return;
		*(__u64 *)(data + IPV6_SOURCE) = (__u64)step->source << 32;
		*(__u64 *)(data + IPV6_DESTINATION) = (__u64)step->destination << 32;
		*(__u32 *)(data + IPV6_PORTS) = ports;
		return;
	}
	if (data + IPV4_PORTS + 4 > data_end)
		return;
	*(__u32 *)(data + IPV4_ADDRESSES) = step->source;
	*(__u32 *)(data + IPV4_ADDRESSES + 4) = step->destination;
	*(__u32 *)(data + IPV4_PORTS) = ports;
}

static __always_inline void next_packet(void *data, void *data_end)
{
	__u32 cpu = bpf_get_smp_processor_id(), index;
	struct bench_place *place = bpf_map_lookup_elem(&places, &cpu);
	struct bench_step *step;

	if (!place)
		return;
	index = place->next++ & (BENCH_STEPS - 1);
	step = bpf_map_lookup_elem(&steps, &index);
	if (step)
		rewrite(data, data_end, step);
}

SEC("tc")
int generate_tc(struct __sk_buff *skb)
{
	next_packet((void *)(long)skb->data, (void *)(long)skb->data_end);
	bpf_tail_call(skb, &jump, 0);
	return TC_ACT_SHOT;
}

SEC("xdp")
int generate_xdp(struct xdp_md *xdp)
{
	next_packet((void *)(long)xdp->data, (void *)(long)xdp->data_end);
	bpf_tail_call(xdp, &jump, 0);
	return XDP_ABORTED;
}

SEC("xdp.frags")
int generate_frags(struct xdp_md *xdp)
{
	next_packet((void *)(long)xdp->data, (void *)(long)xdp->data_end);
	bpf_tail_call(xdp, &jump, 0);
	return XDP_ABORTED;
}

SEC("tc")
int empty_tc(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int empty_xdp(struct xdp_md *xdp)
{
	return XDP_PASS;
}

SEC("xdp.frags")
int empty_frags(struct xdp_md *xdp)
{
	return XDP_PASS;
}

char license_text[] SEC("license") = "GPL";

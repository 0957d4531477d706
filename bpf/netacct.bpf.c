// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entry points. None of them drops, changes or redirects a packet, or
 * keeps a later program from seeing it: tc says "unspecified" (which is
 * TCX_NEXT too), XDP says pass.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include "count.h"

/*
 * Where the IP header is on a device without a link layer. Tunnels leave the
 * outer headers before it (kernel: ipgre_header_ops, and ipip before 5.14):
 * then what is at the start has another length than what the network header
 * names, and how far in that is follows from its own length. A tunnel that was
 * given a packet without a protocol hands out one without (raw sockets on gre, 5.10).
 */
static __always_inline __u32 bare_start(struct __sk_buff *skb)
{
	struct ip_length outer = {}, ip = {};
	__be16 type = skb->protocol;
	__u32 total;

	bpf_skb_load_bytes(skb, 0, &outer, sizeof(outer));
	bpf_skb_load_bytes_relative(skb, 0, &ip, sizeof(ip), BPF_HDR_START_NET);
	if (outer.second == ip.second && outer.third == ip.third)
		return 0;
	if (!type)
		type = version_type(*(__u8 *)&ip.first);
	total = ip_total(&ip, type);
	return total <= skb->len ? skb->len - total : 0;
}

static __noinline void parse_skb(struct __sk_buff *skb, struct packet *packet)
{
	const struct view view = {.kind = VIEW_SKB, .ctx = skb, .length = skb->len};

	parse_afar(&view, skb->protocol, skb->gso_size, packet);
}

static __noinline int count_afar(struct __sk_buff *skb, __u32 direction)
{
	const struct view view = {
		.kind = VIEW_NEAR,
		.data = (void *)(long)skb->data,
		.data_end = (void *)(long)skb->data_end,
		.length = skb->len,
	};
	__u32 super = skb->gso_size, tag = 0;
	struct packet packet = {};
	struct size size = {};

	if (!config.l2_header)
		packet.network = bare_start(skb);
	else if (skb->vlan_present)
		tag = 4;
	if (parse(&view, skb->protocol, super, &packet))
		parse_skb(skb, &packet);
	measure(skb->len, packet.network, tag, &size);
	if (super)
		measure_super(skb, &packet, tag, &size);
	count(&packet, &size, direction, skb->ifindex);
	return TC_ACT_UNSPEC;
}

static __always_inline int count_skb(struct __sk_buff *skb, __u32 direction)
{
	struct near near = {(void *)(long)skb->data, (void *)(long)skb->data_end, skb->len};
	struct owner owner = {config.owner, config.peer};
	__u64 bytes = near.length;
	int error;

	if (!near_wanted() || skb->gso_size) {
		count_afar(skb, direction);
		return TC_ACT_UNSPEC;
	}
	if (config.grouped && !find_owner(READ_ONCE(skb->ifindex), &owner))
		return TC_ACT_UNSPEC;
	if (config.layer3)
		bytes -= ETH_HLEN;
	else if (skb->vlan_present)
		bytes += 4;
	if (owner.peer) /* one way or the other is a constant in each */
		error = count_near(&near, bytes, !direction, owner.number);
	else
		error = count_near(&near, bytes, direction, owner.number);
	if (error)
		count_afar(skb, direction);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int netacct_in(struct __sk_buff *skb)
{
	return count_skb(skb, NA_RX);
}

SEC("tc")
int netacct_eg(struct __sk_buff *skb)
{
	return count_skb(skb, NA_TX);
}

static __always_inline struct view xdp_view(struct xdp_md *xdp, enum view_kind kind, __u32 length)
{
	return (struct view){
		.kind = kind,
		.ctx = xdp,
		.data = (void *)(long)xdp->data,
		.data_end = (void *)(long)xdp->data_end,
		.length = length,
	};
}

static __always_inline int count_xdp(struct xdp_md *xdp, const struct packet *packet, __u64 length)
{
	struct size size = {};

	measure(length, packet->network, 0, &size);
	count(packet, &size, NA_RX, xdp->ingress_ifindex);
	return XDP_PASS;
}

/* The usual packet: 0, and it is counted. */
static __always_inline int count_xdp_near(struct xdp_md *xdp, __u32 length)
{
	struct near near = {(void *)(long)xdp->data, (void *)(long)xdp->data_end, length};
	struct owner owner = {config.owner, config.peer};
	__u64 bytes = length;

	if (!near_wanted())
		return -1;
	if (config.grouped && !find_owner(READ_ONCE(xdp->ingress_ifindex), &owner))
		return 0;
	if (config.layer3)
		bytes -= ETH_HLEN;
	if (owner.peer)
		return count_near(&near, bytes, NA_TX, owner.number);
	return count_near(&near, bytes, NA_RX, owner.number);
}

static __noinline int count_linear(struct xdp_md *xdp)
{
	__u32 length = xdp->data_end - xdp->data;
	const struct view view = xdp_view(xdp, VIEW_XDP_LINEAR, length);
	struct packet packet = {};

	parse(&view, 0, 0, &packet);
	return count_xdp(xdp, &packet, length);
}

SEC("xdp")
int netacct_xdp(struct xdp_md *xdp)
{
	if (count_xdp_near(xdp, xdp->data_end - xdp->data))
		count_linear(xdp);
	return XDP_PASS;
}

/* From afar alone, as the near view has been tried. */
static __noinline int count_frags(struct xdp_md *xdp, __u32 length)
{
	const struct view view = xdp_view(xdp, VIEW_XDP, length);
	struct packet packet = {};

	parse(&view, 0, 0, &packet);
	return count_xdp(xdp, &packet, length);
}

/* Packets of several buffers: only in drivers and kernels that have them. */
SEC("xdp.frags")
int netacct_frags(struct xdp_md *xdp)
{
	__u32 length = bpf_xdp_get_buff_len(xdp);

	if (count_xdp_near(xdp, length))
		count_frags(xdp, length);
	return XDP_PASS;
}

char license_text[] SEC("license") = "GPL";

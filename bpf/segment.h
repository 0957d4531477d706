/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a super-packet (GSO, GRO) stands for on the wire:
 *
 *	packets = ceil((length - headers) / gso_size)
 *	bytes   = length + (packets - 1) * headers
 *
 * with the headers through the innermost transport header, because that is
 * what each segment carries (kernel: skb_segment(), skb_gso_transport_seglen()).
 * gso_segs is not to be trusted: it can be 0 with gso_size set.
 */
#ifndef NETACCT_BPF_SEGMENT_H
#define NETACCT_BPF_SEGMENT_H

#include "parse.h"

#define TUNNELS_MAX 3
#define GSO_BY_FRAGS 0xffff /* SCTP: a segment per fragment (linux/skbuff.h) */

struct gre_header {
	__be16 flags;
	__be16 protocol;
};

/* VXLAN (RFC 7348) and GENEVE (RFC 8926) are both eight bytes at the least. */
struct udp_tunnel_header {
	__u8 flags;
	__u8 rest;
	__be16 protocol;
	__be32 id;
};

/* Does an IP packet of this type begin there and end exactly with the packet? */
static __always_inline int ip_fits(const struct view *view, __u32 offset, __be16 type)
{
	__u32 rest = view->length - offset, length;
	struct ip_length ip;

	if (offset >= view->length || fetch(view, offset, &ip, sizeof(ip)))
		return 0;
	length = ip_total(&ip, type);
	if (rest > 0xffff) /* BIG TCP */
		return length == (type == bpf_htons(ETH_P_IP) ? 0 : sizeof(struct ipv6_header));
	return length == rest;
}

/*
 * What a UDP super-packet carries. No port tells a tunnel for sure, its
 * contents do: a tunnel header before an IP packet that ends where the packet
 * ends. Returns the offset of the inner IP header, 0: no tunnel.
 */
static __always_inline __u32 enter_udp(const struct view *view, __u32 offset, __be16 *type)
{
	struct udp_tunnel_header header;

	offset += 8;
	if (fetch(view, offset, &header, sizeof(header)))
		return 0;
	*type = header.protocol;
	if (header.flags == 0x88 || (header.flags == 0x08 && !header.protocol))
		*type = bpf_htons(ETH_P_TEB); /* VXLAN, flag I, with G a group policy */
	else if (header.flags == 0x0c && header.protocol == bpf_htons(1)) /* VXLAN-GPE, I and P */
		*type = bpf_htons(ETH_P_IP);
	else if (header.flags == 0x0c && header.protocol == bpf_htons(2))
		*type = bpf_htons(ETH_P_IPV6);
	else if (header.flags == 0x0c && header.protocol == bpf_htons(3))
		*type = bpf_htons(ETH_P_TEB);
	else if (header.flags & 0xc0)
		return 0;
	else /* GENEVE, version 0 */
		offset += (header.flags & 0x3f) * 4;
	offset += sizeof(header);
	if (*type == bpf_htons(ETH_P_TEB))
		offset = parse_ethernet(view, offset, type);
	return ip_fits(view, offset, *type) ? offset : 0;
}

/* RFC 2784 and 2890. Returns the offset of the inner IP header, 0: none. */
static __always_inline __u32 enter_gre(const struct view *view, __u32 offset, __be16 *type)
{
	struct gre_header gre;

	if (fetch(view, offset, &gre, sizeof(gre)) || gre.flags & bpf_htons(0x4007))
		return 0;
	offset += 4;
	offset += gre.flags & bpf_htons(0x8000) ? 4 : 0;
	offset += gre.flags & bpf_htons(0x2000) ? 4 : 0;
	offset += gre.flags & bpf_htons(0x1000) ? 4 : 0;
	*type = gre.protocol;
	if (*type == bpf_htons(ETH_P_TEB))
		offset = parse_ethernet(view, offset, type);
	return *type == bpf_htons(ETH_P_IP) || *type == bpf_htons(ETH_P_IPV6) ? offset : 0;
}

/* Offset and type of the IP packet inside; 0: there is none. */
static __always_inline __u32 tunnel_payload(const struct view *view, __u32 transport,
					    __u32 protocol, __be16 *type)
{
	switch (protocol) {
	case IPPROTO_IPIP:
		*type = bpf_htons(ETH_P_IP);
		return transport;
	case IPPROTO_IPV6:
		*type = bpf_htons(ETH_P_IPV6);
		return transport;
	case IPPROTO_GRE:
		return enter_gre(view, transport, type);
	case IPPROTO_UDP:
		return enter_udp(view, transport, type);
	}
	return 0;
}

/*
 * One tunnel inwards: the inner protocol << 32 | the offset of its header; 0:
 * not a tunnel, or none that is understood. Global, so that the verifier
 * walks it once and not once per call.
 */
__noinline __u64 enter_tunnel(struct __sk_buff *skb, __u32 transport, __u32 protocol)
{
	const struct view view = {.kind = VIEW_SKB, .ctx = skb, .length = skb->len};
	struct packet packet = {};
	__be16 type = 0;

	packet.network = tunnel_payload(&view, transport, protocol, &type);
	if (!packet.network || packet.network > skb->len)
		return 0;
	if (type == bpf_htons(ETH_P_IP))
		parse_ipv4(&view, 1, &packet);
	else
		parse_ipv6(&view, 1, &packet);
	if (!packet.version)
		return 0;
	if (packet.beyond || packet.later_fragment)
		packet.protocol = IPPROTO_RAW; /* of no known length */
	return (__u64)packet.protocol << 32 | packet.transport;
}

/* Offset of the end of the transport header; 0: not known. */
static __always_inline __u32 transport_end(struct __sk_buff *skb, __u32 transport, __u32 protocol)
{
	__u8 words = 0;

	switch (protocol) {
	case IPPROTO_TCP:
		if (bpf_skb_load_bytes(skb, transport + 12, &words, 1) || words >> 4 < 5)
			return 0;
		return transport + (words >> 4) * 4;
	case IPPROTO_UDP:
		return transport + 8;
	case IPPROTO_SCTP:
		return transport + 12;
	}
	return 0;
}

/*
 * Headers that every segment of a super-packet carries, in bytes from its
 * start; 0: undecidable. Rare enough for a call: the common path stays short.
 */
static __noinline __u32 segment_headers(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 transport = packet->transport, protocol = packet->protocol;
	int i;

	if (!packet->version || packet->beyond || packet->later_fragment)
		return 0;
	ROLLED
	for (i = 0; i <= TUNNELS_MAX; i++) {
		__u64 inner = enter_tunnel(skb, transport, protocol);

		if (!inner)
			return transport_end(skb, transport, protocol);
		transport = inner;
		protocol = inner >> 32;
	}
	return 0;
}

#endif

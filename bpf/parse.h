/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From packet to addresses, protocol and ports: Ethernet with VLAN tags (or
 * no link layer), IPv4 (RFC 791), IPv6 with extension headers (RFC 8200,
 * section 4), the ports of TCP, UDP, UDP-Lite, DCCP and SCTP.
 */
#ifndef NETACCT_BPF_PARSE_H
#define NETACCT_BPF_PARSE_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <bpf/bpf_endian.h>
#include "view.h"

#define VLAN_TAGS_MAX 4
#define EXTENSIONS_MAX 8
#define UNUSUAL (~0u) /* no offset: to be looked at from afar */

struct packet {
	__u32 source[4];
	__u32 destination[4];
	__u16 source_port; /* host byte order */
	__u16 destination_port;
	__u32 network; /* offset of the IP header, or what follows the tags */
	__u32 transport; /* offset of the header that `protocol` names */
	__u32 end; /* offset of the end of the IP packet: behind it is padding */
	__u8 version; /* 4, 6, or 0: not an IP packet */
	__u8 protocol;
	__u8 tcp_flags;
	__u8 later_fragment;
	__u8 jumbo; /* bytes of a header that only a super-packet has, see parse_ipv6() */
	__u8 beyond; /* the chain of headers goes on where the parser stopped */
};

struct ethernet_header {
	__u8 addresses[12];
	__be16 protocol;
};

struct ipv4_header {
	__u8 version_ihl;
	__u8 tos;
	__be16 total_length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__be16 check;
	__u32 source;
	__u32 destination;
};

struct ipv6_header {
	__be32 version_class_label;
	__be16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__u32 source[4];
	__u32 destination[4];
};

static __always_inline int is_vlan(__be16 protocol)
{
	return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD) ||
	       protocol == bpf_htons(0x9100);
}

/*
 * Offset of what follows Ethernet and its tags, and its type; 0 type: there
 * is none. Near, a tag is unusual: UNUSUAL.
 */
static __always_inline __u32 parse_ethernet(const struct view *view, __u32 offset, __be16 *type)
{
	struct {
		__be16 tci, type;
	} tag;
	int i;

	*type = 0;
	if (fetch(view, offset + 12, type, 2)) {
		if (view->kind == VIEW_NEAR)
			return UNUSUAL;
		return view->length < offset + ETH_HLEN ? view->length : offset + ETH_HLEN;
	}
	offset += ETH_HLEN;
	if (view->kind == VIEW_NEAR)
		return is_vlan(*type) ? UNUSUAL : offset;
	ROLLED
	for (i = 0; i < VLAN_TAGS_MAX && is_vlan(*type); i++) {
		if (fetch(view, offset, &tag, sizeof(tag))) {
			*type = 0;
			break;
		}
		*type = tag.type;
		offset += sizeof(tag);
	}
	return offset;
}

/* The EtherType that goes with the first byte of an IP header; 0: none does. */
static __always_inline __be16 version_type(__u8 first)
{
	switch (first >> 4) {
	case 4:
		return bpf_htons(ETH_P_IP);
	case 6:
		return bpf_htons(ETH_P_IPV6);
	}
	return 0;
}

/* The type of a packet without a link layer: the version nibble tells. */
static __always_inline __be16 bare_type(const struct view *view, __u32 offset)
{
	__u8 first = 0;

	fetch(view, offset, &first, 1);
	return version_type(first);
}

/* The first words of an IP header, enough to tell its whole length. */
struct ip_length {
	__be16 first, second, third;
};

/* Length of the packet by its header; ~0: no header of that type. */
static __always_inline __u32 ip_total(const struct ip_length *ip, __be16 type)
{
	if (type == bpf_htons(ETH_P_IP) && (ip->first & bpf_htons(0xf000)) == bpf_htons(0x4000))
		return bpf_ntohs(ip->second);
	if (type == bpf_htons(ETH_P_IPV6) && (ip->first & bpf_htons(0xf000)) == bpf_htons(0x6000))
		return bpf_ntohs(ip->third) + sizeof(struct ipv6_header);
	return ~0u;
}

static __always_inline int parse_ipv4(const struct view *view, __u32 super, struct packet *packet)
{
	__u32 available = view->length - packet->network, length, total;
	struct ipv4_header ip;

	if (fetch(view, packet->network, &ip, sizeof(ip)) || ip.version_ihl >> 4 != 4)
		return -1;
	length = (ip.version_ihl & 0xf) * 4;
	total = bpf_ntohs(ip.total_length);
	/* BIG TCP: a super-packet over 64 KiB has no length (kernel: iph_totlen()) */
	if (!total && (super || available > 0xffff))
		total = available;
	if (length < sizeof(ip) || total < length || total > available)
		return -1;
	packet->source[2] = packet->destination[2] = bpf_htonl(0xffff);
	packet->source[3] = ip.source;
	packet->destination[3] = ip.destination;
	packet->protocol = ip.protocol;
	packet->later_fragment = (ip.fragment & bpf_htons(0x1fff)) != 0;
	packet->transport = packet->network + length;
	packet->end = packet->network + total;
	packet->version = 4;
	return 0;
}

/* The kernel's choice: ipv6_ext_hdr(). */
static __always_inline int is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING ||
	       protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_AH ||
	       protocol == IPPROTO_DSTOPTS;
}

/* Behind a later fragment there is nothing to walk. */
static __always_inline void parse_extensions(const struct view *view, struct packet *packet)
{
	struct {
		__u8 next, length;
		__be16 fragment;
	} header;
	int i;

	ROLLED
	for (i = 0; i <= EXTENSIONS_MAX; i++) {
		__u8 protocol = packet->protocol;
		__u32 length;

		if (!is_extension(protocol))
			return;
		if (i == EXTENSIONS_MAX || packet->transport + 8 > packet->end ||
		    fetch(view, packet->transport, &header, sizeof(header)))
			break;
		length = (header.length + 1) * 8;
		if (protocol == IPPROTO_FRAGMENT)
			length = 8;
		if (protocol == IPPROTO_AH)
			length = (header.length + 2) * 4;
		if (packet->transport + length > packet->end)
			break;
		packet->transport += length;
		packet->protocol = header.next;
		if (protocol == IPPROTO_FRAGMENT && header.fragment & bpf_htons(0xfff8)) {
			packet->later_fragment = 1;
			return;
		}
	}
	packet->beyond = 1;
}

static __always_inline int parse_ipv6(const struct view *view, __u32 super, struct packet *packet)
{
	__u32 available = view->length - packet->network, total;
	struct ipv6_header ip;

	if (fetch(view, packet->network, &ip, sizeof(ip)) ||
	    (ip.version_class_label & bpf_htonl(0xf0000000)) != bpf_htonl(0x60000000))
		return -1;
	total = bpf_ntohs(ip.payload_length) + sizeof(ip);
	/*
	 * RFC 2675: the length of a jumbogram is elsewhere, in a hop-by-hop header
	 * that segmentation takes out (BIG TCP, kernel: ipv6_hopopt_jumbo_remove()).
	 */
	if (!ip.payload_length && (super || available > 0xffff)) {
		total = available;
		packet->jumbo = super && ip.next_header == IPPROTO_HOPOPTS ? 8 : 0;
	}
	if (total > available)
		return -1;
	__builtin_memcpy(packet->source, ip.source, 16);
	__builtin_memcpy(packet->destination, ip.destination, 16);
	packet->protocol = ip.next_header;
	packet->transport = packet->network + sizeof(ip);
	packet->end = packet->network + total;
	packet->version = 6;
	if (view->kind != VIEW_NEAR)
		parse_extensions(view, packet);
	else if (is_extension(packet->protocol))
		return -1;
	return 0;
}

static __always_inline int has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_UDPLITE || protocol == IPPROTO_DCCP;
}

/* Ports and TCP flags as far as the IP packet holds them; 0 where it does not. */
static __always_inline int parse_transport(const struct view *view, struct packet *packet)
{
	__be16 ports[2];

	if (packet->later_fragment || packet->beyond || !has_ports(packet->protocol) ||
	    packet->transport + 4 > packet->end)
		return 0;
	if (fetch(view, packet->transport, ports, sizeof(ports)))
		return -1;
	packet->source_port = bpf_ntohs(ports[0]);
	packet->destination_port = bpf_ntohs(ports[1]);
	if (packet->protocol == IPPROTO_TCP && packet->transport + 14 <= packet->end)
		return fetch(view, packet->transport + 13, &packet->tcp_flags, 1);
	return 0;
}

/*
 * Without a link layer packet->network says where the IP header is, and `type`
 * is its EtherType where the context knows it, else 0. Not 0: malformed or truncated, or unusual
 * for the near view. version 0 is what is not IP.
 */
static __always_inline int parse(const struct view *view, __be16 type, __u32 super,
				 struct packet *packet)
{
	int error = 0;

	if (config.l2_header)
		packet->network = parse_ethernet(view, 0, &type);
	else if (!type)
		type = bare_type(view, packet->network);
	if (!config.l2_header && !type && view->kind == VIEW_NEAR)
		return -1; /* the linear part may be empty */
	if (packet->network == UNUSUAL)
		return -1;
	if (type == bpf_htons(ETH_P_IP))
		error = parse_ipv4(view, super, packet);
	else if (type == bpf_htons(ETH_P_IPV6))
		error = parse_ipv6(view, super, packet);
	if (!error && packet->version &&
	    (config.key == NA_KEY_FLOW || config.key == NA_KEY_HOST_PAIR))
		error = parse_transport(view, packet);
	return error;
}

/* Whatever the near view did not settle, from the beginning. */
static __always_inline void parse_afar(const struct view *view, __be16 type, __u32 super,
				       struct packet *packet)
{
	__u32 network = config.l2_header ? 0 : packet->network;

	*packet = (struct packet){.network = network};
	parse(view, type, super, packet);
}

#endif

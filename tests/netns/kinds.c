// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "kinds.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#define IPV4(...)                                                                        \
	{                                                                                \
		.family = AF_INET, .source = "198.51.100.7", .destination = "192.0.2.1", \
		__VA_ARGS__                                                              \
	}
#define IPV6(...)                                                                              \
	{                                                                                      \
		.family = AF_INET6, .source = "2001:db8:1::7", .destination = "2001:db8:2::1", \
		__VA_ARGS__                                                                    \
	}
#define PORTS(PROTOCOL, SOURCE, DESTINATION) \
	.protocol = (PROTOCOL), .source_port = (SOURCE), .destination_port = (DESTINATION)

const struct packet kinds_ipv4[] = {
	IPV4(PORTS(IPPROTO_TCP, 40000, 443), .payload = 1000),
	IPV4(PORTS(IPPROTO_TCP, 40000, 443), .tcp_flags = 0x02, .tcp_options = 20),
	IPV4(PORTS(IPPROTO_TCP, 40001, 443), .tcp_flags = 0x11, .options = 40),
	IPV4(PORTS(IPPROTO_UDP, 5353, 53), .payload = 33),
	IPV4(PORTS(IPPROTO_UDP, 5354, 53), .payload = 1, .padding = 17),
	IPV4(PORTS(IPPROTO_UDP, 5355, 53), .payload = 1472, .options = 0),
	IPV4(PORTS(136, 7, 9), .payload = 64),
	IPV4(PORTS(IPPROTO_SCTP, 2905, 2906), .payload = 200),
	IPV4(.protocol = IPPROTO_ICMP, .payload = 56),
	IPV4(.protocol = IPPROTO_IGMP, .payload = 8),
	IPV4(.protocol = IPPROTO_IPIP, .payload = 60),
	IPV4(.protocol = IPPROTO_IPV6, .payload = 60),
	IPV4(.protocol = IPPROTO_GRE, .payload = 100),
	IPV4(.protocol = IPPROTO_ESP, .payload = 120),
	IPV4(.protocol = IPPROTO_AH, .payload = 50),
	IPV4(.protocol = 89, .payload = 44),
	IPV4(.protocol = 253, .payload = 5),
	IPV4(.protocol = 0, .payload = 10),
	IPV4(.protocol = 255),
	/* fragments: the first has its ports, the others the mark */
	IPV4(PORTS(IPPROTO_UDP, 6000, 6001), .more_fragments = true, .payload = 1472),
	IPV4(PORTS(IPPROTO_UDP, 6000, 6001), .more_fragments = true, .offset = 185,
	     .payload = 1480),
	IPV4(PORTS(IPPROTO_UDP, 6000, 6001), .offset = 370, .payload = 99),
	IPV4(.protocol = IPPROTO_ICMP, .offset = 185, .payload = 40),
	/* an IP packet that ends before its ports do */
	IPV4(PORTS(IPPROTO_TCP, 1, 2), .offset = 1, .payload = 2),
	/* tags */
	IPV4(PORTS(IPPROTO_TCP, 40002, 80), .vlan = {{0x8100, 100}}, .payload = 10),
	IPV4(PORTS(IPPROTO_UDP, 40003, 80), .vlan = {{0x88a8, 200}, {0x8100, 100}}, .payload = 11),
	IPV4(PORTS(IPPROTO_UDP, 40004, 80), .vlan = {{0x8100, 1}, {0x8100, 2}, {0x8100, 3}},
	     .payload = 12),
	IPV4(PORTS(IPPROTO_UDP, 6002, 6003), .vlan = {{0x8100, 7}}, .offset = 3, .payload = 64),
};

#define HOP_BY_HOP   \
	{            \
		0, 0 \
	}
#define ROUTING       \
	{             \
		43, 2 \
	}
#define OPTIONS       \
	{             \
		60, 0 \
	}
#define LONG_OPTIONS   \
	{              \
		60, 30 \
	}
#define FRAGMENT      \
	{             \
		44, 0 \
	}
#define AUTHENTICATION \
	{              \
		51, 3  \
	}

const struct packet kinds_ipv6[] = {
	IPV6(PORTS(IPPROTO_TCP, 40000, 443), .payload = 1000),
	IPV6(PORTS(IPPROTO_TCP, 40000, 443), .tcp_flags = 0x02, .tcp_options = 40),
	IPV6(PORTS(IPPROTO_UDP, 5353, 53), .payload = 33),
	IPV6(PORTS(IPPROTO_SCTP, 2905, 2906), .payload = 200),
	IPV6(.protocol = IPPROTO_ICMPV6, .payload = 56),
	IPV6(.protocol = IPPROTO_GRE, .payload = 100),
	IPV6(.protocol = IPPROTO_ESP, .payload = 120),
	IPV6(.protocol = IPPROTO_NONE),
	IPV6(.protocol = 135, .payload = 16),
	IPV6(.protocol = 253, .payload = 5),
	IPV6(PORTS(IPPROTO_UDP, 1000, 1), .extensions = {HOP_BY_HOP}, .extension_count = 1),
	IPV6(PORTS(IPPROTO_TCP, 1000, 2), .extensions = {ROUTING}, .extension_count = 1),
	IPV6(PORTS(IPPROTO_TCP, 1000, 3), .extensions = {LONG_OPTIONS}, .extension_count = 1),
	IPV6(PORTS(IPPROTO_TCP, 1000, 4), .extensions = {AUTHENTICATION}, .extension_count = 1),
	IPV6(PORTS(IPPROTO_TCP, 1000, 5),
	     .extensions = {HOP_BY_HOP, OPTIONS, ROUTING, AUTHENTICATION, OPTIONS},
	     .extension_count = 5, .payload = 77),
	IPV6(.protocol = IPPROTO_ICMPV6, .extensions = {HOP_BY_HOP}, .extension_count = 1,
	     .payload = 20),
	IPV6(.protocol = 135, .extensions = {OPTIONS}, .extension_count = 1, .payload = 16),
	/* fragments */
	IPV6(PORTS(IPPROTO_UDP, 6000, 6001), .extensions = {FRAGMENT}, .extension_count = 1,
	     .more_fragments = true, .payload = 1400),
	IPV6(PORTS(IPPROTO_UDP, 6000, 6001), .extensions = {FRAGMENT}, .extension_count = 1,
	     .offset = 175, .payload = 300),
	IPV6(PORTS(IPPROTO_UDP, 6000, 6001), .extensions = {HOP_BY_HOP, FRAGMENT},
	     .extension_count = 2, .offset = 176, .more_fragments = true, .payload = 8),
	/* an atomic fragment (RFC 6946) is a whole packet */
	IPV6(PORTS(IPPROTO_UDP, 6004, 6005), .extensions = {FRAGMENT}, .extension_count = 1,
	     .payload = 9),
	/* past any parser's limit: under the protocol it stopped at */
	IPV6(PORTS(IPPROTO_UDP, 1000, 6),
	     .extensions = {OPTIONS, OPTIONS, OPTIONS, OPTIONS, OPTIONS, OPTIONS, OPTIONS, OPTIONS,
			    OPTIONS, OPTIONS, OPTIONS, OPTIONS},
	     .extension_count = 12, .booked_protocol = 60, .no_ports = true),
	/* tags */
	IPV6(PORTS(IPPROTO_TCP, 40002, 80), .vlan = {{0x8100, 100}}, .payload = 10),
	IPV6(PORTS(IPPROTO_UDP, 40003, 80), .vlan = {{0x88a8, 200}, {0x8100, 100}},
	     .extensions = {OPTIONS}, .extension_count = 1, .payload = 11),
};

const struct packet kinds_other[] = {
	{.ethertype = 0x0806, .payload = 28},
	{.ethertype = 0x0806, .payload = 46, .vlan = {{0x8100, 5}}},
	{.ethertype = 0x88cc, .payload = 100}, /* LLDP */
	{.ethertype = 0x8847, .payload = 64}, /* MPLS */
	{.ethertype = 0x8864, .payload = 70}, /* PPPoE */
	{.ethertype = 0x88f7, .payload = 44}, /* PTP */
	{.ethertype = 0x0026, .payload = 38}, /* 802.3 with a length */
	{.ethertype = 0x88cc, .payload = 1},
	/* IP that is none: the fill has version 10 */
	{.ethertype = 0x0800, .payload = 1},
	{.ethertype = 0x0800, .payload = 60},
	{.ethertype = 0x86dd, .payload = 39},
	{.ethertype = 0x86dd, .payload = 80},
	/* cut short: less there than the header says */
	IPV4(PORTS(IPPROTO_TCP, 40009, 443), .payload = 100, .cut = 60, .non_ip = true),
	IPV4(PORTS(IPPROTO_TCP, 40009, 443), .payload = 100, .cut = 33, .non_ip = true),
	IPV6(PORTS(IPPROTO_TCP, 40009, 443), .payload = 100, .cut = 90, .non_ip = true),
	IPV6(PORTS(IPPROTO_TCP, 40009, 443), .payload = 100, .cut = 53, .non_ip = true),
};

const unsigned int kinds_ipv4_count = ARRAY_SIZE(kinds_ipv4);
const unsigned int kinds_ipv6_count = ARRAY_SIZE(kinds_ipv6);
const unsigned int kinds_other_count = ARRAY_SIZE(kinds_other);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supers.h"

#include <netacct/cleanup.h>

#define TCP4(RECIPE)                                                  \
	{                                                             \
		"eth " RECIPE, 4, 6, .ports = true, .tcp_flags = 0x10 \
	}
#define TCP6(RECIPE)                                                  \
	{                                                             \
		"eth " RECIPE, 6, 6, .ports = true, .tcp_flags = 0x10 \
	}
#define UDP4(RECIPE)                                \
	{                                           \
		"eth " RECIPE, 4, 17, .ports = true \
	}
#define UDP6(RECIPE)                                \
	{                                           \
		"eth " RECIPE, 6, 17, .ports = true \
	}
#define IP4(PROTOCOL, RECIPE)                              \
	{                                                  \
		"eth " RECIPE, 4, PROTOCOL, .ports = false \
	}
#define IP6(PROTOCOL, RECIPE)                              \
	{                                                  \
		"eth " RECIPE, 6, PROTOCOL, .ports = false \
	}
#define OTHER(RECIPE)                               \
	{                                           \
		"eth " RECIPE, 0, 0, .ports = false \
	}

/* Family and protocol are the outermost header's, as everywhere. */
const struct packet_case decidable[] = {
	TCP4("ip4 tcp data:2000"),
	TCP4("ip4 tcp:opt=40 data:2000"),
	TCP4("ip4:opt=12 tcp:opt=12 data:2001"),
	TCP4("vlan ip4 tcp data:1999"),
	TCP6("ip6 tcp data:2000"),
	TCP6("ip6 tcp:opt=12 data:2000"),
	TCP6("ip6 hop dst:units=3 tcp:opt=12 data:2000"),
	TCP6("qinq vlan ip6 tcp data:2000"),
	/* BIG TCP says no length */
	TCP4("ip4:len=0 tcp data:2000"),
	TCP6("ip6:len=0 tcp data:2000"),
	/* UDP segmentation: whatever the datagrams hold */
	UDP4("ip4 udp data:2000"),
	UDP4("ip4 udp data:2000,fill=0"),
	UDP4("ip4 udp data:2000,fill=0x08"),
	UDP4("ip4 udp data:2000,fill=0x45"),
	UDP6("ip6 udp data:2000"),
	UDP6("vlan ip6 dst udp data:2000"),
	/* VXLAN */
	UDP4("ip4 udp vxlan eth ip4 tcp data:2000"),
	UDP4("ip4:opt=8 udp vxlan eth ip4:opt=4 tcp:opt=12 data:2000"),
	UDP4("vlan ip4 udp vxlan eth vlan ip4 tcp:opt=12 data:2000"),
	UDP4("ip4 udp vxlan eth qinq vlan ip6 tcp data:2000"),
	UDP6("ip6 udp vxlan eth ip6 hop tcp data:2000"),
	UDP6("ip6 udp vxlan eth ip4 udp data:2000"),
	UDP4("ip4:len=0 udp:len=0 vxlan eth ip4 tcp data:2000"),
	/* GENEVE */
	UDP4("ip4 udp geneve eth ip4 tcp data:2000"),
	UDP4("ip4 udp geneve:opt=8 eth ip6 tcp:opt=12 data:2000"),
	/* the first byte of VXLAN, and of VXLAN-GPE */
	UDP4("ip4 udp geneve:opt=32 eth ip4 tcp data:2000"),
	UDP4("ip4 udp geneve:opt=48 eth ip6 tcp data:2000"),
	UDP6("ip6 udp geneve:opt=252,critical eth vlan ip4 tcp data:2000"),
	UDP4("ip4 udp geneve ip4 tcp data:2000"),
	UDP4("ip4 udp geneve:opt=4 ip6 udp data:2000"),
	/* GRE */
	IP4(47, "ip4 gre ip4 tcp data:2000"),
	IP4(47, "ip4 gre:key ip6 tcp data:2000"),
	IP4(47, "ip4 gre:sum ip4 tcp data:2000"),
	IP4(47, "ip4 gre:seq ip4 tcp data:2000"),
	IP4(47, "ip4 gre:key,sum,seq ip4 tcp data:2000"),
	IP4(47, "ip4 gre eth ip4 tcp data:2000"),
	IP4(47, "ip4 gre:key eth vlan ip6 tcp:opt=12 data:2000"),
	IP6(47, "ip6 gre ip4 tcp data:2000"),
	IP6(47, "ip6 dst gre:key,seq eth ip6 tcp data:2000"),
	/* IP in IP */
	IP4(4, "ip4 ip4 tcp data:2000"),
	IP4(4, "ip4:opt=4 ip4:opt=8 tcp:opt=4 data:2000"),
	IP4(41, "ip4 ip6 tcp data:2000"),
	IP4(41, "ip4 ip6 hop rt:units=2 tcp data:2000"),
	IP6(41, "ip6 ip6 tcp data:2000"),
	IP6(41, "ip6 dst ip6 udp data:2000"),
	IP6(4, "ip6 ip4 tcp:opt=12 data:2000"),
	/* in each other */
	IP4(47, "ip4 gre ip4 ip4 tcp data:2000"),
	IP4(4, "ip4 ip4 ip6 tcp data:2000"),
	IP4(4, "ip4 ip4 udp vxlan eth ip4 tcp data:2000"),
	UDP4("ip4 udp vxlan eth ip4 ip6 tcp data:2000"),
	UDP4("ip4 udp vxlan eth ip4 udp geneve:opt=4 eth ip4 tcp data:2000"),
	UDP6("ip6 udp geneve eth ip6 gre:key ip4 tcp data:2000"),
	IP4(4, "ip4 ip4 ip4 ip4 tcp data:2000"),
};

/* VXLAN as Linux makes it with "gbp" and with "gpe" (drivers/net/vxlan). */
const struct packet_case group_policy[] = {
	UDP4("ip4 udp vxlan:gbp=7 eth ip4 tcp data:2000"),
	UDP6("ip6 udp vxlan:gbp=65535 eth vlan ip6 tcp data:2000"),
};

const struct packet_case generic_protocol[] = {
	UDP4("ip4 udp vxlan:gpe=1 ip4 tcp data:2000"),
	UDP4("ip4 udp vxlan:gpe=2 ip6 tcp data:2000"),
	UDP6("ip6 udp vxlan:gpe=3 eth ip4 tcp data:2000"),
};

const struct packet_case undecidable[] = {
	OTHER("type:0x0806 data:2000"),
	OTHER("type:0x8847 data:2000"),
	OTHER("vlan type:0x8864 data:2000"),
	OTHER("ip4:version=3 tcp data:2000"),
	OTHER("ip4:len=3000 tcp data:2000"),
	{"eth vlan vlan vlan vlan vlan ip4 tcp data:2000", 0, 0, .network = 30},
	IP4(50, "ip4 esp data:2000"),
	IP4(1, "ip4 icmp data:2000"),
	IP4(253, "ip4 proto:253 data:2000"),
	{"eth ip4:offset=9 proto:6 data:2000", 4, 6, .later = true},
	{"eth ip6 frag:offset=9 proto:6 data:2000", 6, 6, .later = true},
	IP6(60, "ip6 dst dst dst dst dst dst dst dst dst tcp data:2000"),
	TCP4("ip4 tcp:words=4 data:2000"),
	TCP6("ip6 tcp:words=0 data:2000"),
	IP4(47, "ip4 gre type:0x880b data:2000"),
	IP4(47, "ip4 gre:routing ip4 tcp data:2000"),
	IP4(47, "ip4 gre:version=1 ip4 tcp data:2000"),
	IP4(47, "ip4 gre eth type:0x0806 data:2000"),
	IP4(4, "ip4 ip4 esp data:2000"),
	IP4(4, "ip4 ip4:offset=1 proto:6 data:2000"),
	IP4(41, "ip4 ip6 frag:offset=1 proto:6 data:2000"),
	IP4(4, "ip4 proto:4 data:2000"),
	IP4(4, "ip4 ip4 ip4 ip4 ip4 tcp data:2000"),
	UDP4("ip4 udp vxlan eth ip4 esp data:2000"),
	UDP4("ip4 udp geneve eth ip6 icmp6 data:2000"),
};

const size_t decidable_count = ARRAY_SIZE(decidable);
const size_t group_policy_count = ARRAY_SIZE(group_policy);
const size_t generic_protocol_count = ARRAY_SIZE(generic_protocol);
const size_t undecidable_count = ARRAY_SIZE(undecidable);

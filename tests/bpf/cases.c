/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include <arpa/inet.h>
#include <netacct/cleanup.h>

#define IP4(RECIPE, PROTOCOL, ...)                      \
	{                                               \
		"eth " RECIPE, 4, PROTOCOL, __VA_ARGS__ \
	}
#define IP6(RECIPE, PROTOCOL, ...)                      \
	{                                               \
		"eth " RECIPE, 6, PROTOCOL, __VA_ARGS__ \
	}
#define OTHER(RECIPE)                               \
	{                                           \
		"eth " RECIPE, 0, 0, .ports = false \
	}
#define PORTS .ports = true
#define NO_PORTS .ports = false
#define LATER .later = true
#define TCP(FLAGS) .ports = true, .tcp_flags = (FLAGS)

const struct packet_case cases[] = {
	/* IPv4, protocol by protocol */
	IP4("ip4 tcp data:100", 6, TCP(0x10)),
	IP4("ip4 tcp:flags=0x02,opt=20", 6, TCP(0x02)),
	IP4("ip4 tcp:flags=0xff data:1", 6, TCP(0xff)),
	IP4("ip4 tcp:flags=0x00 data:1", 6, TCP(0)),
	IP4("ip4 tcp:flags=0x81,words=1 data:9", 6, TCP(0x81)),
	IP4("ip4 udp data:33", 17, PORTS),
	IP4("ip4 udp", 17, PORTS),
	IP4("ip4 udplite data:5", 136, PORTS),
	IP4("ip4 dccp data:5", 33, PORTS),
	IP4("ip4 sctp data:5", 132, PORTS),
	IP4("ip4 icmp data:56", 1, NO_PORTS),
	IP4("ip4 proto:2 data:8", 2, NO_PORTS),
	IP4("ip4 ip4 udp data:8", 4, NO_PORTS),
	IP4("ip4 ip6 udp data:8", 41, NO_PORTS),
	IP4("ip4 gre ip4 tcp data:8", 47, NO_PORTS),
	IP4("ip4 esp data:40", 50, NO_PORTS),
	IP4("ip4 ah udp data:8", 51, NO_PORTS),
	IP4("ip4 proto:0 data:16", 0, NO_PORTS),
	IP4("ip4 proto:89 data:44", 89, NO_PORTS),
	IP4("ip4 proto:253 data:16", 253, NO_PORTS),
	IP4("ip4 proto:255", 255, NO_PORTS),
	IP4("ip4 proto:60 data:16", 60, NO_PORTS),
	/* IPv4 options */
	IP4("ip4:opt=4 tcp:flags=0x18 data:3", 6, TCP(0x18)),
	IP4("ip4:opt=40 udp data:3", 17, PORTS),
	/* IPv4 fragments */
	IP4("ip4:more udp data:100", 17, PORTS),
	IP4("ip4:more tcp:flags=0x12 data:100", 6, TCP(0x12)),
	IP4("ip4:offset=185,more proto:17 data:64", 17, LATER),
	IP4("ip4:offset=1 proto:6 data:64", 6, LATER),
	IP4("ip4:offset=8191 proto:1 data:64", 1, LATER),
	/* the reserved bit and "don't fragment" are no offset */
	IP4("ip4:offset=0x4000 udp data:8", 17, PORTS),
	IP4("ip4:offset=0x8000 udp data:8", 17, PORTS),
	/* IP packets that end before their ports, or before their flags, do */
	IP4("ip4 proto:6", 6, NO_PORTS),
	IP4("ip4 proto:17 data:3,fill=0x11", 17, NO_PORTS),
	{"eth ip4 proto:6 data:4,fill=0", 4, 6, NO_PORTS},
	/* padding is none of it */
	IP4("ip4 udp data:2 pad:16", 17, PORTS),
	IP4("ip4 proto:17 pad:26,fill=0x22", 17, NO_PORTS),
	IP4("ip4 proto:6 data:2 pad:24,fill=0x22", 6, NO_PORTS),
	IP4("ip4:len=33 tcp:flags=0x02 pad:13", 6, PORTS),
	IP4("ip4:len=34 tcp:flags=0x02 pad:12", 6, TCP(0x02)),
	IP4("ip4:len=20 udp data:8", 17, NO_PORTS),
	/* broken IPv4 */
	OTHER("ip4:version=6 udp data:64"),
	OTHER("ip4:version=5 udp data:64"),
	OTHER("ip4:version=0 udp data:64"),
	OTHER("ip4:ihl=4 udp data:64"),
	OTHER("ip4:ihl=0 udp data:64"),
	OTHER("ip4:ihl=15 udp data:8"),
	OTHER("ip4:len=0 udp data:64"),
	OTHER("ip4:len=19 udp data:64"),
	OTHER("ip4:opt=8,len=27 udp data:64"),
	OTHER("ip4:len=93 udp data:64"),
	OTHER("ip4:len=65535 udp data:64"),
	/* IPv6, protocol by protocol */
	IP6("ip6 tcp:flags=0x12,opt=40 data:100", 6, TCP(0x12)),
	IP6("ip6 udp data:33", 17, PORTS),
	IP6("ip6 udplite data:33", 136, PORTS),
	IP6("ip6 dccp data:33", 33, PORTS),
	IP6("ip6 sctp data:33", 132, PORTS),
	IP6("ip6 icmp6 data:56", 58, NO_PORTS),
	IP6("ip6 esp data:56", 50, NO_PORTS),
	IP6("ip6 gre ip6 udp data:8", 47, NO_PORTS),
	IP6("ip6 ip6 udp data:8", 41, NO_PORTS),
	IP6("ip6 proto:59", 59, NO_PORTS),
	IP6("ip6 proto:59 data:8", 59, NO_PORTS),
	IP6("ip6 proto:135 data:16", 135, NO_PORTS),
	IP6("ip6 proto:253 data:16", 253, NO_PORTS),
	/* extension headers */
	IP6("ip6 hop udp data:1", 17, PORTS),
	IP6("ip6 rt:units=2 tcp:flags=0x11", 6, TCP(0x11)),
	IP6("ip6 dst:units=30 udp data:1", 17, PORTS),
	IP6("ip6 dst:units=200 udp data:1", 17, PORTS),
	IP6("ip6 ah udp data:1", 17, PORTS),
	IP6("ip6 ah:units=0 udp data:1", 17, PORTS),
	IP6("ip6 ah:units=200 udp data:1", 17, PORTS),
	IP6("ip6 hop icmp6 data:20", 58, NO_PORTS),
	IP6("ip6 dst proto:59 data:1", 59, NO_PORTS),
	IP6("ip6 hop dst rt ah dst esp data:9", 50, NO_PORTS),
	IP6("ip6 hop dst rt:units=4 frag:more ah dst udp data:9", 17, PORTS),
	IP6("ip6 dst dst dst dst dst dst dst udp data:8", 17, PORTS),
	IP6("ip6 hop dst rt ah dst dst dst dst tcp:flags=0x04", 6, TCP(0x04)),
	/* one more than the parser walks: what it stopped at, no ports */
	IP6("ip6 dst dst dst dst dst dst dst dst dst udp data:8", 60, NO_PORTS),
	IP6("ip6 dst dst dst dst dst dst dst dst rt udp data:8", 43, NO_PORTS),
	IP6("ip6 dst dst dst dst dst dst dst dst ah tcp data:8", 51, NO_PORTS),
	IP6("ip6 dst dst dst dst dst dst dst dst frag:offset=9 proto:17 data:8", 44, NO_PORTS),
	IP6("ip6 dst dst dst dst dst dst dst dst dst dst dst dst udp data:8", 60, NO_PORTS),
	/* few headers, and long ones: how far in does not matter */
	IP6("ip6 dst:units=240 udp data:8", 17, PORTS),
	IP6("ip6 dst:units=255 udp data:8", 17, PORTS),
	IP6("ip6 dst:units=255 dst:units=100 tcp data:8", 6, TCP(0x10)),
	/* a header that runs past the end of the IP packet */
	IP6("ip6 proto:60 data:8,fill=0x06", 60, NO_PORTS),
	IP6("ip6 proto:0 data:7,fill=0", 0, NO_PORTS),
	IP6("ip6:len=8 hop rt:units=1 udp data:8", 43, NO_PORTS),
	IP6("ip6:len=12 hop ah udp data:80", 51, NO_PORTS),
	/* IPv6 fragments */
	IP6("ip6 frag:more udp data:100", 17, PORTS),
	IP6("ip6 frag udp data:100", 17, PORTS),
	IP6("ip6 frag:offset=175,more proto:17 data:64", 17, LATER),
	IP6("ip6 frag:offset=1 proto:6 data:64", 6, LATER),
	IP6("ip6 hop frag:offset=176 proto:17 data:8", 17, LATER),
	IP6("ip6 frag:offset=176 proto:60 data:8,fill=0", 60, LATER),
	/* lengths and padding */
	IP6("ip6 udp data:1 pad:5", 17, PORTS),
	IP6("ip6 proto:17 pad:8,fill=0x22", 17, NO_PORTS),
	IP6("ip6 proto:6 data:3 pad:24,fill=0x22", 6, NO_PORTS),
	IP6("ip6:len=0 tcp data:8", 6, NO_PORTS),
	IP6("ip6:len=13 tcp data:8", 6, PORTS),
	IP6("ip6:len=14 tcp data:8", 6, TCP(0x10)),
	OTHER("ip6:version=4 udp data:64"),
	OTHER("ip6:version=7 udp data:64"),
	OTHER("ip6:len=73 udp data:64"),
	OTHER("ip6:len=65535 udp data:64"),
	/* tags */
	IP4("vlan:1 ip4 udp data:8", 17, PORTS),
	IP6("vlan:4095 ip6 tcp data:8", 6, TCP(0x10)),
	IP4("qinq:200 vlan:100 ip4 udp data:8", 17, PORTS),
	IP4("vlan9100 vlan ip4 udp data:8", 17, PORTS),
	IP6("qinq vlan:5 vlan:6 ip6 dst udp data:8", 17, PORTS),
	IP4("qinq qinq vlan vlan ip4:opt=4 tcp:flags=0x03", 6, TCP(0x03)),
	IP4("vlan ip4:offset=3 proto:17 data:64", 17, LATER),
	{"eth vlan vlan vlan vlan vlan ip4 udp data:8", 0, 0, .network = 30},
	OTHER("vlan type:0x0806 data:46"),
	OTHER("qinq vlan type:0x8863 data:46"),
	/* not IP */
	OTHER("type:0x0806 data:28"),
	OTHER("type:0x0806 data:46"),
	OTHER("type:0x88cc data:100"),
	OTHER("type:0x8847 data:64"),
	OTHER("type:0x8864 data:70"),
	OTHER("type:0x88f7 data:44"),
	OTHER("type:0x0026 data:38"),
	OTHER("type:0x05dc data:50,fill=0x45"),
	OTHER("type:0x0000 data:50,fill=0x45"),
	OTHER("type:0xffff data:50,fill=0x60"),
	OTHER("type:0x0806"),
	OTHER("type:0x0800"),
	OTHER("type:0x0800 data:1,fill=0x45"),
	OTHER("type:0x0800 data:60,fill=0xee"),
	OTHER("type:0x86dd data:39,fill=0x60"),
};

const size_t case_count = ARRAY_SIZE(cases);

const struct packet_case bare_cases[] = {
	{"ip4 tcp:flags=0x18 data:9", 4, 6, TCP(0x18)},
	{"ip4:opt=8 udp data:9", 4, 17, PORTS},
	{"ip4:offset=2 proto:17 data:9", 4, 17, LATER},
	{"ip4 icmp data:9", 4, 1, NO_PORTS},
	{"ip4 ip6 udp", 4, 41, NO_PORTS},
	{"ip4:len=24 udp", 4, 17, PORTS},
	{"ip6 tcp:flags=0x01,opt=4 data:9", 6, 6, TCP(0x01)},
	{"ip6 hop dst udp data:9", 6, 17, PORTS},
	{"ip6 frag:offset=9 proto:6 data:9", 6, 6, LATER},
	{"ip6 proto:59", 6, 59, NO_PORTS},
	{"ip4:version=5 udp data:9", 0, 0, NO_PORTS},
	{"ip4:ihl=3 udp data:9", 0, 0, NO_PORTS},
	{"ip4:len=60 udp data:9", 0, 0, NO_PORTS},
	{"ip6:version=0 udp data:9", 0, 0, NO_PORTS},
	{"ip6:len=60 udp data:9", 0, 0, NO_PORTS},
	{"data:64,fill=0", 0, 0, NO_PORTS},
	{"data:64,fill=0xff", 0, 0, NO_PORTS},
};

const size_t bare_case_count = ARRAY_SIZE(bare_cases);

static void address(int family, const char *text4, const char *text6, uint32_t ret[4])
{
	if (family == 6) {
		inet_pton(AF_INET6, text6, ret);
		return;
	}
	ret[0] = ret[1] = 0;
	ret[2] = htonl(0xffff);
	inet_pton(AF_INET, text4, &ret[3]);
}

/* A pair of what stands in the packet, turned so that the local one comes first. */
static void fill_key(const struct na_config *config, const struct packet_case *item,
		     struct lab_booking *booking)
{
	bool tx = booking->direction == NA_TX;
	struct na_key *key = &booking->key;

	if (config->key == NA_KEY_TOTAL)
		return;
	if (item->family == 4)
		key->what |= NA_WHAT_IPV4;
	if (config->key != NA_KEY_REMOTE)
		address(item->family, tx ? FRAME_SOURCE4 : FRAME_DESTINATION4,
			tx ? FRAME_SOURCE6 : FRAME_DESTINATION6, key->local);
	if (config->key != NA_KEY_HOST)
		address(item->family, tx ? FRAME_DESTINATION4 : FRAME_SOURCE4,
			tx ? FRAME_DESTINATION6 : FRAME_SOURCE6, key->remote);
	if (config->key < NA_KEY_HOST_PAIR)
		return;
	key->what |= item->protocol;
	booking->tcp_flags = item->tcp_flags;
	if (config->key != NA_KEY_FLOW)
		return;
	if (item->later)
		key->what |= NA_WHAT_FRAGMENT;
	if (!item->ports)
		return;
	key->local_port = tx ? FRAME_SOURCE_PORT : FRAME_DESTINATION_PORT;
	key->remote_port = tx ? FRAME_DESTINATION_PORT : FRAME_SOURCE_PORT;
}

void case_key(const struct lab *lab, enum program program, const struct packet_case *item,
	      struct lab_booking *ret)
{
	const struct na_config *config = &lab->config;
	bool tx = (program == PROGRAM_EG) != (config->peer != 0);

	*ret = (struct lab_booking){
		.bucket = item->family ? NA_ACCOUNTED : NA_NON_IP,
		.source = config->owner,
		.direction = tx ? NA_TX : NA_RX,
		.packets = 1,
	};
	ret->key.what = NA_WHAT_SET | config->owner << NA_WHAT_OWNER_SHIFT;
	if (tx)
		ret->key.what |= NA_WHAT_TX;
	if (item->family)
		fill_key(config, item, ret);
}

void case_booking(const struct lab *lab, enum program program, const struct packet_case *item,
		  const struct frame *frame, struct lab_booking *ret)
{
	size_t network = item->network ? item->network : frame->network;

	case_key(lab, program, item, ret);
	ret->bytes = lab->config.layer3 ? frame->size - network : frame->size;
}

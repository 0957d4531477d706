// SPDX-License-Identifier: GPL-2.0-or-later
/* Super-packets made by hand: packets on the wire and their headers, to the byte. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

/* Payloads around a multiple of the segment size, sent as super-packets, both ways. */
static void exchange_super(struct pair *pair, const struct packet *kind)
{
	static const struct {
		size_t payload;
		uint16_t segment;
	} sizes[] = {{4000, 1000},  {3999, 1000},  {4001, 1000}, {1001, 1000},
		     {60000, 1448}, {65000, 1400}, {20000, 100}, {65, 9}};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct packet packet = *kind;

		packet.payload = sizes[i].payload;
		packet.segment = sizes[i].segment;
		packet.source_port = (uint16_t)(2000 + i);
		pair_exchange(pair, &packet, 3);
	}
}

static void check_super(bool layer3)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, SENDER_VNET_HEADER);
	world_offload("left", "v0", OFFLOAD_ALL, true);
	world_offload("right", "v1", OFFLOAD_TX_CHECKSUM | OFFLOAD_TSO | OFFLOAD_GSO, true);
	pair.in.layer3 = pair.out.layer3 = layer3;
	netacct("attach", "--key", "flow", "--bytes", layer3 ? "l3" : "l2", PAIR_SOURCE);
	exchange_super(&pair, &kinds_ipv4[0]);
	exchange_super(&pair, &kinds_ipv4[1]); /* with TCP options */
	exchange_super(&pair, &kinds_ipv6[0]);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
}

TEST(gso, super_packets)
{
	check_super(false);
}

TEST(gso, super_packets_layer3)
{
	check_super(true);
}

/* What a guest sends through a tap has a gso_size and gso_segs of 0. */
TEST(gso, tap)
{
	static unsigned char message[sizeof(struct virtio_net_hdr) + PACKET_MAX];
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_close_ int fd = -1;

	world_netns_add("right");
	fd = world_tun("right", "t1", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR);
	netacct("attach", "--key", "flow", "right/t1");
	for (unsigned int i = 0; i < 20; i++) {
		struct virtio_net_hdr header = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
						.csum_offset = 16};
		struct packet packet = kinds_ipv4[0];
		struct packet_layout layout;

		packet.payload = 3000 + i * 2500;
		packet.segment = (uint16_t)(1000 + i);
		packet_build(&packet, message + sizeof(header), &layout);
		header.hdr_len = (uint16_t)layout.headers;
		header.gso_size = packet.segment;
		header.csum_start = (uint16_t)layout.transport;
		memcpy(message, &header, sizeof(header));
		CHECK(write(fd, message, sizeof(header) + layout.length) > 0, "write to a tap: %s",
		      strerror(errno));
		packet_book(&packet, LEDGER_RX, 1, false, &ledger);
	}
	meter_expect("right--t1", &ledger, KEY_FLOW);
}

/* Generic XDP cannot see segments: the meter has to say so. */
TEST(gso, generic_is_inexact)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_offload("left", "v0", OFFLOAD_ALL, true);
	tool_run(&run, ARGUMENTS("attach", "--xdp=generic", PAIR_SOURCE));
	expect_number("exit status", 0, (uint64_t)run.status);
	expect_contains("a warning on stderr", "netacct: ", run.err);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_text("exact", "false", json_text(dump_source(&dump, PAIR_ID), "metadata.exact"));
}

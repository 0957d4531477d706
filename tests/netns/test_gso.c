// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Super-packets count as what they are on the wire. The wire is seen by the
 * oracle behind a router:
 *
 *	a/a0 — b/b0 (router) b/b1 — c/c0 (native XDP)
 *
 * so that b0 and b1 handle super-packets, and c0 has the segments.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "peer.h"
#include "stream.h"
#include "tool.h"
#include "world.h"

#define PORT 5001

struct routed {
	struct peer peer; /* on c0 */
	struct foreign skbs; /* what tc at b0 is handed: packets and super-packets */
};

static void address_and_neighbours(const char *a, const char *b0, const char *b1, const char *c,
				   const char *length)
{
	char text[64];
	const struct {
		const char *ns, *name, *address, *peer_address, *peer_ns, *peer;
	} ends[] = {
		{"a", "a0", a, b0, "b", "b0"},
		{"b", "b0", b0, a, "a", "a0"},
		{"b", "b1", b1, c, "c", "c0"},
		{"c", "c0", c, b1, "b", "b1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		snprintf(text, sizeof(text), "%s/%s", ends[i].address, length);
		world_address(ends[i].ns, ends[i].name, text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		world_neighbour(ends[i].ns, ends[i].name, ends[i].peer_address, ends[i].peer_ns,
				ends[i].peer);
}

static void route_ipv4(void)
{
	address_and_neighbours("10.0.1.1", "10.0.1.2", "10.0.2.1", "10.0.2.2", "24");
	world_sysctl("b", "net/ipv4/ip_forward", "1");
	world_route("a", "default", "10.0.1.2");
	world_route("c", "default", "10.0.2.1");
}

static void route_ipv6(void)
{
	address_and_neighbours("fd01::1", "fd01::2", "fd02::1", "fd02::2", "64");
	world_sysctl("b", "net/ipv6/conf/all/forwarding", "1");
	world_route("a", "fd02::/64", "fd01::2");
	world_route("c", "fd01::/64", "fd02::1");
}

static void routed_make(struct routed *routed, unsigned int offloads_a, unsigned int offloads_b,
			bool ipv6)
{
	memset(routed, 0, sizeof(*routed));
	world_netns_add("a");
	world_netns_add("b");
	world_netns_add("c");
	world_veth("a", "a0", "b", "b0");
	world_veth("b", "b1", "c", "c0");
	if (ipv6)
		route_ipv6();
	else
		route_ipv4();
	world_offload("a", "a0", offloads_a, true);
	world_offload("b", "b0", offloads_b, true);
	peer_attach(&routed->peer, "c", "c0");
	netacct("attach", "--key", "flow", "b/b0", "b/b1");
	foreign_load(&routed->skbs, FOREIGN_TC, -1);
	foreign_filter(&routed->skbs, "b", "b0", false, 60000);
}

/* Flows of one protocol in one direction; the rest is acknowledgements and IPv6's own. */
static void take_flows(const struct ledger *from, int16_t protocol, enum ledger_direction direction,
		       struct ledger *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < from->count; i++) {
		const struct ledger_flow *flow = &from->flows[i];

		if (flow->key.protocol == protocol && flow->count.packets[direction])
			ledger_book(ret, &flow->key, direction, flow->count.packets[direction],
				    flow->count.bytes[direction]);
	}
}

/* A dump between two packets: IPv6 reports its multicast groups when it likes to. */
static void dump_quiet(const char *id, struct ledger *ret)
{
	_cleanup_ledger_ struct ledger before = {0};

	dump_one(id, &before);
	for (unsigned int i = 0; i < 20; i++) {
		sleep_ms(20);
		dump_one(id, ret);
		if (!memcmp(&before.seen, &ret->seen, sizeof(before.seen)))
			return;
		ledger_clear(&before);
		before = *ret;
		memset(ret, 0, sizeof(*ret));
	}
	fail("%s does not come to rest", id);
}

/* The flows that went one way through a meter are what the oracle saw. */
static void expect_way(struct routed *routed, const char *id, enum ledger_direction direction,
		       int16_t protocol)
{
	_cleanup_ledger_ struct ledger wire = {0}, wanted = {0}, all = {0}, got = {0};

	peer_read(&routed->peer, direction, &wire);
	take_flows(&wire, protocol, direction, &wanted);
	CHECK(wanted.count, "nothing went to the oracle");
	dump_quiet(id, &all);
	expect_balance(&all);
	take_flows(&all, protocol, direction, &got);
	expect_flows(&wanted, &got);
}

/* There were super-packets in b0; what the meters make of them on both of its sides. */
static void routed_expect(struct routed *routed, int16_t protocol, bool optional)
{
	uint64_t packets, bytes, skbs;
	struct world_counters b1;

	sleep_ms(200);
	world_counters("b", "b1", &b1);
	expect_number("packets that b1 had to drop", 0, b1.tx_dropped);
	peer_total(&routed->peer, &packets, &bytes);
	skbs = foreign_count(&routed->skbs);
	if (packets < 2 * skbs && optional)
		skip("no super-packets here");
	CHECK(packets > 2 * skbs, "no super-packets: %llu packets on the wire, %llu in the router",
	      (unsigned long long)packets, (unsigned long long)skbs);
	expect_way(routed, "b--b0", LEDGER_RX, protocol);
	expect_way(routed, "b--b1", LEDGER_TX, protocol);
	netacct("verify");
	netacct("detach", "--all");
	foreign_close(&routed->skbs);
	peer_detach(&routed->peer);
}

TEST(gso, tcp_ipv4)
{
	struct routed routed;

	routed_make(&routed, OFFLOAD_ALL, OFFLOAD_TX_CHECKSUM, false);
	stream_send("a", "c", "10.0.2.2", PORT, scaled(100000000));
	routed_expect(&routed, IPPROTO_TCP, false);
}

TEST(gso, tcp_ipv6)
{
	struct routed routed;

	routed_make(&routed, OFFLOAD_ALL, OFFLOAD_TX_CHECKSUM, true);
	stream_send("a", "c", "fd02::2", PORT, scaled(100000000));
	routed_expect(&routed, IPPROTO_TCP, false);
}

/* Segments on the wire to b0, which its own GRO puts together. */
TEST(gso, tcp_gro)
{
	struct routed routed;

	routed_make(&routed, OFFLOAD_TX_CHECKSUM | OFFLOAD_GSO, OFFLOAD_ALL, false);
	stream_send("a", "c", "10.0.2.2", PORT, scaled(50000000));
	routed_expect(&routed, IPPROTO_TCP, true);
}

/* On older kernels a veth has GRO only where a native XDP program runs. */
TEST(gso, tcp_gro_behind_xdp)
{
	_cleanup_foreign_ struct foreign pass;
	struct routed routed;

	routed_make(&routed, OFFLOAD_TX_CHECKSUM | OFFLOAD_GSO, OFFLOAD_ALL, false);
	foreign_load(&pass, FOREIGN_XDP, XDP_PASS);
	foreign_xdp(&pass, "b", "b0", false);
	stream_send("a", "c", "10.0.2.2", PORT, scaled(50000000));
	routed_expect(&routed, IPPROTO_TCP, false);
}

/* A tunnel between a and c: its super-packets carry the inner headers too. */
TEST(gso, vxlan)
{
	struct routed routed;
	int error;

	routed_make(&routed, OFFLOAD_ALL, OFFLOAD_TX_CHECKSUM, false);
	error = world_vxlan_try("a", "vx0", 7, "10.0.1.1", "10.0.2.2");
	if (error == -EOPNOTSUPP)
		skip("no VXLAN in this kernel");
	CHECK(!error && !world_vxlan_try("c", "vx0", 7, "10.0.2.2", "10.0.1.1"), "vxlan: %s",
	      strerror(-error));
	world_mtu("a", "vx0", 1450);
	world_mtu("c", "vx0", 1450);
	world_up("a", "vx0", true);
	world_up("c", "vx0", true);
	world_address("a", "vx0", "10.9.0.1/24");
	world_address("c", "vx0", "10.9.0.2/24");
	world_neighbour("a", "vx0", "10.9.0.2", "c", "vx0");
	world_neighbour("c", "vx0", "10.9.0.1", "a", "vx0");
	stream_send("a", "c", "10.9.0.2", PORT, scaled(50000000));
	routed_expect(&routed, IPPROTO_UDP, false);
}

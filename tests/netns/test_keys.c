// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each key and each hook: every kind of packet, both ways, lands in the flow
 * or bucket that it belongs to, to the packet and to the byte.
 */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "peer.h"
#include "tool.h"
#include "world.h"

static void exchange_kinds(struct pair *pair, const struct packet *kinds, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		pair_exchange(pair, &kinds[i], 1 + i % 5);
}

static void exchange_all(struct pair *pair)
{
	exchange_kinds(pair, kinds_ipv4, kinds_ipv4_count);
	exchange_kinds(pair, kinds_ipv6, kinds_ipv6_count);
	exchange_kinds(pair, kinds_other, kinds_other_count);
}

static void check_key(const char *key, enum ledger_key kind, const char *hook)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	if (hook)
		netacct("attach", "--key", key, hook, PAIR_SOURCE);
	else
		netacct("attach", "--key", key, PAIR_SOURCE);
	exchange_all(&pair);
	pair_expect(&pair, kind);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
}

#define KEY_TESTS(NAME, TEXT, KIND)                     \
	TEST(keys, NAME##_tc)                           \
	{                                               \
		check_key(TEXT, KIND, NULL);            \
	}                                               \
	TEST(keys, NAME##_xdp)                          \
	{                                               \
		check_key(TEXT, KIND, "--xdp=native");  \
	}                                               \
	TEST(keys, NAME##_generic)                      \
	{                                               \
		check_key(TEXT, KIND, "--xdp=generic"); \
	}                                               \
	_Static_assert((KIND) <= KEY_FLOW, "a kind of key")

KEY_TESTS(total, "total", KEY_TOTAL);
KEY_TESTS(host, "host", KEY_HOST);
KEY_TESTS(remote, "remote", KEY_REMOTE);
KEY_TESTS(host_pair, "host-pair", KEY_HOST_PAIR);
KEY_TESTS(flow, "flow", KEY_FLOW);

TEST(keys, flow_tcx)
{
	_cleanup_foreign_ struct foreign probe;
	int error;

	world_netns_add("probe");
	world_veth("probe", "p0", NULL, "p1");
	foreign_load(&probe, FOREIGN_TC, -1);
	error = foreign_tcx_try(&probe, "probe", "p0", false);
	if (error)
		skip("no tcx in this kernel");
	check_key("flow", KEY_FLOW, "--hook=tcx");
}

TEST(keys, default_is_host_pair)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;
	struct json_object *source;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	source = dump_source(&dump, PAIR_ID);
	expect_text("key", "host-pair", json_text(source, "metadata.key"));
	expect_text("bytes", "l2", json_text(source, "metadata.bytes"));
	expect_text("ingress", "tc", json_text(source, "metadata.ingress"));
	expect_text("egress", "tc", json_text(source, "metadata.egress"));
	expect_text("namespace", "right", json_text(source, "metadata.namespace"));
	expect_text("interface", "v1", json_text(source, "metadata.interface"));
	expect_number("ifindex", world_ifindex("right", "v1"),
		      json_number(source, "metadata.ifindex"));
	expect_text("exact", "true", json_text(source, "metadata.exact"));
}

static void check_layer3(const char *hook)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	pair.in.layer3 = pair.out.layer3 = true;
	if (hook)
		netacct("attach", "--key", "flow", "--bytes", "l3", hook, PAIR_SOURCE);
	else
		netacct("attach", "--key", "flow", "--bytes", "l3", PAIR_SOURCE);
	exchange_all(&pair);
	pair_expect(&pair, KEY_FLOW);
}

TEST(keys, layer3_tc)
{
	check_layer3(NULL);
}

TEST(keys, layer3_xdp)
{
	check_layer3("--xdp=native");
}

/* The other end's view: what left/v0 sends is tx, and its source is local. */
TEST(keys, perspective_peer)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	pair.in.received = pair.out.sent = NULL;
	pair.in.sent = pair.out.received = &pair.ledger;
	netacct("attach", "--key", "flow", "--perspective", "peer", PAIR_SOURCE);
	exchange_all(&pair);
	pair_expect(&pair, KEY_FLOW);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_text("perspective", "peer",
		    json_text(dump_source(&dump, PAIR_ID), "metadata.perspective"));
}

/* Known flows of known sizes, both families at once. */
TEST(keys, many_flows)
{
	struct packet ipv4 = {.family = AF_INET,
			      .source = "10.1.0.0",
			      .destination = "10.2.0.1",
			      .protocol = IPPROTO_UDP,
			      .source_port = 4000,
			      .destination_port = 53};
	struct packet ipv6 = {.family = AF_INET6,
			      .source = "fd00::1:0:0",
			      .destination = "fd00::2",
			      .protocol = IPPROTO_TCP,
			      .source_port = 4000,
			      .destination_port = 443};
	unsigned int flows = (unsigned int)scaled(20000);
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &ipv4, flows);
	sender_flows(&pair.out, &ipv6, flows);
	pair_expect(&pair, KEY_FLOW);
}

/*
 * Both CPUs at once, the same flows: the way out is exact as sent, the way in
 * is what native XDP sees before the meter at tc does.
 */
TEST(keys, both_cpus)
{
	struct flood flood = {
		.ns = "right",
		.name = "v1",
		.flows = 64,
		.threads = 2,
		.packets = scaled(1000000),
		.packet = {.family = AF_INET,
			   .source = "10.1.0.0",
			   .destination = "10.2.0.1",
			   .protocol = IPPROTO_UDP,
			   .source_port = 1,
			   .destination_port = 2},
	};
	_cleanup_ledger_ struct ledger arrived = {0};
	_cleanup_pair_ struct pair pair;
	_cleanup_peer_ struct peer peer = {0};

	pair_make(&pair, 0);
	peer_attach(&peer, "right", "v1");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	flood.sent = &pair.ledger;
	flood_start(&flood);
	flood_wait(&flood);
	flood.ns = "left";
	flood.name = "v0";
	flood.sent = NULL;
	flood_start(&flood);
	flood_wait(&flood);
	sleep_ms(200);
	peer_read(&peer, LEDGER_RX, &arrived);
	ledger_merge(&pair.ledger, &arrived);
	pair_expect(&pair, KEY_FLOW);
}

/* PACKET_TX_RING leaves 14 bytes linear: the parser's slow path. */
TEST(keys, short_linear_part)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, SENDER_RING);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	exchange_all(&pair);
	pair_expect(&pair, KEY_FLOW);
}

/* Past the queueing layer there is no tc egress; the other end sees it. */
TEST(keys, bypass_is_received)
{
	_cleanup_sender_ struct sender sender;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	sender_open(&sender, "left", "v0", SENDER_BYPASS);
	sender.received = &pair.ledger;
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_send(&sender, &kinds_ipv4[0], 100);
	pair_expect(&pair, KEY_FLOW);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices and queueing disciplines that are modules: not every kernel has
 * them, those that tests/kernels boots have.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/pkt_sched.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "peer.h"
#include "tool.h"
#include "wireguard.h"
#include "world.h"

static void require(int error, const char *what)
{
	if (error == -EOPNOTSUPP)
		skip("no %s in this kernel", what);
	CHECK(!error, "%s: %s", what, strerror(-error));
}

/* It swallows all that it is given. */
TEST(modules, dummy)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_sender_ struct sender sender = {0};
	struct world_counters before, after;

	world_netns_add("right");
	require(world_link_try("right", "d1", "dummy"), "dummy");
	world_up("right", "d1", true);
	sender_open(&sender, "right", "d1", 0);
	sender.sent = &ledger;
	netacct("attach", "--key", "flow", "right/d1");
	world_counters("right", "d1", &before);
	for (unsigned int i = 0; i < kinds_ipv4_count; i++)
		sender_send(&sender, &kinds_ipv4[i], 20);
	for (unsigned int i = 0; i < kinds_ipv6_count; i++)
		sender_send(&sender, &kinds_ipv6[i], 20);
	world_counters("right", "d1", &after);
	meter_expect("right--d1", &ledger, KEY_FLOW);
	expect_number("packets by the interface", ledger.seen.packets[LEDGER_TX],
		      after.tx_packets - before.tx_packets);
	expect_number("bytes by the interface", ledger.seen.bytes[LEDGER_TX],
		      after.tx_bytes - before.tx_bytes);
	netacct("verify");
}

static void enslave(const char *name)
{
	world_up("right", name, false);
	world_master("right", name, "bond0");
	world_up("right", name, true);
}

/* left/v0 — right/v1 and left/w0 — right/w1, and right/bond0 over v1 and w1. */
static void make_bond(void)
{
	world_netns_add("left");
	world_netns_add("right");
	world_veth("left", "v0", "right", "v1");
	world_veth("left", "w0", "right", "w1");
	require(world_link_try("right", "bond0", "bond"), "bond");
	enslave("v1");
	enslave("w1");
	world_up("right", "bond0", true);
	world_await_up("left", "v0");
	world_await_up("left", "w0");
	world_await_up("right", "v1");
	world_await_up("right", "w1");
	world_await_up("right", "bond0");
}

/* Whoever asks for a bond and its slaves gets each packet twice: there, and on one of them. */
TEST(modules, bond_receives)
{
	_cleanup_ledger_ struct ledger v1 = {0}, w1 = {0}, both = {0};
	_cleanup_sender_ struct sender v0 = {0}, w0 = {0};

	make_bond();
	sender_open(&v0, "left", "v0", 0);
	sender_open(&w0, "left", "w0", 0);
	v0.received = &v1;
	w0.received = &w1;
	netacct("attach", "--key", "flow", "right/bond0", "right/v1", "right/w1");
	sender_flows(&v0, &kinds_ipv4[0], 30);
	sender_flows(&w0, &kinds_ipv6[0], 40);
	ledger_merge(&both, &v1);
	ledger_merge(&both, &w1);
	meter_expect("right--v1", &v1, KEY_FLOW);
	meter_expect("right--w1", &w1, KEY_FLOW);
	meter_expect("right--bond0", &both, KEY_FLOW);
}

/* Which slave a packet leaves by is the bond's to say: what arrives at its other end tells. */
TEST(modules, bond_sends)
{
	_cleanup_ledger_ struct ledger sent = {0}, v1 = {0}, w1 = {0};
	_cleanup_peer_ struct peer v0 = {0}, w0 = {0};
	_cleanup_sender_ struct sender sender = {0};

	make_bond();
	peer_attach(&v0, "left", "v0");
	peer_attach(&w0, "left", "w0");
	sender_open(&sender, "right", "bond0", 0);
	sender.sent = &sent;
	netacct("attach", "--key", "flow", "right/bond0", "right/v1", "right/w1");
	sender_flows(&sender, &kinds_ipv4[0], 50);
	meter_expect("right--bond0", &sent, KEY_FLOW);
	sleep_ms(100);
	peer_read(&v0, LEDGER_TX, &v1);
	peer_read(&w0, LEDGER_TX, &w1);
	expect_number("packets by both slaves", sent.seen.packets[LEDGER_TX],
		      v1.seen.packets[LEDGER_TX] + w1.seen.packets[LEDGER_TX]);
	CHECK(v1.seen.packets[LEDGER_TX] && w1.seen.packets[LEDGER_TX], "one slave sends alone");
	meter_expect("right--v1", &v1, KEY_FLOW);
	meter_expect("right--w1", &w1, KEY_FLOW);
}

/* wg9 in left and right, over left/v0 — right/v1. */
static void make_wireguard(void)
{
	world_address("left", "v0", "10.0.0.1/24");
	world_address("right", "v1", "10.0.0.2/24");
	world_neighbour("left", "v0", "10.0.0.2", "right", "v1");
	world_neighbour("right", "v1", "10.0.0.1", "left", "v0");
	require(wireguard_try("left", "wg9", WIREGUARD_ONE, "10.0.0.2"), "wireguard");
	require(wireguard_try("right", "wg9", WIREGUARD_OTHER, "10.0.0.1"), "wireguard");
	world_up("left", "wg9", true);
	world_up("right", "wg9", true);
}

static void send_bare(struct sender *sender, unsigned int flows)
{
	struct packet four = kinds_ipv4[0], six = kinds_ipv6[0];

	four.bare = six.bare = true;
	sender_flows(sender, &four, flows);
	sender_flows(sender, &six, flows);
}

TEST(modules, wireguard)
{
	_cleanup_sender_ struct sender in = {0}, out = {0};
	_cleanup_ledger_ struct ledger ledger = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	make_wireguard();
	sender_open(&in, "left", "wg9", 0);
	sender_open(&out, "right", "wg9", 0);
	in.received = out.sent = &ledger;
	netacct("attach", "--key", "flow", "right/wg9");
	/* few enough to wait while the ends shake hands, and these before those that go back */
	send_bare(&in, 10);
	meter_expect("right--wg9", &ledger, KEY_FLOW);
	send_bare(&out, 12);
	send_bare(&in, 10);
	meter_expect("right--wg9", &ledger, KEY_FLOW);
}

static struct tc_netem_qopt netem(void)
{
	return (struct tc_netem_qopt){.limit = 100000};
}

static void netem_on_right(const struct tc_netem_qopt *options)
{
	require(world_qdisc_try("right", "v1", "netem", options, sizeof(*options)), "netem");
}

/* What v1 sends through it: as sent by the meter, and what came through of it. */
static void send_through(const struct tc_netem_qopt *options, uint64_t *ret_sent,
			 uint64_t *ret_arrived)
{
	_cleanup_peer_ struct peer peer = {0};
	_cleanup_pair_ struct pair pair;
	uint64_t bytes;

	pair_make(&pair, 0);
	netem_on_right(options);
	peer_attach(&peer, "left", "v0");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.out, &kinds_ipv4[0], 100);
	pair_expect(&pair, KEY_FLOW);
	sleep_ms(200);
	*ret_sent = pair.ledger.seen.packets[LEDGER_TX];
	peer_total(&peer, ret_arrived, &bytes);
}

/* As README.md says: what a qdisc drops was counted before. */
TEST(modules, netem_loses_behind_us)
{
	struct tc_netem_qopt options = netem();
	uint64_t sent, arrived;

	options.loss = UINT32_MAX / 2;
	send_through(&options, &sent, &arrived);
	CHECK(arrived > 0 && arrived < sent, "of %llu packets arrived %llu",
	      (unsigned long long)sent, (unsigned long long)arrived);
}

/* What it makes two of was counted as one. */
TEST(modules, netem_duplicates_behind_us)
{
	struct tc_netem_qopt options = netem();
	uint64_t sent, arrived;

	options.duplicate = UINT32_MAX;
	send_through(&options, &sent, &arrived);
	expect_number("arrived", 2 * sent, arrived);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Many sources, one set of maps: each keeps its own flows, totals and balance. */
#define _GNU_SOURCE 1
#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

#define LEFT_ID "left--v0"

/* Both ends of the pair, each with a ledger. */
static void group_make(struct pair *pair, struct ledger *left)
{
	pair_make(pair, 0);
	pair->in.sent = left;
	pair->out.received = left;
}

TEST(group, two_sources)
{
	_cleanup_ledger_ struct ledger left = {0};
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	group_make(&pair, &left);
	netacct("attach", "--group", "g1", "--key", "flow", "left/v0", PAIR_SOURCE);
	for (unsigned int i = 0; i < kinds_ipv4_count; i++)
		pair_exchange(&pair, &kinds_ipv4[i], 2);
	for (unsigned int i = 0; i < kinds_other_count; i++)
		pair_exchange(&pair, &kinds_other[i], 3);
	pair_expect(&pair, KEY_FLOW);
	meter_expect(LEFT_ID, &left, KEY_FLOW);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_text("one meter", json_text(dump_source(&dump, LEFT_ID), "metadata.meter"),
		    json_text(dump_source(&dump, PAIR_ID), "metadata.meter"));
	netacct("verify");
	netacct("detach", "--all");
}

/* The hooks differ, the maps are the same. */
TEST(group, one_by_xdp)
{
	_cleanup_ledger_ struct ledger left = {0};
	_cleanup_pair_ struct pair pair;

	group_make(&pair, &left);
	netacct("attach", "--group", "g1", "--key", "flow", "left/v0");
	netacct("attach", "--group", "g1", "--key", "flow", "--xdp=native", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 100);
	sender_flows(&pair.out, &packet_datagram, 100);
	pair_expect(&pair, KEY_FLOW);
	meter_expect(LEFT_ID, &left, KEY_FLOW);
	netacct("verify");
}

/* One leaves: the other goes on, and what the first has not drained stays listed. */
TEST(group, one_leaves)
{
	_cleanup_ledger_ struct ledger left = {0}, departed = {0};
	_cleanup_dump_ struct dump first = {0}, second = {0};
	_cleanup_pair_ struct pair pair;

	group_make(&pair, &left);
	netacct("attach", "--group", "g1", "--key", "flow", "left/v0", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 30);
	meter_expect(LEFT_ID, &left, KEY_FLOW);
	netacct("detach", "left/v0");
	pair.in.sent = pair.out.received = NULL;
	sender_flows(&pair.in, &packet_datagram, 20);
	pair_expect(&pair, KEY_FLOW);
	dump_run(&first, ARGUMENTS("drain", "-j"));
	json_flows(dump_source(&first, LEFT_ID), &departed);
	expect_flows(&left, &departed);
	dump_run(&second, ARGUMENTS("dump", "-j"));
	expect_number("sources after the drain", 1, dump_sources(&second));
	netacct("verify");
}

TEST(group, is_full)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_veth("left", "w0", "right", "w1");
	netacct("attach", "--group", "g1", "--max-sources", "2", "left/v0", "left/w0");
	netacct_refuses(1, "full", "attach", "--group", "g1", PAIR_SOURCE);
	netacct("verify");
}

/* What a group is was settled when it was made. */
TEST(group, other_options_are_refused)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--group", "g1", "--key", "flow", "left/v0");
	netacct_refuses(1, "host", "attach", "--group", "g1", "--key", "host", PAIR_SOURCE);
	netacct("verify");
}

/* The matches of a pattern share a meter, over namespaces too. */
TEST(group, patterns)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_ledger_ struct ledger left = {0};
	_cleanup_pair_ struct pair pair;

	group_make(&pair, &left);
	world_veth("left", "w0", "right", "w1");
	netacct("attach", "--key", "flow", "[lr]*t/[vw]*");
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_number("sources", 4, dump_sources(&dump));
	expect_text("one meter", json_text(dump_source(&dump, "left--w0"), "metadata.meter"),
		    json_text(dump_source(&dump, "right--w1"), "metadata.meter"));
	sender_flows(&pair.in, &packet_datagram, 30);
	sender_flows(&pair.out, &packet_datagram, 10);
	pair_expect(&pair, KEY_FLOW);
	meter_expect(LEFT_ID, &left, KEY_FLOW);
	netacct("verify");
	netacct("detach", "left/*");
	dump_clear(&dump);
	dump_run(&dump, ARGUMENTS("list-all", "-j"));
	CHECK(!json_at(list_interface(&dump, "left", "w0"), "meter"), "left/w0 has a meter");
	expect_text("the meter", "right--w1",
		    json_text(list_interface(&dump, "right", "w1"), "meter.id"));
}

/* Ten sources under both CPUs' load: none gets another's packets. */
TEST(group, many_sources)
{
	struct ledger ledgers[10] = {{0}};
	struct flood floods[10] = {{0}};
	char name[16], peer[16], id[32];

	world_netns_add("left");
	world_netns_add("right");
	for (unsigned int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "m%u", i);
		snprintf(peer, sizeof(peer), "n%u", i);
		world_veth("right", name, "left", peer);
	}
	netacct("attach", "--group", "g1", "--key", "flow", "right/m*");
	for (unsigned int i = 0; i < 10; i++) {
		floods[i] = (struct flood){.ns = "right",
					   .packet = packet_datagram,
					   .flows = 20 + i,
					   .packets = scaled(40000) + 2 * i,
					   .threads = 2,
					   .sent = &ledgers[i]};
		snprintf(name, sizeof(name), "m%u", i);
		floods[i].name = name;
		flood_start(&floods[i]);
	}
	for (unsigned int i = 0; i < 10; i++) {
		flood_wait(&floods[i]);
		snprintf(id, sizeof(id), "right--m%u", i);
		meter_expect(id, &ledgers[i], KEY_FLOW);
	}
	netacct("verify");
	for (unsigned int i = 0; i < 10; i++)
		ledger_clear(&ledgers[i]);
}

/* Who comes after it has its place in the maps, and begins at nothing. */
TEST(group, a_place_is_used_again)
{
	_cleanup_ledger_ struct ledger left = {0}, fresh = {0};
	_cleanup_pair_ struct pair pair;

	group_make(&pair, &left);
	netacct("attach", "--group", "g1", "--max-sources", "2", "left/v0", PAIR_SOURCE);
	pair_exchange(&pair, &packet_datagram, 7);
	pair_expect(&pair, KEY_HOST_PAIR);
	netacct("detach", PAIR_SOURCE);
	netacct("drain");
	netacct("attach", "--group", "g1", PAIR_SOURCE);
	pair.in.received = pair.out.sent = &fresh;
	pair_exchange(&pair, &packet_datagram, 3);
	meter_expect(PAIR_ID, &fresh, KEY_HOST_PAIR);
	netacct("verify");
	netacct("detach", "--all");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A meter while it is attached: its names, its interface, what verify says of it. */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

/* METER may be given as id, tag or source. */
TEST(meter, a_meter_has_three_names)
{
	static const char *const names[] = {PAIR_ID, "edge.1", PAIR_SOURCE};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--tag", "edge.1", "-n", "right", "v1");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_dump_ struct dump dump = {0};

		dump_run(&dump, ARGUMENTS("dump", "-j", names[i]));
		expect_text("tag", "edge.1",
			    json_text(dump_source(&dump, PAIR_ID), "metadata.tag"));
		netacct("verify", names[i]);
	}
	netacct("detach", "-n", "right", "v1");
}

/* Renamed, taken down and up: the same meter, and it goes on counting. */
TEST(meter, survives_rename_and_down)
{
	struct packet datagram = {.family = AF_INET,
				  .source = "10.1.0.0",
				  .destination = "10.2.0.1",
				  .protocol = IPPROTO_UDP,
				  .source_port = 1,
				  .destination_port = 2};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 10);
	world_rename("right", "v1", "wan0");
	sleep_ms(100);
	sender_flows(&pair.in, &datagram, 10);
	pair_expect(&pair, KEY_FLOW);
	netacct("detach", PAIR_ID);
}

/* Statistics that the kernel keeps of the interface are the same: no driver in between. */
TEST(meter, agrees_with_the_interface)
{
	struct packet datagram = {.family = AF_INET,
				  .source = "10.1.0.0",
				  .destination = "10.2.0.1",
				  .protocol = IPPROTO_UDP,
				  .source_port = 1,
				  .destination_port = 2,
				  .payload = 300};
	_cleanup_ledger_ struct ledger got = {0};
	struct world_counters before, after;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_counters("right", "v1", &before);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 200);
	sender_flows(&pair.out, &datagram, 100);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	world_counters("right", "v1", &after);
	expect_number("rx packets", after.rx_packets - before.rx_packets,
		      got.seen.packets[LEDGER_RX]);
	expect_number("rx bytes", after.rx_bytes - before.rx_bytes, got.seen.bytes[LEDGER_RX]);
	expect_number("tx packets", after.tx_packets - before.tx_packets,
		      got.seen.packets[LEDGER_TX]);
	expect_number("tx bytes", after.tx_bytes - before.tx_bytes, got.seen.bytes[LEDGER_TX]);
}

/* A build that forgets one bucket: verify has to find it. */
TEST(meter, verify_finds_a_lost_bucket)
{
	_cleanup_free_ char *broken = build_path("netacct-drop-3");
	struct packet datagram = {.family = AF_INET,
				  .source = "10.1.0.0",
				  .destination = "10.2.0.1",
				  .protocol = IPPROTO_UDP};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	if (access(broken, X_OK))
		skip("%s is not built", broken);
	tool_use(broken);
	pair_make(&pair, 0);
	netacct("attach", "--max-flows", "10", PAIR_SOURCE);
	netacct("verify");
	sender_flows(&pair.in, &datagram, 5000);
	tool_run(&run, ARGUMENTS("verify"));
	expect_number("exit status of verify", 3, (uint64_t)run.status);
}

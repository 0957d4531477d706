// SPDX-License-Identifier: GPL-2.0-or-later
/* The measuring tools themselves: senders and oracle, without the program under test. */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "kinds.h"
#include "pair.h"
#include "peer.h"
#include "reports.h"
#include "tool.h"
#include "world.h"

/* The oracle looks behind neither tags nor extension headers. */
static bool simple(const struct packet *packet)
{
	return !packet->vlan[0].type && !packet->extension_count && packet->protocol != 136;
}

static void send_simple(struct sender *sender, const struct packet *kinds, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (simple(&kinds[i]))
			sender_send(sender, &kinds[i], 1 + i);
}

static void await_arrival(struct peer *peer, uint64_t expected)
{
	uint64_t deadline = now_ms() + 3000, packets, bytes;

	do {
		peer_total(peer, &packets, &bytes);
		if (packets >= expected)
			return;
		sleep_ms(10);
	} while (now_ms() < deadline);
}

/* What senders say they sent is what the oracle saw, flow by flow. */
TEST(self, oracle_agrees_with_sender)
{
	_cleanup_ledger_ struct ledger seen = {0};
	_cleanup_peer_ struct peer peer = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	peer_attach(&peer, "right", "v1");
	send_simple(&pair.in, kinds_ipv4, kinds_ipv4_count);
	send_simple(&pair.in, kinds_ipv6, kinds_ipv6_count);
	await_arrival(&peer, pair.ledger.seen.packets[LEDGER_RX]);
	peer_read(&peer, LEDGER_RX, &seen);
	expect_ledger(&pair.ledger, &seen);
}

TEST(self, nothing_is_sent_by_itself)
{
	_cleanup_peer_ struct peer peer = {0};
	_cleanup_pair_ struct pair pair;
	uint64_t packets, bytes;

	pair_make(&pair, 0);
	peer_attach(&peer, "right", "v1");
	sleep_ms(500);
	peer_total(&peer, &packets, &bytes);
	expect_number("packets", 0, packets);
}

/* The interface's counters are a third witness. */
TEST(self, interface_agrees_with_sender)
{
	struct world_counters before, after;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_counters("right", "v1", &before);
	for (unsigned int i = 0; i < kinds_other_count; i++)
		pair_exchange(&pair, &kinds_other[i], 7);
	for (unsigned int i = 0; i < kinds_ipv6_count; i++)
		pair_exchange(&pair, &kinds_ipv6[i], 7);
	sleep_ms(100);
	world_counters("right", "v1", &after);
	expect_number("rx packets", pair.ledger.seen.packets[LEDGER_RX],
		      after.rx_packets - before.rx_packets);
	expect_number("rx bytes", pair.ledger.seen.bytes[LEDGER_RX],
		      after.rx_bytes - before.rx_bytes);
	expect_number("tx packets", pair.ledger.seen.packets[LEDGER_TX],
		      after.tx_packets - before.tx_packets);
	expect_number("tx bytes", pair.ledger.seen.bytes[LEDGER_TX],
		      after.tx_bytes - before.tx_bytes);
}

/* A flood's ledger is what the oracle saw, less what it was told was refused. */
TEST(self, flood_is_booked)
{
	struct flood flood = {
		.ns = "left",
		.name = "v0",
		.flows = 37,
		.threads = 2,
		.packets = scaled(200000),
		.packet = {.family = AF_INET,
			   .source = "10.1.0.0",
			   .destination = "10.2.0.1",
			   .protocol = IPPROTO_UDP,
			   .source_port = 1,
			   .destination_port = 2},
	};
	_cleanup_ledger_ struct ledger seen = {0};
	struct world_counters before, after;
	_cleanup_peer_ struct peer peer = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	peer_attach(&peer, "right", "v1");
	world_counters("left", "v0", &before);
	flood.sent = &pair.ledger;
	flood_start(&flood);
	flood_wait(&flood);
	sleep_ms(200);
	world_counters("left", "v0", &after);
	peer_read(&peer, LEDGER_RX, &seen);
	expect_number("sent and dropped",
		      pair.ledger.seen.packets[LEDGER_TX] - (after.tx_dropped - before.tx_dropped),
		      seen.seen.packets[LEDGER_RX]);
}

/* Also of a program that has no capabilities left, and in a test's own process namespace. */
TEST_ON_DEMAND(self, a_leak_is_reported)
{
	_cleanup_free_ char *program = build_path("sanitize/tests/leak");
	_cleanup_run_ struct run run = {0};
	char summary[1024];

	if (!reports_wanted())
		skip("no sanitizers");
	tool_use(program);
	tool_run(&run, ARGUMENTS("unused"));
	CHECK(run.status != 0 && run.status != 2, "the leak was not found: exit status %d: %s",
	      run.status, run.err);
	expect_number("reports", 1, reports_take(false, summary, sizeof(summary)));
	expect_contains("the report", "leaked", summary);
}

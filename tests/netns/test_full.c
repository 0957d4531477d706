// SPDX-License-Identifier: GPL-2.0-or-later
/* More flows than there is room for: counted, each in one bucket. */
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"

static const struct packet datagram = {
	.family = AF_INET,
	.source = "10.1.0.0",
	.destination = "10.2.0.1",
	.protocol = IPPROTO_UDP,
	.source_port = 4000,
	.destination_port = 53,
	.payload = 100,
};

/*
 * No flow ever leaves, so one that is in was in from its first packet: what
 * is listed is listed whole, and what is not listed is overflow.
 */
static void expect_partition(const struct ledger *sent, struct ledger *got)
{
	_cleanup_ledger_ struct ledger all = {0};
	struct ledger_count rest = got->accounted;

	ledger_coarsen(sent, KEY_HOST_PAIR, &all);
	for (size_t i = 0; i < got->count; i++)
		expect_count("a listed flow", &ledger_flow(&all, &got->flows[i].key)->count,
			     &got->flows[i].count);
	expect_count("seen", &sent->seen, &got->seen);
	count_add(&rest, &got->overflow);
	expect_count("accounted and overflow together", &sent->seen, &rest);
	expect_balance(got);
}

static void check_full(const char *hook)
{
	_cleanup_ledger_ struct ledger got = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	if (hook)
		netacct("attach", "--max-flows", "100", hook, PAIR_SOURCE);
	else
		netacct("attach", "--max-flows", "100", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 10000);
	sender_flows(&pair.out, &datagram, 10000);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	CHECK(got.count >= 100, "room for 100 flows, but only %zu are listed", got.count);
	CHECK(got.overflow.packets[LEDGER_RX] && got.overflow.packets[LEDGER_TX],
	      "10,000 flows and no overflow");
	expect_partition(&pair.ledger, &got);
	netacct("verify");
}

TEST(full, tc)
{
	check_full(NULL);
}

TEST(full, xdp)
{
	check_full("--xdp=native");
}

/* As many as were asked for always fit, in both directions. */
TEST(full, what_was_asked_for_fits)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--max-flows", "1000", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 1000);
	sender_flows(&pair.out, &datagram, 1000);
	pair_expect(&pair, KEY_HOST_PAIR);
}

/* A drain makes room again. */
TEST(full, drain_makes_room)
{
	struct packet later = datagram;
	_cleanup_ledger_ struct ledger got = {0}, fresh = {0};
	_cleanup_pair_ struct pair pair;

	later.source = "10.7.0.0";
	pair_make(&pair, 0);
	netacct("attach", "--max-flows", "100", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 10000);
	netacct("drain", PAIR_ID);
	pair.in.received = &fresh;
	sender_flows(&pair.in, &later, 50);
	ledger_merge(&pair.ledger, &fresh);
	meter_settle(PAIR_ID, &pair.ledger, &got);
	expect_number("flows after the drain", 50, got.count);
	expect_balance(&got);
}

/*
 * Both CPUs meet flows that are new to both: in the first table, behind it
 * where there is no room left, and when that is full too.
 */
TEST(full, new_flows_on_both_cpus)
{
	struct flood flood = {.ns = "right",
			      .name = "v1",
			      .packet = datagram,
			      .flows = 1300,
			      .packets = 2 * 2 * 1300,
			      .threads = 2};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--max-flows", "100", "--key", "flow", PAIR_SOURCE);
	flood.sent = &pair.ledger;
	for (uint64_t round = 0; round < scaled(100); round++) {
		_cleanup_ledger_ struct ledger got = {0};

		flood_start(&flood);
		flood_wait(&flood);
		meter_settle(PAIR_ID, &pair.ledger, &got);
		expect_balance(&got);
		netacct("drain", PAIR_ID);
	}
	netacct("verify");
}

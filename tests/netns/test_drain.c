// SPDX-License-Identifier: GPL-2.0-or-later
/* Draining loses nothing and hands out nothing twice, whatever goes on meanwhile. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "peer.h"
#include "tool.h"
#include "world.h"

/* Drains once and adds what it printed; returns the generation it was printed under. */
static uint64_t drain_into(struct ledger *drained)
{
	_cleanup_ledger_ struct ledger part = {0};
	_cleanup_dump_ struct dump dump = {0};
	struct json_object *source;

	dump_run(&dump, ARGUMENTS("drain", "-j", PAIR_ID));
	source = dump_source(&dump, PAIR_ID);
	json_flows(source, &part);
	ledger_merge(drained, &part);
	return json_number(source, "metadata.generation");
}

/* What was handed out and what is still there make up everything that was sent. */
static void expect_all(const struct ledger *expected, struct ledger *drained)
{
	_cleanup_ledger_ struct ledger rest = {0}, wanted = {0};
	struct ledger_count handed_out = ledger_sum(drained);

	ledger_coarsen(expected, KEY_FLOW, &wanted);
	meter_settle(PAIR_ID, expected, &rest);
	expect_count("handed_out", &handed_out, &rest.handed_out);
	expect_balance(&rest);
	expect_count("seen", &expected->seen, &rest.seen);
	ledger_merge(drained, &rest);
	expect_flows(&wanted, drained);
}

static unsigned int drain_while(const struct flood *one, const struct flood *other,
				unsigned int least, struct ledger *drained)
{
	unsigned int drains = 0, during = 0;
	uint64_t generation, last = 0;

	while (drains < least || flood_running(one) || flood_running(other)) {
		generation = drain_into(drained);
		CHECK(!drains || generation == last + 1, "generation: expected %llu, got %llu",
		      (unsigned long long)last + 1, (unsigned long long)generation);
		last = generation;
		drains++;
		during += flood_running(one) || flood_running(other);
	}
	return during;
}

/*
 * What goes out is exact as sent. What comes in may find no room in the veth;
 * native XDP before the meter says what did.
 */
TEST(drain, under_flood)
{
	struct flood out = {.ns = "right",
			    .name = "v1",
			    .packet = packet_datagram,
			    .flows = 500,
			    .packets = scaled(6000000),
			    .threads = 2};
	struct flood in = {.ns = "left",
			   .name = "v0",
			   .packet = packet_datagram,
			   .flows = 500,
			   .packets = scaled(4000000),
			   .threads = 2};
	_cleanup_ledger_ struct ledger arrived = {0}, drained = {0};
	_cleanup_peer_ struct peer peer = {0};
	_cleanup_pair_ struct pair pair;
	unsigned int during;

	in.packet.source = "10.3.0.0";
	pair_make(&pair, 0);
	peer_attach(&peer, "right", "v1");
	netacct("attach", "--key", "flow", "--max-flows", "4096", PAIR_SOURCE);
	out.sent = &pair.ledger;
	flood_start(&out);
	flood_start(&in);
	during = drain_while(&out, &in, (unsigned int)scaled(200), &drained);
	flood_wait(&out);
	flood_wait(&in);
	CHECK(during >= scaled(50), "only %u drains while packets flowed", during);
	sleep_ms(200);
	peer_read(&peer, LEDGER_RX, &arrived);
	ledger_merge(&pair.ledger, &arrived);
	expect_all(&pair.ledger, &drained);
	netacct("verify");
}

/* Packets that are still under way when a drain flips the halves. */
static void delay(const char *ns, const char *name)
{
	/* the kernel counts netem's time in units of 64 ns (PSCHED_SHIFT) */
	const struct tc_netem_qopt options = {
		.latency = 30000000 / 64, .jitter = 15000000 / 64, .limit = 100000};
	int error = world_qdisc_try(ns, name, "netem", &options, sizeof(options));

	if (error == -EOPNOTSUPP)
		skip("no netem in this kernel");
	CHECK(!error, "netem on %s: %s", name, strerror(-error));
}

TEST(drain, through_a_delay)
{
	_cleanup_ledger_ struct ledger drained = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	delay("left", "v0");
	delay("right", "v1");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	for (unsigned int i = 0; i < 20; i++) {
		sender_flows(&pair.in, &packet_datagram, 30);
		sender_flows(&pair.out, &packet_datagram, 40);
		drain_into(&drained);
	}
	CHECK(drained.count >= 70, "only %zu flows were drained", drained.count);
	expect_all(&pair.ledger, &drained);
	netacct("verify");
}

TEST(drain, twice_is_empty)
{
	_cleanup_ledger_ struct ledger first = {0}, second = {0};
	_cleanup_pair_ struct pair pair;
	uint64_t generation;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 100);
	sender_flows(&pair.out, &packet_datagram, 50);
	generation = drain_into(&first);
	expect_flows(&pair.ledger, &first);
	expect_number("the next generation", generation + 1, drain_into(&second));
	expect_number("flows of a second drain", 0, second.count);
	expect_all(&pair.ledger, &first);
}

/* As `netacct drain | head -c 500`: the output is cut, so nothing counts as handed out. */
static void drain_cut(const char *format)
{
	_cleanup_run_ struct run run = {0};
	struct tool tool;

	tool_start(&tool, ARGUMENTS("drain", "--format", format, PAIR_ID));
	tool.limit = 500;
	tool_finish(&tool, &run);
	CHECK(run.status != 0, "a drain into a closed pipe: expected a failure, got 0");
}

TEST(drain, closed_pipe_loses_nothing)
{
	_cleanup_ledger_ struct ledger kept = {0}, drained = {0};
	_cleanup_pair_ struct pair pair;
	uint64_t generation;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 1000);
	generation = drain_into(&drained);
	sender_flows(&pair.in, &packet_datagram, 5000);
	drain_cut("json");
	drain_cut("ndjson");
	sender_flows(&pair.out, &packet_datagram, 10);
	meter_settle(PAIR_ID, &pair.ledger, &kept);
	expect_balance(&kept);
	/* what the cut one held is printed again, under the number that it had */
	expect_number("generation after the failures", generation + 1, drain_into(&drained));
	expect_all(&pair.ledger, &drained);
}

/* Also records that came while the failed drain's were waiting. */
TEST(drain, after_a_failure_in_parts)
{
	_cleanup_ledger_ struct ledger drained = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	for (unsigned int i = 0; i < 4; i++) {
		sender_flows(&pair.in, &packet_datagram, 3000);
		drain_cut("json");
		sender_flows(&pair.out, &packet_datagram, 100 * i);
	}
	for (unsigned int i = 0; i < 3; i++)
		drain_into(&drained);
	expect_all(&pair.ledger, &drained);
	netacct("verify");
}

TEST(drain, of_all_meters)
{
	_cleanup_ledger_ struct ledger left = {0}, got = {0};
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	pair.in.sent = pair.out.received = &left;
	netacct("attach", "--key", "flow", "left/v0", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 40);
	sender_flows(&pair.out, &packet_datagram, 60);
	dump_run(&dump, ARGUMENTS("drain", "-j"));
	expect_number("sources", 2, dump_sources(&dump));
	json_flows(dump_source(&dump, PAIR_ID), &got);
	expect_flows(&pair.ledger, &got);
	ledger_clear(&got);
	json_flows(dump_source(&dump, "left--v0"), &got);
	expect_flows(&left, &got);
}

/* The final totals of a detach, records first. */
TEST(drain, by_detach)
{
	_cleanup_ledger_ struct ledger got = {0};
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 40);
	dump_run(&dump, ARGUMENTS("detach", "--drain", "-j", PAIR_SOURCE));
	json_flows(dump_source(&dump, PAIR_ID), &got);
	expect_flows(&pair.ledger, &got);
}

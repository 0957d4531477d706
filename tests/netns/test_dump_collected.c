// SPDX-License-Identifier: GPL-2.0-or-later
/* A dump is the total since attach, whoever drains meanwhile, and never goes backwards. */
#define _GNU_SOURCE 1
#ifdef HAVE_SQLITE3
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json_object.h>
#include <netacct/cleanup.h>

#include "collecting.h"
#include "crash.h"
#include "dump.h"
#include "harness.h"
#include "pair.h"

#define FLOWS 50u

/* Until it is stopped. */
static void begin_flood(struct flood *flood, struct pair *pair)
{
	*flood = (struct flood){.ns = "left",
				.name = "v0",
				.packet = packet_datagram,
				.flows = FLOWS,
				.packets = UINT32_MAX,
				.threads = 1,
				.received = &pair->ledger};
	flood_start(flood);
}

static void end_flood(struct flood *flood)
{
	flood_stop(flood);
	flood_wait(flood);
}

static void not_less(const char *what, uint64_t before, uint64_t now)
{
	CHECK(now >= before, "%s went back from %llu to %llu", what, (unsigned long long)before,
	      (unsigned long long)now);
}

static void no_count_less(const struct ledger_count *before, const struct ledger_count *now)
{
	for (int direction = 0; direction < LEDGER_DIRECTIONS; direction++) {
		not_less("packets", before->packets[direction], now->packets[direction]);
		not_less("bytes", before->bytes[direction], now->bytes[direction]);
	}
}

/* One more dump: each flow has what it had the last time, or more. */
static void look(struct ledger *last)
{
	struct ledger now = {0};

	dump_one(PAIR_ID, &now);
	for (size_t i = 0; i < last->count; i++)
		no_count_less(&last->flows[i].count,
			      &ledger_flow(&now, &last->flows[i].key)->count);
	no_count_less(&last->seen, &now.seen);
	ledger_clear(last);
	*last = now;
}

static void look_for(struct ledger *last, unsigned int least, unsigned int milliseconds)
{
	uint64_t deadline = now_ms() + milliseconds;

	for (unsigned int looks = 0; looks < least || now_ms() < deadline; looks++)
		look(last);
}

static void expect_drains(const struct run *run)
{
	expect_contains("stderr", "meters drained: 1", run->err);
}

/* Its last words are the total, too; and nothing is left of it. */
static void detach(struct pair *pair)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	_cleanup_dump_ struct dump dump = {0};

	ledger_coarsen(&pair->ledger, KEY_FLOW, &wanted);
	dump_run(&dump, ARGUMENTS("detach", "-j", "--drain", PAIR_ID));
	dump_ledger(&dump, PAIR_ID, &got);
	expect_flows(&wanted, &got);
	expect_count("seen", &pair->ledger.seen, &got.seen);
	expect_number("meters that are left", 0, collecting_meters());
}

TEST(dump_collected, never_goes_backwards)
{
	_cleanup_ledger_ struct ledger last = {0};
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	struct flood flood;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	begin_flood(&flood, &pair);
	look_for(&last, 10, 1500);
	end_flood(&flood);
	look(&last);
	pair_expect(&pair, KEY_FLOW);
	collecting_end(&collecting, SIGTERM, &run);
	expect_drains(&run);
	collecting_expect(&pair.ledger);
}

/* Killed wherever it is, and started again. */
TEST(dump_collected, while_the_collector_is_killed)
{
	_cleanup_ledger_ struct ledger last = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	struct flood flood;

	pair_make(&pair, 0);
	collecting_configure(", \"persist\": true");
	for (unsigned int i = 0; i < 6; i++) {
		_cleanup_run_ struct run run = {0};

		collecting_begin(&collecting);
		if (!i)
			begin_flood(&flood, &pair);
		look_for(&last, 1, 150 + 37 * i);
		collecting_end(&collecting, SIGKILL, &run);
		look(&last);
	}
	end_flood(&flood);
	pair_expect(&pair, KEY_FLOW);
	look(&last);
	detach(&pair);
}

/*
 * Before it changes something, where it did not the call before: so also
 * between storing a generation and retiring it, when the history and the
 * kernel have it both.
 */
static void kill_before_each_change(void (*judge)(struct pair *pair, struct ledger *handed_out))
{
	const char *const *once = ARGUMENTS("collect", "-c", COLLECTING_CONFIG, "--once");
	_cleanup_inject_points_ struct inject_points points = {0};
	_cleanup_ledger_ struct ledger handed_out = {0};
	_cleanup_run_ struct run first = {0};
	_cleanup_stage_ struct stage stage;
	unsigned int kills = 0;

	stage_make(&stage);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	collecting_configure("");
	/* each run finds what an unbroken one has left: so it makes the same calls */
	tool_do(once);
	stage_traffic(&stage);
	inject_count(&points, &first, once);
	for (unsigned int i = 1; i < points.count; i++) {
		struct injection kill = {.action = INJECT_KILL_BEFORE, .point = i + 1};
		_cleanup_run_ struct run run = {0};

		if (!points.changes[i] || points.changes[i - 1])
			continue;
		tool_do(once);
		stage_traffic(&stage);
		inject_run(&kill, &run, once);
		context("killed before call %u, %s", kill.point, kill.call);
		judge(&stage.pair, &handed_out);
		kills += kill.reached;
	}
	context("%s", "");
	CHECK(kills >= 8, "it was killed %u times", kills);
	if (handed_out.count)
		netacct("detach", "--all");
	else
		detach(&stage.pair);
}

static void dump_is_all(struct pair *pair, struct ledger *handed_out)
{
	(void)handed_out;
	pair_expect(pair, KEY_FLOW);
}

TEST(dump_collected, killed_before_each_change)
{
	kill_before_each_change(dump_is_all);
}

/* Somebody drains before the next collector comes: what was stored is not handed out, too. */
static void dump_and_drain_are_all(struct pair *pair, struct ledger *handed_out)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0}, drained = {0};
	_cleanup_dump_ struct dump dump = {0};

	meter_settle(PAIR_ID, &pair->ledger, &got);
	ledger_clear(&got);
	dump_run(&dump, ARGUMENTS("drain", "-j", PAIR_ID));
	json_flows(dump_source(&dump, PAIR_ID), &drained);
	ledger_merge(handed_out, &drained);
	dump_one(PAIR_ID, &got);
	ledger_merge(&got, handed_out);
	ledger_coarsen(&pair->ledger, KEY_FLOW, &wanted);
	expect_flows(&wanted, &got);
}

TEST(dump_collected, drained_after_a_kill)
{
	kill_before_each_change(dump_and_drain_are_all);
}

/* Ended as it should be: all is folded, and the meter counts on alone. */
TEST(dump_collected, after_the_collector)
{
	_cleanup_ledger_ struct ledger last = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure(", \"persist\": true");
	for (unsigned int i = 0; i < 3; i++) {
		collecting_begin(&collecting);
		sender_flows(&pair.in, &packet_datagram, FLOWS);
		look(&last);
		collecting_stop(&collecting);
		look(&last);
		sender_flows(&pair.out, &packet_datagram, FLOWS);
		pair_expect(&pair, KEY_FLOW);
	}
	detach(&pair);
}

#define MOST 20u

/* Sums of the records of a dump; ret_flows: how many have a key. */
static struct ledger_count sum_up(size_t *ret_flows)
{
	struct json_object *records, *source;
	struct ledger_count sum = {0};
	_cleanup_dump_ struct dump dump = {0};

	dump_run(&dump, ARGUMENTS("dump", "-j", PAIR_ID));
	source = dump_source(&dump, PAIR_ID);
	records = json_at(source, "traffic_data");
	*ret_flows = 0;
	for (size_t i = 0; i < json_object_array_length(records); i++) {
		struct json_object *record = json_object_array_get_idx(records, i);

		sum.packets[LEDGER_RX] += json_number(record, "rx_packets");
		sum.bytes[LEDGER_RX] += json_number(record, "rx_bytes");
		sum.packets[LEDGER_TX] += json_number(record, "tx_packets");
		sum.bytes[LEDGER_TX] += json_number(record, "tx_bytes");
		*ret_flows += strcmp(json_text(record, "source_ip"), "other") != 0;
	}
	return sum;
}

/* Beyond max_totals flows lose their names, and nothing else. */
TEST(dump_collected, no_more_than_max_totals)
{
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	struct ledger_count sum;
	size_t flows;

	pair_make(&pair, 0);
	collecting_write(COLLECTING_CONFIG,
			 "{\"polling_interval\": 0.2,\n"
			 " \"history\": {\"path\": \"" COLLECTING_HISTORY
			 "\", \"max_totals\": 20},\n"
			 " \"instances\": [{\"namespace\": \"right\", \"interface\": \"v1\", "
			 "\"key\": \"flow\", \"persist\": true}]}\n");
	for (unsigned int i = 0; i < 3; i++) {
		struct packet packet = packet_datagram;

		packet.source_plus = 10 * i;
		collecting_begin(&collecting);
		sender_flows(&pair.in, &packet, FLOWS);
		sender_flows(&pair.out, &packet, FLOWS);
		sum = sum_up(&flows);
		expect_count("the dump meanwhile", &pair.ledger.accounted, &sum);
		collecting_stop(&collecting);
		sum = sum_up(&flows);
		expect_count("the dump", &pair.ledger.accounted, &sum);
		expect_number("flows with a key", MOST, flows);
	}
}

#endif

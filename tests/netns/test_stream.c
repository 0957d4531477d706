// SPDX-License-Identifier: GPL-2.0-or-later
/* So many flows that they are printed as they are read, and never held all at once. */
#define _GNU_SOURCE 1
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/meter/hot_stream.h"
#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"
#include "usage.h"

/* Both ways these are more entries than a table that is read into memory has. */
#define FLOWS (HOT_STREAM_MIN * 5 / 8)
#define ROOM "40960"
_Static_assert(2 * FLOWS > HOT_STREAM_MIN, "a stream");
_Static_assert(FLOWS == 40960, "ROOM is as many");

static void exchange(struct pair *pair, const struct packet *packet, unsigned int flows)
{
	struct packet next = *packet;
	unsigned int i;

	for (i = 0; i < flows; i++) {
		next.source_plus = i;
		pair_exchange(pair, &next, 1);
	}
}

static void begin(struct pair *pair)
{
	pair_make(pair, 0);
	netacct("attach", "--key", "flow", "--max-flows", ROOM, PAIR_SOURCE);
	exchange(pair, &packet_datagram, FLOWS);
}

/* What a drain printed is what was sent. */
static void expect_drained(const struct dump *dump, const struct pair *pair)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	struct json_object *source = dump_source(dump, PAIR_ID);

	json_flows(source, &got);
	ledger_coarsen(&pair->ledger, KEY_FLOW, &wanted);
	expect_flows(&wanted, &got);
	CHECK(json_number(source, "metadata.total_entries") == got.count,
	      "total_entries is not %zu", got.count);
}

/* A field that follows traffic_data is in the same object all the same. */
TEST(stream, joins_both_ways)
{
	_cleanup_ledger_ struct ledger rest = {0};
	struct packet later = packet_datagram;
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;
	struct json_object *source;

	begin(&pair);
	/* the table is full: these are in the spill map, one way and both ways */
	later.destination_port = 54;
	exchange(&pair, &later, 200);
	sender_flows(&pair.out, &later, 100);
	pair_expect(&pair, KEY_FLOW);
	dump_run(&dump, ARGUMENTS("drain", "-j", PAIR_ID));
	expect_drained(&dump, &pair);
	source = dump_source(&dump, PAIR_ID);
	/* 10.2.0.1, and what the hundred were sent from */
	CHECK(json_number(source, "summary.unique_source_ips") == 101, "unique_source_ips");
	CHECK(json_number(source, "summary.unique_destination_ips") == FLOWS + 1,
	      "unique_destination_ips");
	CHECK(json_number(source, "summary.total_rx_packets") ==
		      pair.ledger.accounted.packets[LEDGER_RX],
	      "total_rx_packets is not what was sent");
	CHECK(json_number(source, "balance.difference") == 0, "the books do not balance");
	dump_one(PAIR_ID, &rest);
	CHECK(!rest.count, "%zu flows after the drain", rest.count);
	netacct("verify");
}

/* verify leaves the records of one half behind: a flow is in both, and still one. */
TEST(stream, merges_both_halves)
{
	_cleanup_pair_ struct pair pair;

	begin(&pair);
	netacct("verify");
	exchange(&pair, &packet_datagram, FLOWS);
	pair_expect(&pair, KEY_FLOW);
}

TEST(stream, other_keys_and_formats)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;
	size_t lines = 0, i;

	begin(&pair);
	dump_run(&dump, ARGUMENTS("dump", "-j", "--by", "host", PAIR_ID));
	dump_ledger(&dump, PAIR_ID, &got);
	ledger_coarsen(&pair.ledger, KEY_HOST, &wanted);
	expect_ledger(&wanted, &got);
	tool_run(&run, ARGUMENTS("dump", "--format", "csv", PAIR_ID));
	for (i = 0; i < run.out_size; i++)
		lines += run.out[i] == '\n';
	CHECK(lines == 1 + FLOWS, "%zu lines of CSV for %u flows", lines, FLOWS);
}

/* Nothing is passed off as whole that a drain has taken from meanwhile. */
TEST(stream, says_when_it_is_stale)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;
	struct tool slow_reader;

	begin(&pair);
	tool_start(&slow_reader, ARGUMENTS("dump", "-j", PAIR_ID));
	sleep_ms(500); /* it has filled the pipe */
	dump_run(&dump, ARGUMENTS("drain", "-j", PAIR_ID));
	tool_finish(&slow_reader, &run);
	CHECK(run.status == 1, "expected exit status 1, got %d", run.status);
	CHECK(strstr(run.err, "run it again") && strstr(run.err, PAIR_ID), "stderr: %s", run.err);
	expect_drained(&dump, &pair);
}

/* A drain that could not be printed to its end is printed again. */
TEST(stream, of_a_drain_that_is_cut_comes_again)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;
	struct tool cut;

	begin(&pair);
	tool_start(&cut, ARGUMENTS("drain", "-j", PAIR_ID));
	cut.limit = 100000;
	tool_finish(&cut, &run);
	CHECK(run.status != 0, "a drain into a closed pipe succeeds");
	dump_run(&dump, ARGUMENTS("drain", "-j", PAIR_ID));
	expect_drained(&dump, &pair);
	netacct("verify");
}

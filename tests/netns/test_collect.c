// SPDX-License-Identifier: GPL-2.0-or-later
/* The collector: what was sent is in its history and its file, once, whatever signal it gets. */
#define _GNU_SOURCE 1
#ifdef HAVE_SQLITE3
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "collecting.h"
#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "world.h"

TEST(collect, history_and_file_are_what_was_sent)
{
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	unsigned int i;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	for (i = 0; i < 8; i++) {
		collecting_traffic(&pair, 40, 25);
		sleep_ms(100);
	}
	collecting_stop(&collecting);
	collecting_expect(&pair.ledger);
}

TEST(collect, goes_on_after_a_restart)
{
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	unsigned int i;

	pair_make(&pair, 0);
	collecting_configure("");
	for (i = 0; i < 3; i++) {
		collecting_begin(&collecting);
		collecting_traffic(&pair, 40, 25);
		collecting_stop(&collecting);
	}
	collecting_expect(&pair.ledger);
}

/* The dump of one run is the total since attach, and never less than the one before. */
TEST(collect, dump_never_goes_backwards)
{
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	uint64_t last = 0, deadline;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	deadline = now_ms() + 2000;
	while (now_ms() < deadline) {
		_cleanup_ledger_ struct ledger got = {0};
		struct ledger_count sum;

		collecting_traffic(&pair, 40, 25);
		dump_one(PAIR_ID, &got);
		sum = ledger_sum(&got);
		CHECK(sum.packets[LEDGER_TX] >= last, "dump went back from %llu to %llu packets",
		      (unsigned long long)last, (unsigned long long)sum.packets[LEDGER_TX]);
		last = sum.packets[LEDGER_TX];
	}
	pair_expect(&pair, KEY_FLOW);
	collecting_stop(&collecting);
	collecting_expect(&pair.ledger);
}

TEST(collect, once_and_for_a_time)
{
	_cleanup_run_ struct run run = {0}, timed = {0};
	_cleanup_pair_ struct pair pair;
	uint64_t start;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	collecting_traffic(&pair, 40, 25);
	collecting_configure("");
	netacct("collect", "-c", COLLECTING_CONFIG, "--once");
	expect_number("meters: it was there before", 1, collecting_meters());
	netacct("detach", "-q", PAIR_SOURCE);
	start = now_ms();
	tool_run(&timed, ARGUMENTS("collect", "-c", COLLECTING_CONFIG, "--duration", "1"));
	expect_number("exit status", 0, (uint64_t)timed.status);
	CHECK(now_ms() - start >= 1000, "--duration 1 took %llu ms",
	      (unsigned long long)(now_ms() - start));
	collecting_expect(&pair.ledger);
	tool_run(&run, ARGUMENTS("collect", "-c", COLLECTING_CONFIG, "--once", "--debug"));
	expect_number("exit status", 0, (uint64_t)run.status);
	expect_contains("stderr", "meters drained: 1", run.err);
}

/* It waits for what is not there, and leaves no trace of having waited. */
TEST(collect, nothing_is_there)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run,
		 ARGUMENTS("collect", "--history", COLLECTING_HISTORY, "--duration", "1", "none0"));
	expect_number("exit status", 0, (uint64_t)run.status);
	expect_contains("stderr", "waited for", run.err);
	CHECK(access("/sys/fs/bpf/netacct", F_OK), "/sys/fs/bpf/netacct is left");
}

/* One interface, without a configuration. */
TEST(collect, one_interface)
{
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	struct ledger_count stored;

	pair_make(&pair, 0);
	collecting_start(&collecting, ARGUMENTS("collect", "--history", COLLECTING_HISTORY, "-n",
						"right", "v1", COLLECTING_OUTPUT));
	collecting_traffic(&pair, 40, 25);
	collecting_end(&collecting, SIGINT, &run);
	stored = collecting_history(COLLECTING_HISTORY);
	expect_count("the history", &pair.ledger.accounted, &stored);
	expect_number("meters that are left", 0, collecting_meters());
	tool_refuse(1, "nosuch",
		    ARGUMENTS("collect", "--once", "--history", COLLECTING_HISTORY, "nosuch"));
	netacct_refuses(2, "-c", "collect", "-c", COLLECTING_CONFIG, "v1");
}

TEST(collect, configuration_anew)
{
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 40, 25);
	collecting_write(COLLECTING_CONFIG, "{\"instances\": 5}");
	kill(collecting.tool.pid, SIGHUP);
	collecting_ready(&collecting);
	collecting_traffic(&pair, 40, 25);
	collecting_configure("}, {\"namespace\": \"left\", \"interface\": \"v0\"");
	kill(collecting.tool.pid, SIGHUP);
	collecting_ready(&collecting);
	expect_number("meters", 2, collecting_meters());
	collecting_traffic(&pair, 40, 25);
	collecting_configure("");
	kill(collecting.tool.pid, SIGHUP);
	collecting_ready(&collecting);
	collecting_traffic(&pair, 40, 25);
	sleep_ms(slow() ? 10000 : 1500);
	expect_number("meters", 1, collecting_meters());
	collecting_end(&collecting, SIGTERM, &run);
	expect_contains("stderr", "the configuration stays as it was", run.err);
	expect_contains("stderr", "configuration read again", run.err);
	expect_number("meters that are left", 0, collecting_meters());
}

TEST(collect, files_anew)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	uint64_t deadline = now_ms() + 10000;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 40, 25);
	collecting_await(&collecting, " 65 records");
	CHECK(!rename(COLLECTING_OUTPUT, COLLECTING_OUTPUT ".1"), "%m");
	kill(collecting.tool.pid, SIGUSR1);
	while (access(COLLECTING_OUTPUT, F_OK)) {
		CHECK(now_ms() < deadline, "no new file");
		sleep_ms(20);
	}
	ledger_coarsen(&pair.ledger, KEY_FLOW, &wanted);
	collecting_file(&got);
	expect_flows(&wanted, &got);
	collecting_traffic(&pair, 40, 25);
	collecting_stop(&collecting);
	collecting_expect(&pair.ledger);
}

TEST(collect, says_why_it_sees_nothing)
{
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 40, 25);
	collecting_await(&collecting, " 65 records");
	world_up("right", "v1", false);
	sleep_ms(slow() ? 10000 : 1000);
	world_up("right", "v1", true);
	world_await_up("right", "v1");
	collecting_traffic(&pair, 40, 25);
	sleep_ms(slow() ? 10000 : 500);
	collecting_end(&collecting, SIGTERM, &run);
	expect_contains("stderr", PAIR_ID ": no packets since 20", run.err);
	expect_contains("stderr", "packets again", run.err);
}

#define WHITELIST(ips) "{\"whitelist\": {\"a\": {\"ips\": [" ips "]}}}"

static void await_word(const struct collecting *collecting, const char *word)
{
	char text[4096] = "";
	size_t used = 0;
	ssize_t length;

	while (!strstr(text, word)) {
		CHECK(used < sizeof(text) - 1, "it says too much: %s", text);
		length = read(collecting->tool.err, text + used, sizeof(text) - 1 - used);
		CHECK(length > 0, "it ended: %s", text);
		used += (size_t)length;
		text[used] = '\0';
	}
}

/* Each packet goes to the one or the other, and from the change on to the other. */
TEST(collect, whitelist_under_traffic)
{
	struct flood flood = {.ns = "right",
			      .name = "v1",
			      .packet = packet_datagram,
			      .flows = 50,
			      .packets = 2000000000,
			      .threads = 1};
	_cleanup_ledger_ struct ledger before = {0}, got = {0}, sent = {0};
	struct ledger_count sum = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_write(COLLECTING_WHITELIST, WHITELIST("\"192.0.2.1\""));
	collecting_configure(", \"persist\": true, "
			     "\"whitelist_file\": \"" COLLECTING_WHITELIST "\"");
	collecting_start(&collecting, ARGUMENTS("collect", "-c", COLLECTING_CONFIG));
	flood.sent = &sent;
	flood_start(&flood);
	sleep_ms(500);
	collecting_write(COLLECTING_WHITELIST, "{\"whitelist\": {\"a\": {\"ips\": [7]}}}");
	await_word(&collecting, "the whitelist stays as it was");
	collecting_write(COLLECTING_WHITELIST, WHITELIST("\"10.2.0.1\""));
	await_word(&collecting, "whitelist read again");
	sleep_ms(600);
	dump_one(PAIR_ID, &before);
	sleep_ms(300);
	flood_stop(&flood);
	flood_wait(&flood);
	collecting_stop(&collecting);
	dump_one(PAIR_ID, &got);
	expect_count("seen", &sent.seen, &got.seen);
	count_add(&sum, &got.accounted);
	count_add(&sum, &got.excluded);
	expect_count("accounted + excluded", &sent.seen, &sum);
	CHECK(before.accounted.packets[LEDGER_TX] && before.excluded.packets[LEDGER_TX],
	      "nothing before the change, or nothing after it");
	expect_number("accounted after the change", before.accounted.packets[LEDGER_TX],
		      got.accounted.packets[LEDGER_TX]);
	netacct("verify");
	netacct("detach", "-q", "--all");
}
#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A collector whose interfaces and namespaces come, go, move and are called
 * otherwise. What its output files say is what the senders sent from the
 * moment that a dump showed the source as counted.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "follow.h"
#include "foreign.h"
#include "harness.h"
#include "life.h"
#include "world.h"

TEST(follow, interface_awaited)
{
	_cleanup_ledger_ struct ledger ledger = {0}, other = {0};
	_cleanup_run_ struct run run = {0};
	struct tool collector;

	follow_begin();
	world_veth(NULL, "here", "left", "h0");
	follow_start(&collector,
		     "{\"interface\": \"late\", \"output_file\": \"" FOLLOW_OUTPUT "\"},"
		     "{\"interface\": \"here\", \"output_file\": \"" FOLLOW_OUTPUT "\"}");
	follow_await(&collector, NULL, "here", "host--here");
	follow_traffic("h0", &other);
	world_veth(NULL, "late", "left", "l0");
	follow_await(&collector, NULL, "late", "host--late");
	follow_traffic("l0", &ledger);
	follow_traffic("h0", &other);
	/* made again: another interface of the same name */
	world_delete(NULL, "late");
	world_veth(NULL, "late", "left", "l0");
	follow_await(&collector, NULL, "late", "host--late");
	follow_traffic("l0", &ledger);
	follow_end(&collector, &run);
	expect_contains("stderr", "waited for", run.err);
	expect_collected(FOLLOW_OUTPUT, "host--late", &ledger);
	expect_collected(FOLLOW_OUTPUT, "host--here", &other);
	expect_no_pins();
}

TEST(follow, namespace_awaited)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	struct tool collector;

	follow_begin();
	follow_start(&collector, "{\"namespace\": \"late\", \"interface\": \"v1\", "
				 "\"output_file\": \"" FOLLOW_OUTPUT "\"}");
	sleep_ms(300);
	world_netns_add("late");
	world_veth("late", "v1", "left", "v0");
	follow_await(&collector, "late", "v1", "late--v1");
	follow_traffic("v0", &ledger);
	/* another of the same name: the collector must not hold the first one back */
	world_netns_delete("late");
	life_await_gone("left", "v0");
	world_netns_add("late");
	world_veth("late", "v1", "left", "v0");
	follow_await(&collector, "late", "v1", "late--v1");
	follow_traffic("v0", &ledger);
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "late--v1", &ledger);
	expect_no_pins();
}

TEST(follow, pattern)
{
	struct ledger ledgers[8] = {{0}};
	struct tool collector;
	char name[16], peer[16], id[32];
	unsigned int i;

	follow_begin();
	world_veth(NULL, "other", "left", "o0");
	follow_start(&collector,
		     "{\"interface\": \"veth*\", \"output_file\": \"" FOLLOW_OUTPUT "\"}");
	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "veth%u", i);
		snprintf(peer, sizeof(peer), "p%u", i);
		snprintf(id, sizeof(id), "host--veth%u", i);
		world_veth(NULL, name, "left", peer);
		follow_await(&collector, NULL, name, id);
		follow_traffic(peer, &ledgers[i]);
		if (i % 2)
			world_delete(NULL, name);
	}
	CHECK(!clsact_there(NULL, "other"), "what the pattern does not match was attached");
	follow_traffic("p0", &ledgers[0]);
	follow_stop(&collector);
	for (i = 0; i < 8; i++) {
		snprintf(id, sizeof(id), "host--veth%u", i);
		expect_collected(FOLLOW_OUTPUT, id, &ledgers[i]);
		ledger_clear(&ledgers[i]);
	}
	expect_no_pins();
	CHECK(!clsact_there(NULL, "veth0"), "the collector left its clsact");
}

/* A pattern of namespaces: also of those that have no name. */
TEST(follow, pattern_of_namespaces)
{
	_cleanup_ledger_ struct ledger one = {0}, moved = {0};
	struct tool collector;

	follow_begin();
	follow_start(&collector, "{\"namespace\": \"n*\", \"interface\": \"v*\", "
				 "\"output_file\": \"" FOLLOW_OUTPUT "\"}");
	sleep_ms(300);
	world_netns_add("n1");
	world_veth("n1", "v1", "left", "p1");
	follow_await(&collector, "n1", "v1", "n1--v1");
	follow_traffic("p1", &one);
	world_netns_add("n2");
	world_move("n1", "v1", "n2");
	world_up("n2", "v1", true);
	life_await("n2", "v1", "left", "p1");
	follow_await(&collector, "n2", "v1", "n2--v1");
	follow_traffic("p1", &moved);
	world_rename("n2", "v1", "v2");
	life_await("n2", "v2", "left", "p1");
	follow_traffic("p1", &moved);
	world_netns_delete("n2");
	life_await_gone("left", "p1");
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "n1--v1", &one);
	expect_collected(FOLLOW_OUTPUT, "n2--v1", &moved);
	expect_no_pins();
}

/* A literal name is left by an interface that is called otherwise, and taken by another. */
TEST(follow, renamed)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	struct tool collector;

	follow_begin();
	world_veth(NULL, "v1", "left", "p1");
	follow_start(&collector, "{\"interface\": \"v1\", \"output_file\": \"" FOLLOW_OUTPUT "\"}");
	follow_await(&collector, NULL, "v1", "host--v1");
	follow_traffic("p1", &ledger);
	world_rename(NULL, "v1", "v2");
	life_await(NULL, "v2", "left", "p1");
	world_veth(NULL, "v1", "left", "p2");
	follow_await(&collector, NULL, "v1", "host--v1");
	follow_traffic("p2", &ledger);
	CHECK(!clsact_there(NULL, "v2"), "what is called otherwise is still attached");
	follow_traffic("p1", NULL);
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "host--v1", &ledger);
	expect_no_pins();
}

/* What somebody attached is counted on, and is left as it was. */
TEST(follow, taken_over)
{
	_cleanup_ledger_ struct ledger ledger = {0};
	struct tool collector;

	follow_begin();
	world_veth(NULL, "v1", "left", "p1");
	netacct("attach", "v1");
	follow_traffic("p1", &ledger);
	follow_start(&collector, "{\"interface\": \"v*\", \"output_file\": \"" FOLLOW_OUTPUT "\"}");
	world_veth(NULL, "v2", "left", "p2");
	follow_await(&collector, NULL, "v2", "host--v2");
	follow_traffic("p1", &ledger);
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "host--v1", &ledger);
	/* its meter, and what says where the history is */
	expect_number("directories of pins", 2, pinned_meters());
	CHECK(clsact_there(NULL, "v1") && !clsact_there(NULL, "v2"), "the wrong one was left");
	netacct("verify");
	netacct("detach", "-q", "v1");
	expect_no_pins();
}

TEST(follow, of_another_collector)
{
	_cleanup_run_ struct run run = {0};
	struct tool first, second;

	follow_begin();
	world_veth(NULL, "v1", "left", "p1");
	follow_start(&first, "{\"interface\": \"v1\"}");
	follow_await(&first, NULL, "v1", "host--v1");
	tool_start(&second, ARGUMENTS("collect", "--history", "/run/other.db", "--duration", "3",
				      "v1", "/run/other.json"));
	tool_finish(&second, &run);
	expect_contains("stderr", "another collector", run.err);
	CHECK(clsact_there(NULL, "v1"), "the second one detached it");
	netacct("verify");
	follow_stop(&first);
	expect_no_pins();
}

/* Nothing is held any more, and the next collector knows what the first one made. */
TEST(follow, after_a_kill)
{
	_cleanup_ledger_ struct ledger ledger = {0}, gone = {0};
	struct tool collector;
	_cleanup_run_ struct run run = {0};
	static const char instances[] =
		"{\"interface\": \"v1\", \"output_file\": \"" FOLLOW_OUTPUT "\"},"
		"{\"interface\": \"g*\", \"output_file\": \"" FOLLOW_OUTPUT "\"}";

	follow_begin();
	world_veth(NULL, "v1", "left", "p1");
	world_veth(NULL, "g1", "left", "p2");
	follow_start(&collector, instances);
	follow_await(&collector, NULL, "v1", "host--v1");
	follow_await(&collector, NULL, "g1", "host--g1");
	follow_traffic("p1", &ledger);
	follow_traffic("p2", &gone);
	CHECK(!kill(collector.pid, SIGKILL), "kill: %s", strerror(errno));
	tool_finish(&collector, &run);
	follow_traffic("p1", &ledger);
	follow_traffic("p2", &gone);
	world_delete(NULL, "g1");
	follow_start(&collector, instances);
	world_veth(NULL, "g1", "left", "p2");
	follow_await(&collector, NULL, "g1", "host--g1");
	follow_traffic("p1", &ledger);
	follow_traffic("p2", &gone);
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "host--v1", &ledger);
	expect_collected(FOLLOW_OUTPUT, "host--g1", &gone);
	expect_no_pins();
}

/* Counted or not, gone at once or late: nothing stays, and what is counted is booked whole. */
TEST(follow, five_hundred)
{
	_cleanup_ledger_ struct ledger ledger = {0}, last = {0};
	struct tool collector;
	char name[16];
	unsigned int i, count = (unsigned int)scaled(500);

	follow_begin();
	world_veth(NULL, "veth-last", "left", "last");
	follow_start(&collector,
		     "{\"interface\": \"veth*\", \"output_file\": \"" FOLLOW_OUTPUT "\"}");
	follow_await(&collector, NULL, "veth-last", "host--veth-last");
	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "veth%u", i % 50);
		world_veth(NULL, name, "left", "peer");
		if (i % 50 == 0) {
			char id[32];

			snprintf(id, sizeof(id), "host--%s", name);
			follow_await(&collector, NULL, name, id);
			follow_traffic("peer", &ledger);
		}
		follow_traffic("last", &last);
		world_delete(NULL, name);
	}
	netacct("verify");
	follow_stop(&collector);
	expect_collected(FOLLOW_OUTPUT, "host--veth0", &ledger);
	expect_collected(FOLLOW_OUTPUT, "host--veth-last", &last);
	expect_no_pins();
	CHECK(!clsact_there(NULL, "veth-last"), "the collector left its clsact");
}

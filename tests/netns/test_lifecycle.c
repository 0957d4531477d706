// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces and namespaces go, come back and change their names; counts stay whose they are. */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "life.h"
#include "state.h"
#include "tool.h"
#include "world.h"

TEST(lifecycle, interface_deleted)
{
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--hook", "clsact");
	world_delete("right", "v1");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
	netacct("verify");
}

TEST(lifecycle, interface_deleted_under_tcx)
{
	_cleanup_foreign_ struct foreign probe;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_load(&probe, FOREIGN_TC, TC_ACT_UNSPEC);
	if (foreign_tcx_try(&probe, "left", "v0", true))
		skip("no tcx in this kernel");
	netacct("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE);
	life_traffic(&pair);
	pair_expect(&pair, KEY_FLOW);
	world_delete("right", "v1");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
}

TEST(lifecycle, interface_deleted_under_xdp)
{
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--xdp=native", "--hook=clsact");
	world_delete("right", "v1");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
}

/* Cleanup says the totals before it removes the meter. */
TEST(lifecycle, cleanup_of_a_deleted_interface)
{
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--hook", "clsact");
	sender_send(&pair.in, &packet_datagram, 313);
	pair_expect(&pair, KEY_FLOW);
	world_delete("right", "v1");
	tool_run(&run, ARGUMENTS("cleanup"));
	CHECK(!run.status, "cleanup: exit status %d, %s", run.status, run.err);
	expect_contains("cleanup", PAIR_ID, run.out);
	expect_contains("the totals", "328", run.out);
	expect_number("pinned meters", 0, pinned_meters());
}

/* The name is only a name. */
TEST(lifecycle, interface_renamed)
{
	_cleanup_dump_ struct dump list = {0};
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--hook", "clsact");
	world_rename("right", "v1", "renamed");
	life_await("right", "renamed", "left", "v0");
	life_traffic(&pair);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	expect_text("meter of right/renamed", PAIR_ID,
		    json_text(list_interface(&list, "right", "renamed"), "meter.id"));
	netacct_refuses(1, "already", "attach", "right/renamed");
	tool_run(&run, ARGUMENTS("cleanup"));
	CHECK(!run.status && !run.out_size, "cleanup of a renamed interface: %s%s", run.out,
	      run.err);
	expect_last_words(PAIR_ID, &pair.ledger);
	CHECK(!clsact_there("right", "renamed"), "detach left its clsact");
}

TEST(lifecycle, down_and_up)
{
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--hook", "clsact");
	for (unsigned int i = 0; i < 3; i++) {
		world_up("right", "v1", false);
		netacct("verify");
		world_up("right", "v1", true);
		life_await("right", "v1", "left", "v0");
		life_traffic(&pair);
		pair_expect(&pair, KEY_FLOW);
	}
	netacct("verify");
	expect_last_words(PAIR_ID, &pair.ledger);
}

/* The move drops clsact and its filters. */
TEST(lifecycle, interface_moved)
{
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--hook", "clsact");
	world_netns_add("third");
	world_move("right", "v1", "third");
	expect_gone(&pair);
	netacct("attach", "--key", "flow", "third/v1");
	expect_last_words(PAIR_ID, &pair.ledger);
	netacct("verify");
	expect_number("filters of the meter that came after", 2, filters_there("third", "v1"));
	netacct("detach", "third/v1");
	CHECK(!clsact_there("third", "v1"), "detach left its clsact");
}

/* Native XDP goes along with the device; with the meter it must go. */
TEST(lifecycle, interface_moved_with_xdp)
{
	_cleanup_pair_ struct pair pair;

	life_make(&pair, "--xdp=native", "--hook=clsact");
	world_netns_add("third");
	world_move("right", "v1", "third");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
	netacct("cleanup");
	expect_number("the program at XDP of third/v1", 0, xdp_there("third", "v1"));
}

TEST(lifecycle, interface_moved_with_tcx)
{
	_cleanup_foreign_ struct foreign probe;
	uint32_t ids[STATE_TCX_MAX];
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_load(&probe, FOREIGN_TC, TC_ACT_UNSPEC);
	if (foreign_tcx_try(&probe, "left", "v0", true))
		skip("no tcx in this kernel");
	netacct("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE);
	life_traffic(&pair);
	pair_expect(&pair, KEY_FLOW);
	world_netns_add("third");
	world_move("right", "v1", "third");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
	expect_number("tcx ingress programs", 0, (uint64_t)state_tcx("third", "v1", false, ids));
	expect_number("tcx egress programs", 0, (uint64_t)state_tcx("third", "v1", true, ids));
}

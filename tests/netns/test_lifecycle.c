// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces and namespaces go, come back and change their names; counts stay whose they are. */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "life.h"
#include "state.h"
#include "tool.h"
#include "world.h"

#define INDEX 77

static const struct packet datagram = {
	.family = AF_INET,
	.source = "10.1.0.0",
	.destination = "10.2.0.1",
	.protocol = IPPROTO_UDP,
	.source_port = 4000,
	.destination_port = 53,
	.payload = 20,
};

static void traffic(struct pair *pair)
{
	sender_flows(&pair->in, &datagram, 5);
	sender_flows(&pair->out, &datagram, 3);
}

/* The pair with a meter on right/v1 that has counted something. */
static void make(struct pair *pair, const char *option, const char *value)
{
	pair_make(pair, 0);
	netacct("attach", "--key", "flow", "--max-flows", "64", option, value, PAIR_SOURCE);
	traffic(pair);
	pair_expect(pair, KEY_FLOW);
}

static void make_plain(struct pair *pair)
{
	make(pair, "--hook", "clsact");
}

static void expect_gone(struct pair *pair)
{
	expect_verdict(PAIR_ID, "gone");
	expect_counts(PAIR_ID, &pair->ledger);
	expect_would_remove(PAIR_ID);
	expect_counts(PAIR_ID, &pair->ledger);
}

TEST(lifecycle, interface_deleted)
{
	_cleanup_pair_ struct pair pair;

	make_plain(&pair);
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
	traffic(&pair);
	pair_expect(&pair, KEY_FLOW);
	world_delete("right", "v1");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
}

TEST(lifecycle, interface_deleted_under_xdp)
{
	_cleanup_pair_ struct pair pair;

	make(&pair, "--xdp=native", "--hook=clsact");
	world_delete("right", "v1");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
}

/* Cleanup says the totals before it removes the meter. */
TEST(lifecycle, cleanup_of_a_deleted_interface)
{
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	make_plain(&pair);
	sender_send(&pair.in, &datagram, 313);
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

	make_plain(&pair);
	world_rename("right", "v1", "renamed");
	life_await("right", "renamed", "left", "v0");
	traffic(&pair);
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

	make_plain(&pair);
	for (unsigned int i = 0; i < 3; i++) {
		world_up("right", "v1", false);
		netacct("verify");
		world_up("right", "v1", true);
		life_await("right", "v1", "left", "v0");
		traffic(&pair);
		pair_expect(&pair, KEY_FLOW);
	}
	netacct("verify");
	expect_last_words(PAIR_ID, &pair.ledger);
}

/* The move drops clsact and its filters. */
TEST(lifecycle, interface_moved)
{
	_cleanup_pair_ struct pair pair;

	make_plain(&pair);
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

	make(&pair, "--xdp=native", "--hook=clsact");
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
	traffic(&pair);
	pair_expect(&pair, KEY_FLOW);
	world_netns_add("third");
	world_move("right", "v1", "third");
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
	expect_number("tcx ingress programs", 0, (uint64_t)state_tcx("third", "v1", false, ids));
	expect_number("tcx egress programs", 0, (uint64_t)state_tcx("third", "v1", true, ids));
}

/* Nothing of ours holds a namespace: with its last process it goes. */
static void take_namespace(struct pair *pair)
{
	sender_close(&pair->out);
	world_netns_delete("right");
	life_await_gone("left", "v0");
}

TEST(lifecycle, namespace_deleted)
{
	_cleanup_pair_ struct pair pair;

	make_plain(&pair);
	take_namespace(&pair);
	expect_gone(&pair);
	expect_last_words(PAIR_ID, &pair.ledger);
	netacct("verify");
}

static ino_t inode_of(const char *ns)
{
	_cleanup_close_ int fd = world_netns_open(ns);
	struct stat status;

	CHECK(!fstat(fd, &status), "fstat of a namespace");
	return status.st_ino;
}

/*
 * The same name, mostly the same inode, the same ifindex; it is another one,
 * and its packets are not the old one's.
 */
static void check_recreated(bool cleanup)
{
	_cleanup_ledger_ struct ledger before = {0};
	_cleanup_pair_ struct pair pair;
	uint32_t ifindex;
	ino_t inode;

	make_plain(&pair);
	ledger_merge(&before, &pair.ledger);
	inode = inode_of("right");
	ifindex = world_ifindex("right", "v1");
	take_namespace(&pair);
	world_netns_add("right");
	remark("the inode is %s", inode == inode_of("right") ? "the same" : "another");
	life_veth("right", "v1", ifindex, "left", "v0");
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	sender_flows(&pair.in, &datagram, 9);
	expect_verdict(PAIR_ID, "gone");
	expect_counts(PAIR_ID, &before);
	if (cleanup)
		netacct("cleanup");
	else
		expect_last_words(PAIR_ID, &before);
	ledger_clear(&pair.ledger);
	pair.in.received = &pair.ledger;
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 4);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
}

TEST(lifecycle, namespace_recreated)
{
	check_recreated(false);
}

TEST(lifecycle, namespace_recreated_and_cleanup)
{
	check_recreated(true);
}

/* The old one's counts and the new one's, side by side: a tag tells them apart. */
TEST(lifecycle, namespace_recreated_side_by_side)
{
	_cleanup_ledger_ struct ledger before = {0};
	_cleanup_pair_ struct pair pair;

	make_plain(&pair);
	ledger_merge(&before, &pair.ledger);
	take_namespace(&pair);
	world_netns_add("right");
	life_veth("right", "v1", INDEX, "left", "v0");
	netacct_refuses(1, "--tag", "attach", "--key", "flow", PAIR_SOURCE);
	netacct("attach", "--key", "flow", "--tag", "new", PAIR_SOURCE);
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	ledger_clear(&pair.ledger);
	pair.in.received = &pair.ledger;
	sender_flows(&pair.in, &datagram, 9);
	meter_expect("right--v1--new", &pair.ledger, KEY_FLOW);
	expect_counts(PAIR_ID, &before);
	expect_verdict(PAIR_ID, "gone");
	netacct("verify", "new");
	netacct("cleanup");
	expect_counts("right--v1--new", &pair.ledger);
	expect_number("pinned meters", 1, pinned_meters());
	netacct("detach", "new");
}

/* Another interface under the number of a deleted one, with a clsact of its owner's. */
TEST(lifecycle, ifindex_reused)
{
	_cleanup_ledger_ struct ledger before = {0};
	_cleanup_pair_ struct pair pair;
	uint32_t ifindex;

	make_plain(&pair);
	ledger_merge(&before, &pair.ledger);
	ifindex = world_ifindex("right", "v1");
	world_delete("right", "v1");
	life_veth("right", "other", ifindex, "left", "v0");
	foreign_clsact("right", "other");
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	sender_flows(&pair.in, &datagram, 9);
	expect_verdict(PAIR_ID, "WRONG");
	expect_counts(PAIR_ID, &before);
	expect_would_remove(PAIR_ID);
	expect_last_words(PAIR_ID, &before);
	CHECK(clsact_there("right", "other"), "detach took the clsact of another interface");
	netacct("attach", "--key", "flow", "right/other");
	netacct("verify");
	netacct("detach", "right/other");
	CHECK(clsact_there("right", "other"), "detach took a foreign clsact");
}

/* The same, and cleanup takes the old meter away; a new one works at once. */
TEST(lifecycle, ifindex_reused_and_cleanup)
{
	_cleanup_pair_ struct pair pair;
	uint32_t ifindex;

	make_plain(&pair);
	ifindex = world_ifindex("right", "v1");
	world_delete("right", "v1");
	life_veth("right", "v1", ifindex, "left", "v0");
	foreign_clsact("right", "v1");
	netacct("cleanup");
	expect_number("pinned meters", 0, pinned_meters());
	CHECK(clsact_there("right", "v1"), "cleanup took the clsact of another interface");
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	ledger_clear(&pair.ledger);
	pair.in.received = &pair.ledger;
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
}

static void same_index(const char *option, const char *value)
{
	_cleanup_ledger_ struct ledger one = {0}, other = {0};
	struct sender first = {0}, second = {0};

	world_netns_add("left");
	world_netns_add("right");
	world_netns_add("third");
	life_veth("right", "v1", INDEX, "left", "v0");
	life_veth("third", "v1", INDEX, "left", "v2");
	netacct("attach", "--key", "flow", option, value, PAIR_SOURCE, "third/v1");
	sender_open(&first, "left", "v0", 0);
	sender_open(&second, "left", "v2", 0);
	first.received = &one;
	second.received = &other;
	sender_flows(&first, &datagram, 9);
	sender_flows(&second, &datagram, 20);
	meter_expect(PAIR_ID, &one, KEY_FLOW);
	meter_expect("third--v1", &other, KEY_FLOW);
	netacct("verify");
	netacct("detach", "third/v1");
	sender_flows(&first, &datagram, 9);
	sender_flows(&second, &datagram, 20);
	meter_expect(PAIR_ID, &one, KEY_FLOW);
	CHECK(!clsact_there("third", "v1"), "detach left its clsact");
	expect_number("filters of right/v1", 2, filters_there("right", "v1"));
	netacct("detach", PAIR_SOURCE);
	CHECK(!clsact_there("right", "v1"), "detach left its clsact");
	sender_close(&first);
	sender_close(&second);
}

TEST(lifecycle, two_namespaces_one_ifindex)
{
	same_index("--max-flows", "64");
}

TEST(lifecycle, two_namespaces_one_ifindex_in_a_group)
{
	same_index("--group", "g1");
}

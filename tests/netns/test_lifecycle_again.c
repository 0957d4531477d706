// SPDX-License-Identifier: GPL-2.0-or-later
/* A namespace or an ifindex that comes again is another one: nothing is merged, nothing orphaned.
 */
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

#define INDEX 77

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

	life_make(&pair, "--hook", "clsact");
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

	life_make(&pair, "--hook", "clsact");
	ledger_merge(&before, &pair.ledger);
	inode = inode_of("right");
	ifindex = world_ifindex("right", "v1");
	take_namespace(&pair);
	world_netns_add("right");
	remark("the inode is %s", inode == inode_of("right") ? "the same" : "another");
	life_veth("right", "v1", ifindex, "left", "v0");
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	sender_flows(&pair.in, &packet_datagram, 9);
	expect_verdict(PAIR_ID, "gone");
	expect_counts(PAIR_ID, &before);
	if (cleanup)
		netacct("cleanup");
	else
		expect_last_words(PAIR_ID, &before);
	ledger_clear(&pair.ledger);
	pair.in.received = &pair.ledger;
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 4);
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

	life_make(&pair, "--hook", "clsact");
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
	sender_flows(&pair.in, &packet_datagram, 9);
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

	life_make(&pair, "--hook", "clsact");
	ledger_merge(&before, &pair.ledger);
	ifindex = world_ifindex("right", "v1");
	world_delete("right", "v1");
	life_veth("right", "other", ifindex, "left", "v0");
	foreign_clsact("right", "other");
	sender_close(&pair.in);
	sender_open(&pair.in, "left", "v0", 0);
	sender_flows(&pair.in, &packet_datagram, 9);
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

	life_make(&pair, "--hook", "clsact");
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
	sender_flows(&pair.in, &packet_datagram, 9);
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
	sender_flows(&first, &packet_datagram, 9);
	sender_flows(&second, &packet_datagram, 20);
	meter_expect(PAIR_ID, &one, KEY_FLOW);
	meter_expect("third--v1", &other, KEY_FLOW);
	netacct("verify");
	netacct("detach", "third/v1");
	sender_flows(&first, &packet_datagram, 9);
	sender_flows(&second, &packet_datagram, 20);
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

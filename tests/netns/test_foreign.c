// SPDX-License-Identifier: GPL-2.0-or-later
/* What others put on an interface keeps working, and stays when we go. */
#define _GNU_SOURCE 1
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"

#define PACKETS 100

/* Waits until a program has seen so many packets. */
static void expect_counted(const char *what, const struct foreign *foreign, uint64_t expected)
{
	uint64_t deadline = now_ms() + 3000;

	while (foreign_count(foreign) != expected && now_ms() < deadline)
		sleep_ms(10);
	expect_number(what, expected, foreign_count(foreign));
}

/* A program on both sides of right/v1. */
static void both_sides(struct foreign *foreign, uint16_t priority)
{
	foreign_load(foreign, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_filter(foreign, "right", "v1", false, priority);
	foreign_filter(foreign, "right", "v1", true, priority);
}

static void send_both(struct pair *pair)
{
	sender_send(&pair->in, &packet_datagram, PACKETS);
	sender_send(&pair->out, &packet_datagram, PACKETS);
}

TEST(foreign, filters_keep_counting)
{
	_cleanup_foreign_ struct foreign before, after, late;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_clsact("right", "v1");
	both_sides(&before, 100);
	both_sides(&after, 65000);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	both_sides(&late, 1);
	send_both(&pair);
	pair_expect(&pair, KEY_FLOW);
	expect_counted("packets at priority 100", &before, 2 * PACKETS);
	expect_counted("packets at priority 65000", &after, 2 * PACKETS);
	expect_counted("packets at priority 1", &late, 2 * PACKETS);
	netacct("detach", PAIR_SOURCE);
	CHECK(clsact_there("right", "v1"), "detach took a foreign clsact");
	expect_number("filters after detach", 6, filters_there("right", "v1"));
	send_both(&pair);
	expect_counted("packets at priority 100", &before, 4 * PACKETS);
	expect_counted("packets at priority 65000", &after, 4 * PACKETS);
	expect_counted("packets at priority 1", &late, 4 * PACKETS);
}

TEST(foreign, clsact_survives)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_clsact("right", "v1");
	netacct("attach", PAIR_SOURCE);
	expect_number("filters of a meter", 2, filters_there("right", "v1"));
	netacct("detach", PAIR_SOURCE);
	CHECK(clsact_there("right", "v1"), "detach took a clsact that was there before");
	expect_number("filters after detach", 0, filters_there("right", "v1"));
}

TEST(foreign, own_clsact_goes)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	CHECK(clsact_there("right", "v1"), "attach made no clsact");
	netacct("detach", PAIR_SOURCE);
	CHECK(!clsact_there("right", "v1"), "detach left its clsact");
}

/* We made the clsact, and somebody came to use it. */
TEST(foreign, shared_clsact_stays)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_filter(&guest, "right", "v1", true, 7);
	netacct("detach", PAIR_SOURCE);
	CHECK(clsact_there("right", "v1"), "detach took a clsact in use");
	expect_number("filters after detach", 1, filters_there("right", "v1"));
	sender_send(&pair.out, &packet_datagram, PACKETS);
	expect_counted("packets of the guest", &guest, PACKETS);
}

static void check_foreign_xdp(bool generic)
{
	_cleanup_foreign_ struct foreign xdp;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_load(&xdp, FOREIGN_XDP, XDP_PASS);
	foreign_xdp(&xdp, "right", "v1", generic);
	netacct_refuses(1, "v1", "attach", "--xdp", PAIR_SOURCE);
	netacct_refuses(1, "v1", "attach", "--xdp=native", PAIR_SOURCE);
	netacct_refuses(1, "v1", "attach", "--xdp=generic", PAIR_SOURCE);
	expect_number("the program at XDP", foreign_id(&xdp), xdp_there("right", "v1"));
	CHECK(!clsact_there("right", "v1"), "a refused attach left a clsact");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	send_both(&pair);
	pair_expect(&pair, KEY_FLOW);
	expect_counted("packets of the foreign XDP program", &xdp, PACKETS);
	netacct("detach", PAIR_SOURCE);
	expect_number("the program at XDP", foreign_id(&xdp), xdp_there("right", "v1"));
}

TEST(foreign, xdp_native_is_respected)
{
	check_foreign_xdp(false);
}

TEST(foreign, xdp_generic_is_respected)
{
	check_foreign_xdp(true);
}

TEST(foreign, own_xdp_goes)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--xdp", PAIR_SOURCE);
	CHECK(xdp_there("right", "v1"), "attach --xdp attached nothing");
	netacct("detach", PAIR_SOURCE);
	CHECK(!xdp_there("right", "v1"), "detach left its XDP program");
	CHECK(!clsact_there("right", "v1"), "detach left its clsact");
}

/* An ingress qdisc has no egress side: clsact is refused in the kernel's words, tcx is not. */
TEST(foreign, ingress_qdisc_is_respected)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	ingress_qdisc("right", "v1");
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_filter(&guest, "right", "v1", false, 7);
	netacct_refuses(1, "Exclusivity flag on", "attach", "--hook", "clsact", PAIR_SOURCE);
	tool_run(&run, ARGUMENTS("attach", "--key", "flow", PAIR_SOURCE));
	send_both(&pair);
	expect_counted("packets of the guest", &guest, PACKETS);
	if (run.status)
		expect_contains("stderr", "Exclusivity flag on", run.err);
	else
		pair_expect(&pair, KEY_FLOW);
	if (!run.status)
		netacct("detach", PAIR_SOURCE);
	CHECK(foreign_filter_there("right", "v1", false, 7),
	      "a filter of the ingress qdisc is gone");
}

/* Others' tcx programs before and after ours see every packet, and so do we. */
TEST(foreign, tcx_is_shared)
{
	_cleanup_foreign_ struct foreign before, after;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_load(&before, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&after, FOREIGN_TC, TC_ACT_UNSPEC);
	if (foreign_tcx_try(&before, "right", "v1", false))
		skip("no tcx in this kernel");
	netacct("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE);
	CHECK(!clsact_there("right", "v1"), "a meter at tcx made a clsact");
	CHECK(!foreign_tcx_try(&after, "right", "v1", false), "no second tcx program");
	send_both(&pair);
	pair_expect(&pair, KEY_FLOW);
	expect_counted("packets of the program that came first", &before, PACKETS);
	expect_counted("packets of the program that came last", &after, PACKETS);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
	send_both(&pair);
	expect_counted("packets of the program that came first", &before, 2 * PACKETS);
	expect_counted("packets of the program that came last", &after, 2 * PACKETS);
}

/* The interface of that name in the namespace of that name, in `list-all -j`. */
static const char *meter_state(struct dump *list)
{
	struct json_object *meter;

	dump_run(list, ARGUMENTS("list-all", "-j"));
	meter = json_at(list_interface(list, "right", "v1"), "meter");
	return meter ? json_text(meter, "state") : "none";
}

TEST(foreign, counting_is_said)
{
	_cleanup_dump_ struct dump list = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	expect_text("state in list-all", "counting", meter_state(&list));
}

/* TC_ACT_OK before us ends the packet's way: not silently. */
TEST(foreign, starved_by_a_filter_is_said)
{
	_cleanup_dump_ struct dump list = {0};
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_OK);
	foreign_filter(&guest, "right", "v1", false, 1);
	if (!strcmp(meter_state(&list), "counting"))
		fail("list-all says that a meter behind TC_ACT_OK is counting");
}

/* A tcx program runs before every filter. */
TEST(foreign, starved_by_tcx_is_said)
{
	_cleanup_dump_ struct dump list = {0};
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_OK);
	if (foreign_tcx_try(&guest, "right", "v1", false))
		skip("no tcx in this kernel");
	if (!strcmp(meter_state(&list), "counting"))
		fail("list-all says that a meter behind a tcx program is counting");
}

/* Somebody takes our filter away: verify has to find it. */
TEST(foreign, a_stolen_filter_is_found)
{
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	netacct("verify");
	clsact_take("right", "v1");
	tool_run(&run, ARGUMENTS("verify"));
	expect_number("exit status of verify", 3, (uint64_t)run.status);
	netacct("detach", PAIR_SOURCE);
}

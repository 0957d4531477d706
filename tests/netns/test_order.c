// SPDX-License-Identifier: GPL-2.0-or-later
/* Where our programs stand among others, and that a refusal changes nothing. */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "state.h"
#include "tool.h"
#include "world.h"

enum position { FIRST, LAST };

/* Ours is the first or last filter of both sides of right/v1. */
static void expect_filter(enum position position)
{
	static const char *const sides[] = {"ingress filter", "egress filter"};
	_cleanup_free_ char *text = state_text("right", "v1");

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		const char *line = NULL, *at = text;
		char found[200] = "";

		while ((at = strstr(at, sides[i])) && !(line && position == FIRST))
			line = at++;
		if (line)
			snprintf(found, sizeof(found), "%.*s", (int)strcspn(line, "\n"), line);
		CHECK(strstr(found, " netacct "), "the %s %s is not ours:\n%s",
		      position == FIRST ? "first" : "last", sides[i], text);
	}
}

static void guests(struct foreign *foreign, uint16_t priority)
{
	foreign_load(foreign, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_filter(foreign, "right", "v1", false, priority);
	foreign_filter(foreign, "right", "v1", true, priority);
}

static void check_clsact(const char *order, enum position position, uint16_t one, uint16_t other)
{
	_cleanup_foreign_ struct foreign first, second;
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;

	pair_make(&pair, 0);
	foreign_clsact("right", "v1");
	guests(&first, one);
	guests(&second, other);
	before = state_text("right", "v1");
	netacct("attach", "--key", "flow", "--hook", "clsact", "--order", order, PAIR_SOURCE);
	expect_filter(position);
	sender_flows(&pair.in, &packet_datagram, 9);
	sender_flows(&pair.out, &packet_datagram, 4);
	pair_expect(&pair, KEY_FLOW);
	netacct("attach", "--replace", PAIR_SOURCE);
	expect_filter(position);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
	expect_state("after detach", before, "right", "v1");
}

TEST(order, head_on_clsact)
{
	check_clsact("head", FIRST, 100, 200);
}

/* The place before them is narrow. */
TEST(order, head_before_a_low_priority)
{
	check_clsact("head", FIRST, 2, 60000);
}

TEST(order, tail_on_clsact)
{
	check_clsact("tail", LAST, 1, 200);
}

TEST(order, tail_behind_a_high_priority)
{
	check_clsact("tail", LAST, 1, 65534);
}

/* Head behind priority 1, tail before 65535: refused, and nothing changes. */
static void check_no_place(const char *order, uint16_t priority, bool egress)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;

	pair_make(&pair, 0);
	foreign_clsact("right", "v1");
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_filter(&guest, "right", "v1", egress, priority);
	before = state_text("right", "v1");
	netacct_refuses(1, "nothing can stand", "attach", "--hook", "clsact", "--order", order,
			PAIR_SOURCE);
	expect_state("after the refusal", before, "right", "v1");
}

TEST(order, no_place_before_priority_1)
{
	check_no_place("head", 1, false);
}

TEST(order, no_place_before_priority_1_of_egress)
{
	check_no_place("head", 1, true);
}

TEST(order, no_place_behind_the_last_priority)
{
	check_no_place("tail", 65535, false);
}

/* What the refusal advises works. */
TEST(order, tail_where_head_is_refused)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_clsact("right", "v1");
	guests(&guest, 1);
	netacct_refuses(1, "--order tail", "attach", "--hook", "clsact", PAIR_SOURCE);
	netacct("attach", "--key", "flow", "--hook", "clsact", "--order", "tail", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
}

/* False: the kernel has no tcx, and the program says so. */
static void need_tcx(const char *ns, const char *name)
{
	uint32_t ids[STATE_TCX_MAX];

	if (state_tcx(ns, name, false, ids) >= 0)
		return;
	netacct_refuses(1, "tcx", "attach", "--hook", "tcx", PAIR_SOURCE);
	skip("no tcx in this kernel");
}

static void expect_tcx(enum position position, const struct foreign *guest, unsigned int others)
{
	uint32_t ids[STATE_TCX_MAX];

	for (int egress = 0; egress < 2; egress++) {
		int count = state_tcx("right", "v1", egress, ids);

		expect_number("tcx programs", others + 1, (uint64_t)count);
		expect_number("the foreign program", foreign_id(guest),
			      position == FIRST ? ids[1] : ids[0]);
	}
}

static void check_tcx(const char *hook, const char *order, enum position position)
{
	_cleanup_foreign_ struct foreign guest, out;
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;

	pair_make(&pair, 0);
	need_tcx("right", "v1");
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	out = guest;
	CHECK(!foreign_tcx_try(&guest, "right", "v1", false) &&
		      !foreign_tcx_try(&out, "right", "v1", true),
	      "no foreign tcx programs");
	before = state_text("right", "v1");
	netacct("attach", "--key", "flow", "--hook", hook, "--order", order, PAIR_SOURCE);
	CHECK(!clsact_there("right", "v1"), "a meter at tcx made a clsact");
	expect_tcx(position, &guest, 1);
	sender_flows(&pair.in, &packet_datagram, 9);
	sender_flows(&pair.out, &packet_datagram, 4);
	pair_expect(&pair, KEY_FLOW);
	netacct("attach", "--replace", PAIR_SOURCE);
	expect_tcx(position, &guest, 1);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
	expect_state("after detach", before, "right", "v1");
	close(out.link);
}

TEST(order, head_on_tcx)
{
	check_tcx("tcx", "head", FIRST);
}

TEST(order, tail_on_tcx)
{
	check_tcx("tcx", "tail", LAST);
}

/* auto goes where somebody uses tcx, for its programs run before all filters. */
TEST(order, auto_goes_to_tcx)
{
	check_tcx("auto", "head", FIRST);
}

static const char *hook_of(struct dump *dump)
{
	dump_run(dump, ARGUMENTS("dump", "-j", PAIR_ID));
	return json_text(dump_source(dump, PAIR_ID), "metadata.hook");
}

TEST(order, auto_stays_on_clsact)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--hook", "auto", PAIR_SOURCE);
	expect_text("hook", "clsact", hook_of(&dump));
	expect_number("filters", 2, filters_there("right", "v1"));
}

/* clsact cannot be where an ingress qdisc is. */
TEST(order, auto_over_an_ingress_qdisc)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;

	pair_make(&pair, 0);
	need_tcx("right", "v1");
	ingress_qdisc("right", "v1");
	before = state_text("right", "v1");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	expect_text("hook", "tcx", hook_of(&dump));
	sender_flows(&pair.in, &packet_datagram, 9);
	sender_flows(&pair.out, &packet_datagram, 4);
	pair_expect(&pair, KEY_FLOW);
	netacct("detach", PAIR_SOURCE);
	expect_state("after detach", before, "right", "v1");
}

/* A foreign tcx program on one side only is use enough. */
TEST(order, auto_where_egress_is_in_use)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	need_tcx("right", "v1");
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	CHECK(!foreign_tcx_try(&guest, "right", "v1", true), "no foreign tcx program");
	netacct("attach", PAIR_SOURCE);
	expect_text("hook", "tcx", hook_of(&dump));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* attach --replace: not one packet lost or twice, and nothing else changes. */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "state.h"
#include "tool.h"
#include "world.h"

#define BEHIND 60000 /* priority of the oracles */

/*
 * The oracles: filters behind our programs, which pass everything on. They
 * count what the stack took in; what a queue had no room for is not theirs.
 */
struct oracles {
	struct foreign in, out;
};

static void oracles_make(struct oracles *oracles)
{
	foreign_load(&oracles->in, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_load(&oracles->out, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_clsact("right", "v1");
	foreign_filter(&oracles->in, "right", "v1", false, BEHIND);
	foreign_filter(&oracles->out, "right", "v1", true, BEHIND);
}

static void oracles_close(struct oracles *oracles)
{
	foreign_close(&oracles->in);
	foreign_close(&oracles->out);
}

static void flood_make(struct flood *flood, const char *ns, const char *name, const char *source)
{
	*flood = (struct flood){.ns = ns,
				.name = name,
				.packet = packet_datagram,
				.flows = 50,
				.packets = 2000000,
				.threads = slow() ? 1 : 2};
	flood->packet.source = source;
}

static void expect_seen(const struct oracles *oracles, const struct flood *out)
{
	_cleanup_ledger_ struct ledger got = {0};
	uint64_t deadline = now_ms() + 5000;

	do {
		ledger_clear(&got);
		dump_one(PAIR_ID, &got);
	} while (got.seen.packets[LEDGER_RX] != foreign_count(&oracles->in) && now_ms() < deadline);
	expect_number("packets sent", out->packets, got.seen.packets[LEDGER_TX]);
	expect_number("packets that left", foreign_count(&oracles->out),
		      got.seen.packets[LEDGER_TX]);
	expect_number("packets received", foreign_count(&oracles->in), got.seen.packets[LEDGER_RX]);
	expect_balance(&got);
}

/* `attach` and `replace`: the arguments. */
static void check_flood(const char *const *attach, const char *const *replace)
{
	unsigned int replaced = 0, during = 0;
	struct oracles oracles;
	struct flood in, out;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	oracles_make(&oracles);
	tool_do(attach);
	flood_make(&in, "left", "v0", "10.3.0.0");
	flood_make(&out, "right", "v1", "10.1.0.0");
	flood_start(&out);
	flood_start(&in);
	while (replaced < 5 || flood_running(&in) || flood_running(&out)) {
		tool_do(replace);
		replaced++;
		during += flood_running(&in) || flood_running(&out);
		if (slow() && during == 2) {
			flood_stop(&in);
			flood_stop(&out);
		}
	}
	flood_wait(&in);
	flood_wait(&out);
	remark("%u times replaced, %u under the flood", replaced, during);
	CHECK(during, "nothing was replaced while packets flowed");
	expect_seen(&oracles, &out);
	netacct("verify");
	netacct("detach", "--all", "-q");
	oracles_close(&oracles);
}

TEST(replace, under_a_flood_on_clsact)
{
	check_flood(ARGUMENTS("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE),
		    ARGUMENTS("attach", "--replace", PAIR_SOURCE));
}

static void need_tcx(void)
{
	uint32_t ids[STATE_TCX_MAX];

	if (state_tcx(NULL, "lo", false, ids) < 0)
		skip("no tcx in this kernel");
}

TEST(replace, under_a_flood_on_tcx)
{
	need_tcx();
	check_flood(ARGUMENTS("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE),
		    ARGUMENTS("attach", "--replace", PAIR_SOURCE));
}

TEST(replace, under_a_flood_on_xdp)
{
	check_flood(ARGUMENTS("attach", "--key", "flow", "--xdp=native", PAIR_SOURCE),
		    ARGUMENTS("attach", "--replace", PAIR_SOURCE));
}

TEST(replace, under_a_flood_on_generic_xdp)
{
	check_flood(ARGUMENTS("attach", "--key", "flow", "--xdp=generic", PAIR_SOURCE),
		    ARGUMENTS("attach", "--replace", PAIR_SOURCE));
}

TEST(replace, under_a_flood_in_a_group)
{
	check_flood(ARGUMENTS("attach", "--key", "flow", "--group", "g1", "left/v0", PAIR_SOURCE),
		    ARGUMENTS("attach", "--replace", PAIR_SOURCE, "left/v0"));
}

/* What --replace keeps cannot be asked for otherwise. */
static void check_kept(const char *const *attach, const char *const *options)
{
	_cleanup_free_ char *before = NULL;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	tool_do(attach);
	sender_flows(&pair.in, &packet_datagram, 9);
	before = state_text("right", "v1");
	for (; *options; options++) {
		context("--replace %s", *options);
		netacct_refuses(1, "--replace", "attach", "--replace", *options, PAIR_SOURCE);
		expect_state("after the refusal", before, "right", "v1");
	}
	context("%s", "");
	sender_flows(&pair.out, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
}

TEST(replace, keeps_what_it_keeps_on_clsact)
{
	check_kept(ARGUMENTS("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE),
		   ARGUMENTS("--key=host", "--hook=tcx", "--xdp=native", "--xdp=generic", "--xdp",
			     "--max-flows=99", "--bytes=l3"));
}

TEST(replace, keeps_what_it_keeps_on_tcx)
{
	need_tcx();
	check_kept(ARGUMENTS("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE),
		   ARGUMENTS("--hook=clsact", "--xdp=native"));
}

TEST(replace, keeps_what_it_keeps_on_xdp)
{
	check_kept(ARGUMENTS("attach", "--key", "flow", "--xdp=native", PAIR_SOURCE),
		   ARGUMENTS("--xdp=generic", "--hook=tcx", "--key=total"));
}

/* Asked for as it is, it is no difference. */
TEST(replace, the_same_is_fine)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct_refuses(1, "no meter", "attach", "--replace", PAIR_SOURCE);
	netacct("attach", "--key", "flow", "--xdp=native", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	netacct("attach", "--replace", "--key", "flow", "--xdp=native", PAIR_SOURCE);
	netacct("attach", "--replace", "--xdp", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct_refuses(1, "no meter", "attach", "--replace", "left/v0");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Killed at any system call, netacct leaves what cleanup removes, and no
 * count is lost or doubled; a system call that fails leaves nothing half done.
 */
#define _GNU_SOURCE 1
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>

#include <netacct/cleanup.h>

#include "crash.h"
#include "dump.h"
#include "foreign.h"
#include "harness.h"

#define COUNTED 313 /* packets; no other figure of the outputs */

static void attach(void)
{
	netacct("attach", "--key", "flow", "--max-flows", "16", PAIR_SOURCE);
}

/* Every killed run ends so. */
static void attach_and_detach(const struct stage *stage, const char *const *argv)
{
	tool_do(argv);
	netacct("verify");
	netacct("detach", "-q", PAIR_SOURCE);
	stage_expect_clean(stage, "after a fresh attach and detach");
}

static void nothing(struct stage *stage)
{
	(void)stage;
}

static void judge_attach(struct stage *stage)
{
	if (!stage->kill) {
		stage_expect_word(stage);
		stage_expect_tidy();
	}
	if (stage->run.status == 1 && !stage_unwritten(stage)) {
		stage_expect_clean(stage, "after a failed attach");
		return;
	}
	netacct("cleanup");
	netacct("verify");
	netacct("detach", "-q", "--all");
	stage_expect_clean(stage, "after cleanup and detach");
	if (stage->kill)
		attach_and_detach(stage, stage->scene->argv);
}

static const struct scene attach_tc = {ARGUMENTS("attach", "--key", "flow", "--max-flows", "16",
						 PAIR_SOURCE),
				       nothing, judge_attach, NULL, 11};
static const struct scene attach_xdp = {ARGUMENTS("attach", "--xdp=native", "--max-flows", "16",
						  PAIR_SOURCE),
					nothing, judge_attach, NULL, 23};
static const struct scene attach_tcx = {ARGUMENTS("attach", "--hook", "tcx", "--max-flows", "16",
						  PAIR_SOURCE),
					nothing, judge_attach, NULL, 23};

TEST(crash, attach_killed)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_kill(&stage, &attach_tc);
}

/* A neighbour's qdisc and filters are as they were. */
TEST(crash, attach_killed_among_others)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_clsact("right", "v1");
	foreign_filter(&guest, "right", "v1", false, 100);
	foreign_filter(&guest, "right", "v1", true, 5);
	stage_settle(&stage);
	stage_kill(&stage, &attach_xdp);
}

TEST(crash, attach_killed_at_tcx)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	if (foreign_tcx_try(&guest, "right", "v1", true))
		skip("no tcx in this kernel");
	stage_settle(&stage);
	stage_kill(&stage, &attach_tcx);
}

TEST(crash, attach_fails)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_err(&stage, &attach_tc);
}

TEST(crash, attach_fails_at_xdp)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_err(&stage, &attach_xdp);
}

TEST(crash, attach_fails_at_tcx)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	if (foreign_tcx_try(&guest, "right", "v1", true))
		skip("no tcx in this kernel");
	stage_settle(&stage);
	stage_err(&stage, &attach_tcx);
}

/* A meter that has counted something, and nothing else. */
static void set_counted(struct stage *stage)
{
	_cleanup_ledger_ struct ledger got = {0};

	attach();
	ledger_clear(&stage->pair.ledger);
	sender_send(&stage->pair.in, &packet_datagram, COUNTED);
	meter_settle(PAIR_ID, &stage->pair.ledger, &got);
}

/*
 * Whoever ends it, detach or cleanup, must have told it all, and nothing
 * twice. A generation that comes again is the same.
 */
static void judge_detach(struct stage *stage)
{
	bool told = books_take(&stage->books, stage->run.out);
	_cleanup_run_ struct run again = {0}, cleanup = {0};

	if (!stage->kill)
		stage_expect_word(stage);
	if (stage->run.status == 0)
		CHECK(told, "detach did not tell what it had counted");
	if (stage->run.status && (!stage->kill || stage->injection.point % 2)) {
		tool_run(&again, stage->scene->argv);
		CHECK(again.status == 0 || told, "detach once more: exit status %d: %s",
		      again.status, again.err);
		told |= books_take(&stage->books, again.out);
	}
	if (told)
		expect_flows(&stage->pair.ledger, &stage->books.total);
	tool_run(&cleanup, ARGUMENTS("cleanup"));
	CHECK(cleanup.status == 0, "cleanup: exit status %d: %s", cleanup.status, cleanup.err);
	told |= strstr(cleanup.out, "313") != NULL;
	if (!told) { /* it was killed before it had begun */
		netacct("verify", PAIR_ID);
		netacct("detach", "-q", PAIR_SOURCE);
	}
	books_clear(&stage->books);
	stage_expect_clean(stage, "after cleanup");
	if (stage->kill)
		attach_and_detach(stage, attach_tc.argv);
}

static const struct scene detach = {ARGUMENTS("detach", "--drain", "-j", PAIR_SOURCE), set_counted,
				    judge_detach, NULL, 11};

TEST(crash, detach_killed)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_kill(&stage, &detach);
}

TEST(crash, detach_fails)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_err(&stage, &detach);
}

/* A meter whose programs somebody took: cleanup tells its totals and removes it. */
static void set_stolen(struct stage *stage)
{
	set_counted(stage);
	clsact_take("right", "v1");
}

static void judge_cleanup(struct stage *stage)
{
	bool told = strstr(stage->run.out, "313") != NULL;
	_cleanup_run_ struct run again = {0};

	if (!stage->kill)
		stage_expect_word(stage);
	tool_run(&again, stage->scene->argv);
	CHECK(again.status == 0, "cleanup once more: exit status %d: %s", again.status, again.err);
	CHECK(told || strstr(again.out, "313"), "nobody told what was counted");
	stage_expect_clean(stage, "after cleanup");
	if (stage->kill)
		attach_and_detach(stage, attach_tc.argv);
}

static const struct scene cleanup = {ARGUMENTS("cleanup"), set_stolen, judge_cleanup, NULL, 13};

TEST(crash, cleanup_killed)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_kill(&stage, &cleanup);
}

TEST(crash, cleanup_fails)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	stage_err(&stage, &cleanup);
}

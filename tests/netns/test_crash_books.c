// SPDX-License-Identifier: GPL-2.0-or-later
/* Killed or failing while it replaces, drains or verifies: no count is lost or doubled. */
#define _GNU_SOURCE 1
#include <string.h>

#include <netacct/cleanup.h>

#include "crash.h"
#include "harness.h"

/* It counts on, whatever happened. */
static void judge_replace(struct stage *stage)
{
	if (!stage->kill)
		stage_expect_word(stage);
	else
		netacct("cleanup");
	stage_traffic(stage);
	meter_expect(PAIR_ID, &stage->pair.ledger, KEY_FLOW);
	netacct("verify");
	if (!stage->kill)
		stage_expect_tidy();
}

static void end_meter(struct stage *stage)
{
	netacct("detach", "-q", PAIR_SOURCE);
	stage_expect_clean(stage, "after detach");
}

static const struct scene replace = {ARGUMENTS("attach", "--replace", PAIR_SOURCE), stage_traffic,
				     judge_replace, end_meter, 11};

static void play_on_a_meter(const struct scene *scene, bool kill)
{
	_cleanup_stage_ struct stage stage;

	stage_make(&stage);
	netacct("attach", "--key", "flow", "--max-flows", "16", PAIR_SOURCE);
	(kill ? stage_kill : stage_err)(&stage, scene);
}

TEST(crash, replace_killed)
{
	play_on_a_meter(&replace, true);
}

TEST(crash, replace_fails)
{
	play_on_a_meter(&replace, false);
}

/* verify moves the records of an unfinished drain: at every other point it comes first. */
static void judge_books(struct stage *stage)
{
	bool whole = books_take(&stage->books, stage->run.out);

	if (!stage->kill && stage->run.status != 3)
		stage_expect_word(stage);
	if (!strcmp(stage->scene->argv[0], "drain") && !stage->run.status)
		CHECK(whole, "drain exits with 0 and has not printed all");
	if (stage->injection.point % 2)
		netacct("verify");
	if (stage->kill && stage->injection.point % 3 == 0)
		netacct("cleanup");
	stage_traffic(stage);
	stage_expect_books(stage);
}

static const struct scene drain = {ARGUMENTS("drain", "-j", PAIR_ID), stage_traffic, judge_books,
				   end_meter, 5};
static const struct scene verify = {ARGUMENTS("verify"), stage_traffic, judge_books, end_meter, 7};

TEST(crash, drain_killed)
{
	play_on_a_meter(&drain, true);
}

TEST(crash, drain_fails)
{
	play_on_a_meter(&drain, false);
}

TEST(crash, verify_killed)
{
	play_on_a_meter(&verify, true);
}

TEST(crash, verify_fails)
{
	play_on_a_meter(&verify, false);
}

/* A drain that finds another one cut off, with records moved to the carry by verify. */
static void set_cut_off(struct stage *stage)
{
	struct injection kill = {.action = INJECT_KILL_AFTER};
	_cleanup_inject_points_ struct inject_points points = {0};
	_cleanup_run_ struct run run = {0};

	stage_traffic(stage);
	inject_count(&points, &run, stage->scene->argv);
	books_take(&stage->books, run.out);
	stage_traffic(stage);
	for (kill.point = points.count; kill.point && !points.changes[kill.point - 1];)
		kill.point--;
	for (unsigned int i = 0; i < 2; i++) {
		_cleanup_run_ struct run killed = {0};

		inject_run(&kill, &killed, stage->scene->argv);
		books_take(&stage->books, killed.out);
		netacct("verify");
		stage_traffic(stage);
		kill.point /= 2;
	}
}

static const struct scene drain_again = {ARGUMENTS("drain", "-j", PAIR_ID), set_cut_off,
					 judge_books, end_meter, 17};

TEST(crash, drain_killed_again)
{
	play_on_a_meter(&drain_again, true);
}

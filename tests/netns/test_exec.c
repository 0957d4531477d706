// SPDX-License-Identifier: GPL-2.0-or-later
/* No command runs another program: the only execve is its own. */
#define _GNU_SOURCE 1
#include <string.h>

#include "harness.h"
#include "pair.h"
#include "tool.h"

static void expect_alone(const char *const *argv)
{
	_cleanup_run_ struct run run = {0};
	unsigned int execs;

	tool_trace(&run, &execs, argv);
	CHECK(run.status == 0, "%s under strace: exit status %d; stderr: %s", argv[0], run.status,
	      run.err);
	CHECK(execs == 1, "%s: expected 1 execve, got %u", argv[0], execs);
}

TEST(exec, no_command_runs_another)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	expect_alone(ARGUMENTS("--version"));
	expect_alone(ARGUMENTS("--help"));
	expect_alone(ARGUMENTS("attach", PAIR_SOURCE));
	expect_alone(ARGUMENTS("attach", "--xdp", "left/v0"));
	expect_alone(ARGUMENTS("list-all"));
	expect_alone(ARGUMENTS("list-all", "-j"));
	expect_alone(ARGUMENTS("dump"));
	expect_alone(ARGUMENTS("dump", "-p"));
	expect_alone(ARGUMENTS("drain"));
	expect_alone(ARGUMENTS("verify"));
	expect_alone(ARGUMENTS("detach", PAIR_SOURCE));
	expect_alone(ARGUMENTS("detach", "--all"));
}

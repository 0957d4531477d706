// SPDX-License-Identifier: GPL-2.0-or-later
/* Meters that a collector holds: the test holds them itself, by what netacct-collect(8) says. */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>
#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"

#define ROOT "/sys/fs/bpf/netacct"

/* The directory of the hold, locked. */
static int hold(char path[static 128])
{
	_cleanup_dump_ struct dump dump = {0};
	int fd;

	dump_run(&dump, ARGUMENTS("dump", "-j"));
	snprintf(path, 128, ROOT "/c-%s", json_text(dump_source(&dump, PAIR_ID), "metadata.meter"));
	CHECK(!mkdir(path, 0700), "%s: %m", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB), "%s: %m", path);
	return fd;
}

TEST(hold, keeps_others_out)
{
	_cleanup_pair_ struct pair pair;
	_cleanup_close_ int fd = -1;
	char path[128];

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	fd = hold(path);
	netacct_refuses(1, "collector", "drain");
	netacct_refuses(1, "--force", "detach", PAIR_SOURCE);
	netacct("dump", "-j");
	netacct("verify");
	CHECK(!access(path, F_OK), "the hold was removed");
	close(TAKE_FD(fd));
	/* a collector that was killed holds nothing */
	netacct("drain");
	netacct("detach", PAIR_SOURCE);
	CHECK(access(path, F_OK), "the hold outlived its meter");
}

TEST(hold, force_detaches)
{
	_cleanup_pair_ struct pair pair;
	_cleanup_close_ int fd = -1;
	char path[128];

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	fd = hold(path);
	netacct("detach", "--force", PAIR_SOURCE);
	CHECK(access(path, F_OK), "the hold outlived its meter");
	CHECK(!flock(fd, LOCK_UN), "%m");
}

/* The interface goes: the collector will see it, and wants the last counts. */
TEST(hold, cleanup_spares_it)
{
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;
	_cleanup_close_ int fd = -1;
	char path[128];

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	fd = hold(path);
	pair_close(&pair);
	pair = (struct pair){0};
	tool_run(&run, ARGUMENTS("cleanup"));
	expect_number("exit status", 0, (uint64_t)run.status);
	netacct("dump", "-j");
	close(TAKE_FD(fd));
	netacct("detach", "--all");
}

TEST(hold, cleanup_removes_what_has_no_meter)
{
	const char *const path = ROOT "/c-00000000-0000-4000-8000-000000000000";
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	CHECK(!mkdir(path, 0700), "%s: %m", path);
	CHECK(!symlink("/nowhere/history.db",
		       ROOT "/c-00000000-0000-4000-8000-000000000000/history"),
	      "%m");
	tool_run(&run, ARGUMENTS("cleanup", "--dry-run"));
	expect_contains("cleanup --dry-run", "c-00000000", run.out);
	CHECK(!access(path, F_OK), "--dry-run removed it");
	netacct("cleanup");
	CHECK(access(path, F_OK), "it is still there");
	netacct("detach", "--all");
}

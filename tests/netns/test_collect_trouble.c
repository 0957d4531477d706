// SPDX-License-Identifier: GPL-2.0-or-later
/* The collector when the disk is full, the database is broken, or it is killed. */
#define _GNU_SOURCE 1
#ifdef HAVE_SQLITE3
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "collecting.h"
#include "harness.h"
#include "pair.h"

#define FILLER "/run/history/filler"

static void fill_disk(void)
{
	_cleanup_close_ int fd = open(FILLER, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	char bytes[4096] = {0};

	CHECK(fd >= 0, FILLER ": %m");
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* A small disk fills up under it: what is counted waits in the kernel. */
TEST(collect, disk_full)
{
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	unsigned int i;

	pair_make(&pair, 0);
	CHECK(!mkdir("/run/history", 0700) &&
		      !mount("tmpfs", "/run/history", "tmpfs", 0, "size=1M"),
	      "/run/history: %m");
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 400, 250);
	sleep_ms(500);
	fill_disk();
	for (i = 0; i < 10; i++) {
		collecting_traffic(&pair, 400, 250);
		sleep_ms(100);
	}
	collecting_await(&collecting, "the history cannot be written");
	CHECK(!unlink(FILLER), FILLER ": %m");
	collecting_traffic(&pair, 400, 250);
	sleep_ms(1000);
	collecting_end(&collecting, SIGTERM, &run);
	expect_contains("stderr", "nothing is lost", run.err);
	expect_contains("stderr", "is written again", run.err);
	CHECK(!strstr(strstr(run.err, "nothing is lost") + 1, "nothing is lost"),
	      "said more than once: %s", run.err);
	collecting_expect(&pair.ledger);
}

static void overwrite(const char *path)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	char bytes[4096];

	memset(bytes, 0x5a, sizeof(bytes));
	CHECK(fd >= 0 && write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes), "%s: %m", path);
}

/* It is set aside, whole, and the file goes on. */
/* Somebody deletes it under the collector: it begins a new one, and the file goes on. */
TEST(collect, history_is_removed)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 400, 250);
	sleep_ms(2500);
	CHECK(!unlink(COLLECTING_HISTORY), COLLECTING_HISTORY ": %m");
	unlink(COLLECTING_HISTORY "-wal");
	unlink(COLLECTING_HISTORY "-shm");
	collecting_traffic(&pair, 400, 250);
	sleep_ms(2500);
	CHECK(!access(COLLECTING_HISTORY, F_OK), "there is no history");
	collecting_traffic(&pair, 400, 250);
	collecting_end(&collecting, SIGTERM, &run);
	ledger_coarsen(&pair.ledger, KEY_FLOW, &wanted);
	collecting_file(&got);
	expect_flows(&wanted, &got);
	expect_number("meters that are left", 0, collecting_meters());
}

TEST(collect, corrupt_database)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	_cleanup_run_ struct run run = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;
	glob_t found;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting);
	collecting_traffic(&pair, 400, 250);
	collecting_stop(&collecting);
	overwrite(COLLECTING_HISTORY);
	collecting_begin(&collecting);
	collecting_traffic(&pair, 400, 250);
	collecting_end(&collecting, SIGTERM, &run);
	CHECK(!glob(COLLECTING_HISTORY ".corrupt-*", 0, NULL, &found), "nothing was set aside: %s",
	      run.err);
	globfree(&found);
	expect_contains("stderr", ".corrupt-", run.err);
	ledger_coarsen(&pair.ledger, KEY_FLOW, &wanted);
	collecting_file(&got);
	expect_flows(&wanted, &got);
	expect_number("meters that are left", 0, collecting_meters());
}

/* Killed at moments that nobody chose, while packets flow. */
static void kill_it(unsigned int times)
{
	struct flood flood = {.ns = "right",
			      .name = "v1",
			      .packet = packet_datagram,
			      .flows = 500,
			      .packets = 2000000000,
			      .threads = 1};
	unsigned int i, seed = (unsigned int)time(NULL);
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure("");
	collecting_begin(&collecting); /* from here on everything is counted */
	flood.sent = &pair.ledger;
	flood_start(&flood);
	for (i = 0; i < times; i++) {
		_cleanup_run_ struct run run = {0};

		context("seed %u, kill %u", seed, i);
		srandom(seed + i);
		sleep_ms((unsigned int)random() % 700);
		collecting_end(&collecting, SIGKILL, &run);
		CHECK(!strstr(run.err, "cannot"), "stderr: %s", run.err);
		collecting.notify = -1;
		tool_start(&collecting.tool, ARGUMENTS("collect", "-c", COLLECTING_CONFIG));
	}
	context("seed %u", seed);
	{
		_cleanup_run_ struct run run = {0};

		collecting_end(&collecting, SIGKILL, &run);
	}
	collecting_begin(&collecting);
	flood_stop(&flood);
	flood_wait(&flood);
	netacct("verify");
	collecting_stop(&collecting);
	collecting_expect(&pair.ledger);
}

TEST(collect, killed_10_times)
{
	kill_it(10);
}

TEST_ON_DEMAND(collect_long, killed_100_times)
{
	kill_it(100);
}
#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* cleanup removes what a crash or a vanished interface left, and nothing else. */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "life.h"
#include "state.h"
#include "tool.h"
#include "world.h"

static void cleanup_says(const char *part, const char *const *argv)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, argv);
	CHECK(!run.status, "cleanup: exit status %d, %s", run.status, run.err);
	expect_contains("cleanup", part, run.out);
}

static void cleanup_is_silent(const char *const *argv)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, argv);
	CHECK(!run.status && !run.out_size && !run.err_size, "cleanup: exit status %d, %s%s",
	      run.status, run.out, run.err);
}

TEST(cleanup, of_nothing)
{
	cleanup_is_silent(ARGUMENTS("cleanup"));
	cleanup_is_silent(ARGUMENTS("cleanup", "--dry-run"));
	CHECK(access("/sys/fs/bpf/netacct", F_OK), "cleanup made a directory");
}

/* What counts is left alone, and so are its neighbours. */
TEST(cleanup, spares_what_counts)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;

	pair_make(&pair, 0);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_clsact("right", "v1");
	foreign_filter(&guest, "right", "v1", false, 100);
	foreign_clsact("left", "v0");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	before = state_text("right", "v1");
	cleanup_is_silent(ARGUMENTS("cleanup"));
	expect_state("after cleanup", before, "right", "v1");
	CHECK(clsact_there("left", "v0"), "cleanup took a foreign clsact");
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("detach", PAIR_SOURCE);
}

static void two_dead_meters(void)
{
	world_netns_add("left");
	world_netns_add("right");
	world_veth("left", "v0", "right", "v1");
	world_veth("left", "v2", "right", "v3");
	world_veth("left", "v4", NULL, "v5");
	world_veth("left", "v6", NULL, "v7");
	netacct("attach", PAIR_SOURCE, "right/v3", "v5", "v7");
	world_delete("right", "v1");
	world_delete("right", "v3");
	world_delete(NULL, "v5");
	expect_number("pinned meters", 4, pinned_meters());
}

/* -c FILE: only what that configuration names. */
TEST(cleanup, only_what_a_configuration_names)
{
	_cleanup_free_ char *one = NULL, *host = NULL, *pattern = NULL;
	_cleanup_dump_ struct dump dump = {0};

	two_dead_meters();
	one = write_file("one.json", "{\"instances\": [{\"namespace\": \"right\", "
				     "\"interface\": \"v3\"}]}");
	host = write_file("host.json", "{\"instances\": [{\"namespace\": null, "
				       "\"interface\": \"v5\"}, {\"interface\": \"v7\"}]}");
	pattern = write_file("all.json", "{\"instances\": [{\"namespace\": \"*\", "
					 "\"interface\": \"v*\"}]}");
	cleanup_says("right--v3", ARGUMENTS("cleanup", "--dry-run", "-c", one));
	expect_number("pinned meters", 4, pinned_meters());
	cleanup_says("right--v3", ARGUMENTS("cleanup", "-c", one));
	expect_number("pinned meters", 3, pinned_meters());
	cleanup_is_silent(ARGUMENTS("cleanup", "-c", one));
	cleanup_says("host--v5", ARGUMENTS("cleanup", "-c", host));
	expect_number("pinned meters", 2, pinned_meters());
	cleanup_says(PAIR_ID, ARGUMENTS("cleanup", "-c", pattern));
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_number("sources", 1, dump_sources(&dump));
	dump_source(&dump, "host--v7");
}

TEST(cleanup, wrong_configurations)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{}",
		"{\"instances\": {}}",
		"{\"instances\": [1]}",
		"{\"instances\": [{\"namespace\": null}]}",
		"{\"instances\": [{\"namespace\": 1, \"interface\": \"v1\"}]}",
	};

	two_dead_meters();
	netacct_refuses(1, "/run/none.json", "cleanup", "-c", "/run/none.json");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *path = write_file("c.json", texts[i]);

		netacct_refuses(1, "c.json", "cleanup", "-c", path);
	}
	expect_number("pinned meters", 4, pinned_meters());
}

/* Somebody removed our pins: what is on the interface without them is found and goes. */
static void lose_pins(void)
{
	_cleanup_closedir_ DIR *root = opendir("/sys/fs/bpf/netacct");
	const struct dirent *meter, *pin;
	char path[600];

	CHECK(root, "no pins");
	while ((meter = readdir(root))) {
		_cleanup_closedir_ DIR *directory = NULL;

		if (meter->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/fs/bpf/netacct/%s", meter->d_name);
		directory = opendir(path);
		while (directory && (pin = readdir(directory)))
			unlinkat(dirfd(directory), pin->d_name, 0);
		CHECK(!rmdir(path), "rmdir %s", path);
	}
	rmdir("/sys/fs/bpf/netacct");
}

static void check_lost_pins(const char *option)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_UNSPEC);
	foreign_clsact("right", "v1");
	foreign_filter(&guest, "right", "v1", false, 100);
	netacct("attach", option, PAIR_SOURCE);
	lose_pins();
	cleanup_says(PAIR_ID, ARGUMENTS("cleanup", "--dry-run"));
	CHECK(filters_there("right", "v1") > 1, "cleanup --dry-run removed a filter");
	cleanup_says(PAIR_ID, ARGUMENTS("cleanup"));
	expect_number("filters", 1, filters_there("right", "v1"));
	expect_number("the program at XDP", 0, xdp_there("right", "v1"));
	CHECK(foreign_filter_there("right", "v1", false, 100), "cleanup took a foreign filter");
	cleanup_is_silent(ARGUMENTS("cleanup"));
}

TEST(cleanup, lost_pins)
{
	check_lost_pins("--hook=clsact");
}

TEST(cleanup, lost_pins_at_xdp)
{
	check_lost_pins("--xdp=native");
}

TEST(cleanup, lost_pins_at_generic_xdp)
{
	check_lost_pins("--xdp=generic");
}

/* A reboot empties bpffs: with it go pins, not what the kernel does not forget either. */
TEST(cleanup, bpffs_is_another)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	CHECK(!umount2("/sys/fs/bpf", MNT_DETACH), "umount");
	cleanup_says(PAIR_ID, ARGUMENTS("cleanup"));
	expect_number("filters", 0, filters_there("right", "v1"));
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("detach", PAIR_SOURCE);
}

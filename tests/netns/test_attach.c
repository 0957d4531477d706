// SPDX-License-Identifier: GPL-2.0-or-later
/* What cannot be done says so in one line, with its status, and changes nothing. */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"

static unsigned int pinned_meters(void)
{
	_cleanup_closedir_ DIR *dir = opendir("/sys/fs/bpf/netacct");
	const struct dirent *entry;
	unsigned int found = 0;

	while (dir && (entry = readdir(dir)))
		found += entry->d_name[0] != '.';
	return found;
}

static void expect_nothing(void)
{
	expect_number("pinned meters", 0, pinned_meters());
	CHECK(!clsact_there("right", "v1"), "a clsact is left on right/v1");
	expect_number("the program at XDP of right/v1", 0, xdp_there("right", "v1"));
}

TEST(attach, wrong_sources)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct_refuses(1, "nosuch0", "attach", "nosuch0");
	netacct_refuses(1, "nosuch0", "attach", "right/nosuch0");
	netacct_refuses(1, "nowhere", "attach", "nowhere/v1");
	netacct_refuses(1, "99999999", "attach", "pid:99999999/v1");
	netacct_refuses(1, "/run/no-such-file", "attach", "/run/no-such-file/v1");
	netacct_refuses(1, "zz*", "attach", "right/zz*");
	netacct_refuses(1, "zz*", "attach", "zz*/v1");
	netacct_refuses(1, "nowhere", "attach", "-n", "nowhere", "v1");
	netacct_refuses(1, "v1", "detach", PAIR_SOURCE);
	netacct_refuses(1, "no-such-meter", "dump", "no-such-meter");
	netacct_refuses(1, "no-such-meter", "drain", "no-such-meter");
	netacct_refuses(1, "no-such-meter", "verify", "no-such-meter");
	expect_nothing();
}

/* Two lines are allowed where the usage is pointed to. */
static void usage_error(const char *part, const char *const *argv)
{
	_cleanup_run_ struct run run = {0};

	tool_run(&run, argv);
	CHECK(run.status == 2, "%s %s: expected exit status 2, got %d", argv[0],
	      argv[0] && argv[1] ? argv[1] : "", run.status);
	expect_contains("stderr", part, run.err);
	expect_contains("stderr", "netacct: ", run.err);
	expect_number("bytes on stdout", 0, run.out_size);
}

TEST(attach, wrong_usage)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	usage_error("bogus", ARGUMENTS("bogus"));
	usage_error("att", ARGUMENTS("att", PAIR_SOURCE));
	usage_error("--bogus", ARGUMENTS("attach", "--bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--order", "bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--hook", "bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--key", "bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--bytes", "bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--xdp=bogus", PAIR_SOURCE));
	usage_error("bogus", ARGUMENTS("attach", "--perspective", "bogus", PAIR_SOURCE));
	usage_error("--tag", ARGUMENTS("attach", "--tag", "a/b", PAIR_SOURCE));
	usage_error("0", ARGUMENTS("attach", "--max-flows", "0", PAIR_SOURCE));
	usage_error("ten", ARGUMENTS("attach", "--max-flows", "ten", PAIR_SOURCE));
	usage_error("-5", ARGUMENTS("attach", "--max-flows", "-5", PAIR_SOURCE));
	usage_error("attach", ARGUMENTS("attach"));
	usage_error("detach", ARGUMENTS("detach"));
	usage_error("bogus", ARGUMENTS("dump", "--format", "bogus"));
	usage_error("bogus", ARGUMENTS("dump", "--sort", "bogus"));
	usage_error("bogus", ARGUMENTS("dump", "--by", "bogus"));
	usage_error("some", ARGUMENTS("dump", "--top", "some"));
	usage_error("collect", ARGUMENTS("collect"));
	expect_nothing();
}

TEST(attach, bad_whitelists)
{
	static const struct {
		const char *content, *part;
	} lists[] = {
		{"", "wl.json"},
		{"{", "wl.json"},
		{"[]", "wl.json"},
		{"{\"whitelist\": {\"g\": {\"enabled\": true, \"ips\": [\"300.1.1.1\"]}}}",
		 "300.1.1.1"},
		{"{\"whitelist\": {\"g\": {\"enabled\": true, \"cidrs\": [\"10.0.0.0/33\"]}}}",
		 "10.0.0.0/33"},
		{"{\"whitelist\": {\"g\": {\"enabled\": true, \"cidrs\": [\"fd00::/129\"]}}}",
		 "fd00::/129"},
		{"{\"whitelist\": {\"g\": {\"enabled\": true, \"ips\": \"10.0.0.1\"}}}", "g"},
	};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct_refuses(1, "/run/none.json", "attach", "--whitelist", "/run/none.json",
			PAIR_SOURCE);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		_cleanup_free_ char *path = write_file("wl.json", lists[i].content);

		netacct_refuses(1, lists[i].part, "attach", "--whitelist", path, PAIR_SOURCE);
	}
	expect_nothing();
}

TEST(attach, twice_is_refused)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	netacct_refuses(1, PAIR_ID, "attach", PAIR_SOURCE);
	netacct_refuses(1, PAIR_ID, "attach", "--xdp", PAIR_SOURCE);
	expect_number("pinned meters", 1, pinned_meters());
	expect_number("filters", 2, filters_there("right", "v1"));
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
	netacct_refuses(1, "v1", "detach", PAIR_SOURCE);
	expect_nothing();
	netacct("attach", PAIR_SOURCE);
	netacct("detach", "--all");
	expect_nothing();
}

/* One of two fails: it is named, the other is done, and the status is 1. */
TEST(attach, one_of_two)
{
	_cleanup_dump_ struct dump dump = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct_refuses(1, "nosuch0", "attach", "right/nosuch0", PAIR_SOURCE);
	dump_run(&dump, ARGUMENTS("dump", "-j"));
	expect_number("sources", 1, dump_sources(&dump));
	netacct_refuses(1, "nosuch0", "detach", "right/nosuch0", PAIR_SOURCE);
	expect_nothing();
}

/* Exactly one of two attaches at the same moment gets the interface. */
TEST(attach, two_at_once_on_one_interface)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	for (unsigned int round = 0; round < 10; round++) {
		_cleanup_run_ struct run first = {0}, second = {0};
		struct tool one, other;

		tool_start(&one, ARGUMENTS("attach", PAIR_SOURCE));
		tool_start(&other, ARGUMENTS("attach", "--xdp", PAIR_SOURCE));
		tool_finish(&one, &first);
		tool_finish(&other, &second);
		CHECK(first.status + second.status == 1,
		      "expected one 0 and one 1, got %d (%s) and %d (%s)", first.status, first.err,
		      second.status, second.err);
		netacct("verify");
		expect_number("pinned meters", 1, pinned_meters());
		netacct("detach", PAIR_SOURCE);
		expect_nothing();
	}
}

TEST(attach, two_at_once_on_two_interfaces)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	for (unsigned int round = 0; round < 10; round++) {
		_cleanup_run_ struct run first = {0}, second = {0};
		struct tool one, other;

		tool_start(&one, ARGUMENTS("attach", PAIR_SOURCE));
		tool_start(&other, ARGUMENTS("attach", "left/v0"));
		tool_finish(&one, &first);
		tool_finish(&other, &second);
		CHECK(!first.status && !second.status,
		      "expected two times 0, got %d (%s) and %d (%s)", first.status, first.err,
		      second.status, second.err);
		netacct("verify");
		netacct("detach", "--all");
		expect_nothing();
	}
}

/* bpffs is mounted if nobody has. */
TEST(attach, mounts_bpffs)
{
	_cleanup_pair_ struct pair pair;

	CHECK(!umount2("/sys/fs/bpf", MNT_DETACH), "umount /sys/fs/bpf: %s", strerror(errno));
	pair_make(&pair, 0);
	netacct("attach", PAIR_SOURCE);
	netacct("verify");
	netacct("detach", PAIR_SOURCE);
	expect_nothing();
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Pins are root's alone; what is not ours, or not of our layout, is refused and not touched. */
#define _GNU_SOURCE 1
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <netacct/abi.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "life.h"
#include "pair.h"
#include "state.h"
#include "tool.h"

#define ROOT "/sys/fs/bpf/netacct"
#define METER ROOT "/m-00000000-0000-4000-8000-000000000001"

/* Below `path`; returns how many pins. */
static unsigned int check_modes(const char *path)
{
	_cleanup_closedir_ DIR *directory = opendir(path);
	const struct dirent *entry;
	unsigned int pins = 0;

	CHECK(directory, "%s: %s", path, strerror(errno));
	while ((entry = readdir(directory))) {
		struct stat status;
		char below[600];

		if (!strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		CHECK(!lstat(below, &status), "%s: %s", below, strerror(errno));
		CHECK(!status.st_uid && !status.st_gid, "%s is not root's", below);
		expect_number(below, S_ISDIR(status.st_mode) ? 0700 : 0600, status.st_mode & 07777);
		if (!S_ISDIR(status.st_mode))
			pins++;
		else if (strcmp(entry->d_name, ".") != 0)
			pins += check_modes(below);
	}
	return pins;
}

static void check_pins(const char *hook)
{
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", hook, PAIR_SOURCE, "left/v0");
	CHECK(check_modes(ROOT) > 20, "too few pins");
	netacct("attach", "--replace", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	netacct("verify");
	check_modes(ROOT);
}

TEST(pins, are_roots_alone)
{
	umask(0);
	check_pins("--xdp=native");
}

TEST(pins, are_roots_alone_at_tcx)
{
	uint32_t ids[STATE_TCX_MAX];

	if (state_tcx(NULL, "lo", false, ids) < 0)
		skip("no tcx in this kernel");
	umask(0);
	check_pins("--hook=tcx");
}

/* Every command that would use it refuses; list-all shows the rest. */
static void expect_refused(const char *part)
{
	static const char *const commands[][3] = {
		{"dump"}, {"drain"}, {"detach", "--all"}, {"cleanup"}, {"cleanup", "--dry-run"},
	};
	_cleanup_run_ struct run verify = {0};

	netacct_refuses(1, part, "attach", PAIR_SOURCE);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		tool_refuse(1, part, commands[i]);
	tool_run(&verify, ARGUMENTS("verify"));
	CHECK(verify.status == 1 || verify.status == 3, "verify: exit status %d", verify.status);
	expect_contains("verify", part, verify.err);
	netacct("list-all");
}

static void check_squatted(mode_t mode, uid_t owner, const char *part)
{
	_cleanup_pair_ struct pair pair;
	_cleanup_free_ char *before = NULL;
	struct stat status;

	pair_make(&pair, 0);
	CHECK(!mkdir(ROOT, 0700) && !chmod(ROOT, mode) && !chown(ROOT, owner, 0), "%s: %s", ROOT,
	      strerror(errno));
	before = state_text("right", "v1");
	expect_refused(part);
	expect_state("after the refusals", before, "right", "v1");
	CHECK(!stat(ROOT, &status), "%s is gone", ROOT);
	expect_number("owner", owner, status.st_uid);
	expect_number("mode", mode, status.st_mode & 07777);
}

TEST(pins, wrong_owner)
{
	check_squatted(0700, 1000, "uid 1000");
}

TEST(pins, wrong_mode)
{
	check_squatted(0755, 0, "0755");
}

TEST(pins, open_to_all)
{
	check_squatted(0777, 0, "0777");
}

TEST(pins, group_may_read)
{
	check_squatted(0740, 0, "0740");
}

TEST(pins, symlink)
{
	_cleanup_pair_ struct pair pair;
	struct stat status;

	pair_make(&pair, 0);
	CHECK(!mkdir("/sys/fs/bpf/elsewhere", 0700), "mkdir: %s", strerror(errno));
	if (symlink("/sys/fs/bpf/elsewhere", ROOT))
		skip("no symlinks on bpffs: %s", strerror(errno));
	expect_refused(ROOT);
	CHECK(!lstat(ROOT, &status) && S_ISLNK(status.st_mode), "the symlink is gone");
	CHECK(!rmdir("/sys/fs/bpf/elsewhere"), "something was made behind the symlink");
}

static int array(const char *name, uint32_t size)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, size, 1, NULL);

	CHECK(map >= 0, "a map: %s", strerror(errno));
	return map;
}

/* What is nearest to a plain file on bpffs: somebody's pin under our name. */
TEST(pins, no_directory)
{
	_cleanup_close_ int map = array("squatter", 4);
	_cleanup_pair_ struct pair pair;
	struct stat status;

	pair_make(&pair, 0);
	CHECK(!bpf_obj_pin(map, ROOT), "pin: %s", strerror(errno));
	expect_refused(ROOT);
	CHECK(!lstat(ROOT, &status) && S_ISREG(status.st_mode), "the pin is gone");
}

/* The directory of the only meter; free() it. */
static char *meter_directory(void)
{
	_cleanup_closedir_ DIR *directory = opendir(ROOT);
	const struct dirent *entry;
	char *path = NULL;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && !path)
			CHECK(asprintf(&path, ROOT "/%s", entry->d_name) > 0, "out of memory");
	CHECK(path, "no meter is pinned");
	return path;
}

/* A meter's directory that was opened to others is not believed any more. */
TEST(pins, opened_directory)
{
	_cleanup_free_ char *path = NULL, *before = NULL;
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	path = meter_directory();
	CHECK(!chmod(path, 0777), "chmod: %s", strerror(errno));
	before = state_text("right", "v1");
	tool_run(&run, ARGUMENTS("dump"));
	CHECK(run.status == 1, "dump: expected exit status 1, got %d", run.status);
	expect_contains("stderr", "0777", run.err);
	netacct_refuses(1, "0777", "cleanup");
	expect_state("after the refusals", before, "right", "v1");
	CHECK(!chmod(path, 0700), "chmod: %s", strerror(errno));
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
}

/* A single pin that was opened, or is somebody else's, likewise. */
TEST(pins, opened_pin)
{
	_cleanup_free_ char *path = NULL, *pin = NULL;
	_cleanup_run_ struct run run = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	path = meter_directory();
	CHECK(asprintf(&pin, "%s/control", path) > 0 && !chmod(pin, 0666), "chmod: %s",
	      strerror(errno));
	tool_run(&run, ARGUMENTS("verify"));
	CHECK(run.status == 3 || run.status == 1, "verify says nothing of a pin with mode 0666");
}

/* One pin is missing: verify finds it, cleanup removes the rest. */
TEST(pins, missing_pin)
{
	_cleanup_free_ char *path = NULL, *pin = NULL;
	_cleanup_run_ struct run verify = {0}, cleanup = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	path = meter_directory();
	CHECK(asprintf(&pin, "%s/taken", path) > 0 && !unlink(pin), "unlink: %s", strerror(errno));
	tool_run(&verify, ARGUMENTS("verify"));
	CHECK(verify.status == 3, "verify: expected exit status 3, got %d", verify.status);
	expect_contains("verify", "taken", verify.err);
	tool_run(&cleanup, ARGUMENTS("cleanup"));
	CHECK(!cleanup.status, "cleanup: exit status %d: %s", cleanup.status, cleanup.err);
	expect_number("pinned meters", 0, pinned_meters());
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("detach", PAIR_SOURCE);
}

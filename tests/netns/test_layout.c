// SPDX-License-Identifier: GPL-2.0-or-later
/* A pin of another layout is refused and not touched, and is in nobody's way. */
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

static int array(const char *name, uint32_t size)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, size, 1, NULL);

	CHECK(map >= 0, "a map: %s", strerror(errno));
	return map;
}

static void pin_meta(const void *value, uint32_t size)
{
	_cleanup_close_ int map = array("netacct_meta", size);
	uint32_t zero = 0;

	CHECK((!mkdir(ROOT, 0700) || errno == EEXIST) && !mkdir(METER, 0700), "mkdir: %s",
	      strerror(errno));
	CHECK(!bpf_map_update_elem(map, &zero, value, BPF_ANY), "a map: %s", strerror(errno));
	CHECK(!bpf_obj_pin(map, METER "/meta"), "pin: %s", strerror(errno));
}

static bool is_pinned(void)
{
	return !access(METER "/meta", F_OK);
}

/* Named and left alone by those that take all; a meter beside it works. */
static void expect_layout_refused(const char *part)
{
	static const char *const commands[][3] = {
		{"detach", "--all"},
		{"cleanup"},
		{"dump"},
		{"drain"},
	};
	_cleanup_run_ struct run verify = {0};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		_cleanup_run_ struct run run = {0};

		context("%s", commands[i][0]);
		tool_run(&run, commands[i]);
		CHECK(run.status == 1, "expected exit status 1, got %d: %s%s", run.status, run.out,
		      run.err);
		expect_contains("stderr", part, run.err);
		CHECK(is_pinned(), "the pin is gone");
	}
	context("%s", "");
	tool_run(&verify, ARGUMENTS("verify"));
	CHECK(verify.status == 3, "verify: expected exit status 3, got %d", verify.status);
	expect_contains("verify", part, verify.err);
	netacct("list-all");
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	sender_flows(&pair.in, &packet_datagram, 9);
	pair_expect(&pair, KEY_FLOW);
	netacct("verify", PAIR_ID);
	netacct("attach", "--replace", PAIR_SOURCE);
	netacct("detach", PAIR_SOURCE);
	CHECK(is_pinned(), "the pin is gone");
}

TEST(layout, of_another_abi)
{
	const struct na_meta meta = {.magic = NETACCT_MAGIC, .abi = 99};

	pin_meta(&meta, sizeof(meta));
	expect_layout_refused("ABI 99");
}

/* Magic and ABI come first, whatever grows behind them. */
TEST(layout, of_another_abi_and_size)
{
	struct {
		struct na_meta meta;
		char more[64];
	} later = {.meta = {.magic = NETACCT_MAGIC, .abi = NETACCT_ABI + 1}};

	pin_meta(&later, sizeof(later));
	expect_layout_refused("layout of");
}

TEST(layout, of_somebody_else)
{
	const uint64_t value[64] = {42};

	pin_meta(value, sizeof(value));
	expect_layout_refused("not netacct's");
}

TEST(layout, of_impossible_sizes)
{
	struct na_meta meta = {.magic = NETACCT_MAGIC, .abi = NETACCT_ABI, .sources = 0xffffffff};
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	int byte;

	for (size_t i = 0; file && i < sizeof(meta.boot_id); i++) {
		char digits[3] = "";

		while ((byte = fgetc(file)) == '-')
			continue;
		digits[0] = (char)byte;
		digits[1] = (char)fgetc(file);
		meta.boot_id[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	pin_meta(&meta, sizeof(meta));
	expect_layout_refused("sizes");
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

/* A meter of another version counts on, whatever this one is told to do. */
TEST(layout, live_meter_of_another_abi)
{
	_cleanup_free_ char *path = NULL, *pin = NULL, *before = NULL;
	_cleanup_pair_ struct pair pair;
	_cleanup_close_ int map = -1;
	struct na_meta meta;
	uint32_t zero = 0;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	path = meter_directory();
	CHECK(asprintf(&pin, "%s/meta", path) > 0, "out of memory");
	map = bpf_obj_get(pin);
	CHECK(map >= 0 && !bpf_map_lookup_elem(map, &zero, &meta), "meta: %s", strerror(errno));
	meta.abi++;
	CHECK(!bpf_map_update_elem(map, &zero, &meta, BPF_ANY), "meta: %s", strerror(errno));
	before = state_text("right", "v1");
	netacct_refuses(1, "ABI", "detach", "--all");
	expect_state("after detach --all", before, "right", "v1");
	netacct_refuses(1, "ABI", "cleanup");
	expect_state("after cleanup", before, "right", "v1");
	netacct_refuses(1, "ABI", "attach", "--replace", PAIR_SOURCE);
	expect_state("after attach --replace", before, "right", "v1");
	sender_flows(&pair.in, &packet_datagram, 9);
	meta.abi--;
	CHECK(!bpf_map_update_elem(map, &zero, &meta, BPF_ANY), "meta: %s", strerror(errno));
	pair_expect(&pair, KEY_FLOW);
	netacct("verify");
}

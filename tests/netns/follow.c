// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>
#include <netacct/cleanup.h>

#include "dump.h"
#include "harness.h"
#include "life.h"
#include "sender.h"
#include "world.h"

#define PATIENCE_MS 20000

static uint64_t patience(void)
{
	return now_ms() + (slow() ? 10 : 1) * PATIENCE_MS;
}

void follow_begin(void)
{
	world_sysctl(NULL, "net/ipv6/conf/default/disable_ipv6", "1");
	world_netns_add("left");
}

void follow_start(struct tool *tool, const char *instances)
{
	_cleanup_free_ char *text = NULL, *path = NULL;

	CHECK(asprintf(&text,
		       "{\"polling_interval\": 1, \"history\": {\"path\": \"/run/history.db\"}, "
		       "\"socket\": null, \"instances\": [%s]}",
		       instances) > 0,
	      "out of memory");
	path = write_file("follow.json", text);
	tool_start(tool, ARGUMENTS("collect", "-c", path));
}

void follow_end(struct tool *tool, struct run *run)
{
	CHECK(!kill(tool->pid, SIGTERM), "kill: %s", strerror(errno));
	tool_finish(tool, run);
	CHECK(run->status == 0, "the collector ended with %d: %s", run->status, run->err);
}

void follow_stop(struct tool *tool)
{
	_cleanup_run_ struct run run = {0};

	follow_end(tool, &run);
}

/* The source of a dump that is attached to that ifindex; NULL: there is none. */
static struct json_object *find_counted(const struct dump *dump, const char *id, uint64_t ifindex)
{
	struct json_object *sources = json_at(dump->root, "sources"), *found;
	size_t i;

	for (i = 0; i < json_object_array_length(sources); i++) {
		found = json_object_array_get_idx(sources, i);
		if (!strcmp(json_text(found, "id"), id) &&
		    json_number(found, "metadata.ifindex") == ifindex &&
		    json_object_get_boolean(json_at(found, "metadata.live")))
			return found;
	}
	return NULL;
}

static void expect_running(struct tool *tool)
{
	_cleanup_run_ struct run run = {0};
	siginfo_t info = {0};

	CHECK(!waitid(P_PID, (id_t)tool->pid, &info, WEXITED | WNOHANG | WNOWAIT), "waitid: %m");
	if (!info.si_pid)
		return;
	tool_finish(tool, &run);
	fail("the collector ended with %d: %s", run.status, run.err);
}

void follow_await(struct tool *collector, const char *ns, const char *name, const char *id)
{
	uint64_t ifindex = world_ifindex(ns, name), until = patience();

	for (;;) {
		_cleanup_run_ struct run run = {0};
		_cleanup_dump_ struct dump dump = {0};

		tool_run(&run, ARGUMENTS("dump", "-j"));
		if (run.status == 0) {
			dump_parse(&dump, run.out);
			if (find_counted(&dump, id, ifindex))
				return;
		}
		expect_running(collector);
		CHECK(now_ms() < until, "%s (ifindex %u) is not counted: %s", id,
		      (unsigned int)ifindex, run.out);
		sleep_ms(20);
	}
}

static void read_output(struct dump *dump, const char *path)
{
	_cleanup_free_ char *text = calloc(1, 4 << 20);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	CHECK(text && fd >= 0, "%s: %s", path, strerror(errno));
	length = read(fd, text, (4 << 20) - 1);
	CHECK(length > 0, "%s is empty", path);
	dump_parse(dump, text);
}

void expect_collected(const char *path, const char *id, const struct ledger *expected)
{
	_cleanup_ledger_ struct ledger got = {0}, pairs = {0};
	_cleanup_dump_ struct dump dump = {0};

	context("%s: ", id);
	read_output(&dump, path);
	json_flows(dump_source(&dump, id), &got);
	ledger_coarsen(expected, KEY_HOST_PAIR, &pairs);
	expect_flows(&pairs, &got);
	context("%s", "");
}

void follow_traffic(const char *peer, struct ledger *received)
{
	_cleanup_sender_ struct sender sender;

	sender_open(&sender, "left", peer, 0);
	sender.received = received;
	sender_flows(&sender, &packet_datagram, 10);
}

void expect_no_pins(void)
{
	expect_number("directories of pins", 0, pinned_meters());
	CHECK(access("/sys/fs/bpf/netacct", F_OK), "/sys/fs/bpf/netacct is left");
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "state.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "world.h"

#define PINS "/sys/fs/bpf/netacct"
#define STRAYS_MS 15000
#define STRAYS_MAX 65536

/* The part of union bpf_attr that BPF_PROG_QUERY reads, with that of Linux 6.6. */
struct prog_query {
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	uint64_t prog_ids;
	uint32_t count;
	uint32_t padding;
	uint64_t prog_attach_flags, link_ids, link_attach_flags, revision;
};

int state_tcx(const char *ns, const char *name, bool egress, uint32_t ids[static STATE_TCX_MAX])
{
	struct prog_query query = {
		.target_ifindex = world_ifindex(ns, name),
		.attach_type = egress ? 47 : 46, /* BPF_TCX_EGRESS, _INGRESS */
		.prog_ids = (uintptr_t)ids,
		.count = STATE_TCX_MAX,
	};
	int previous = world_enter(ns);
	int error = syscall(SYS_bpf, BPF_PROG_QUERY, &query, sizeof(query)) ? -errno : 0;

	world_leave(previous);
	return error ? error : (int)query.count;
}

static void write_pins(FILE *to, const char *path)
{
	_cleanup_closedir_ DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char below[512];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		fprintf(to, "pin %s\n", below);
		if (entry->d_type == DT_DIR)
			write_pins(to, below);
	}
}

static void write_filters(FILE *to, struct rtnl *nl, uint32_t ifindex, enum filter_side side)
{
	_cleanup_free_ struct filter *filters = NULL;
	struct nl_error error = {""};
	size_t count = 0;

	if (filter_list(nl, ifindex, side, &filters, &count, &error))
		return;
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s filter %u %#x %s %s program %u\n",
			side == FILTER_EGRESS ? "egress" : "ingress", filters[i].priority,
			filters[i].handle, filters[i].kind, filters[i].name, filters[i].prog_id);
}

static void write_link(FILE *to, const char *ns, const char *name)
{
	int previous = world_enter(ns);
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error error = {""};
	struct link link;

	CHECK(!rtnl_open(&nl, &error), "rtnetlink: %s", error.text);
	world_leave(previous);
	CHECK(!link_by_name(nl, name, &link, &error), "link %s: %s", name, error.text);
	CHECK(!qdisc_query(nl, link.ifindex, &kind, &error), "qdisc of %s: %s", name, error.text);
	fprintf(to, "qdisc %d\n", kind);
	fprintf(to, "xdp %u %u %u\n", link.xdp.native, link.xdp.generic, link.xdp.offload);
	if (kind != QDISC_NONE)
		write_filters(to, nl, link.ifindex, FILTER_INGRESS);
	if (kind == QDISC_CLSACT)
		write_filters(to, nl, link.ifindex, FILTER_EGRESS);
}

char *state_text(const char *ns, const char *name)
{
	uint32_t ids[STATE_TCX_MAX];
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	CHECK(to, "out of memory");
	write_pins(to, PINS);
	write_link(to, ns, name);
	for (int egress = 0; egress < 2; egress++) {
		int count = state_tcx(ns, name, egress, ids);

		for (int i = 0; i < count; i++)
			fprintf(to, "%s tcx %u\n", egress ? "egress" : "ingress", ids[i]);
	}
	fclose(to);
	return text;
}

void expect_state(const char *what, const char *expected, const char *ns, const char *name)
{
	_cleanup_free_ char *got = state_text(ns, name);

	CHECK(!strcmp(expected, got), "%s: expected the kernel to hold\n%sgot\n%s", what, expected,
	      got);
}

struct stray {
	enum object_kind kind;
	uint32_t id;
	char where[160];
};

static bool known(const struct strays *strays, enum object_kind kind, uint32_t id)
{
	for (size_t i = 0; i < strays->before.count[kind]; i++)
		if (strays->before.ids[kind][i] == id)
			return true;
	for (unsigned int i = 0; i < strays->count; i++)
		if (strays->items[i].kind == kind && strays->items[i].id == id)
			return true;
	return false;
}

void strays_begin(struct strays *strays)
{
	memset(strays, 0, sizeof(*strays));
	strays->items = calloc(STRAYS_MAX, sizeof(*strays->items));
	CHECK(strays->items, "out of memory");
	objects_read(&strays->before);
}

void strays_note(struct strays *strays, const char *where)
{
	struct objects now;

	objects_read(&now);
	for (int kind = 0; kind < OBJECT_KINDS; kind++)
		for (size_t i = 0; i < now.count[kind]; i++) {
			struct stray *stray = &strays->items[strays->count];

			if (strays->count == STRAYS_MAX || known(strays, kind, now.ids[kind][i]))
				continue;
			stray->kind = kind;
			stray->id = now.ids[kind][i];
			snprintf(stray->where, sizeof(stray->where), "%s", where);
			strays->count++;
		}
	objects_clear(&now);
}

static bool there(const struct objects *now, const struct stray *stray)
{
	for (size_t i = 0; i < now->count[stray->kind]; i++)
		if (now->ids[stray->kind][i] == stray->id)
			return true;
	return false;
}

static const struct stray *first_left(const struct strays *strays)
{
	const struct stray *found = NULL;
	struct objects now;

	objects_read(&now);
	for (unsigned int i = 0; i < strays->count && !found; i++)
		if (there(&now, &strays->items[i]))
			found = &strays->items[i];
	objects_clear(&now);
	return found;
}

/* The id of a map that is gone at once: the kernel hands them out one after the other. */
static uint32_t next_map_id(void)
{
	_cleanup_close_ int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "tick", 4, 4, 1, NULL);
	struct bpf_map_info info;
	uint32_t size = sizeof(info);

	memset(&info, 0, sizeof(info));
	CHECK(map >= 0 && !bpf_obj_get_info_by_fd(map, &info, &size), "a map: %s", strerror(errno));
	return info.id;
}

void strays_end(struct strays *strays)
{
	static const char *const words[OBJECT_KINDS] = {"program", "map", "link"};
	uint64_t deadline = now_ms() + (slow() ? 10 : 1) * STRAYS_MS;
	uint32_t first = next_map_id();
	const struct stray *left;

	while ((left = first_left(strays)) && now_ms() < deadline)
		sleep_ms(20);
	if (left && next_map_id() == first + 1)
		fail("%s: %s %u is left in the kernel", left->where, words[left->kind], left->id);
	if (left)
		remark("others make BPF objects here: what is left cannot be told from theirs");
	free(strays->items);
	objects_clear(&strays->before);
}

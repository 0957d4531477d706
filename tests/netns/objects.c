// SPDX-License-Identifier: GPL-2.0-or-later
#include "objects.h"

#include <glob.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"

struct kind {
	const char *name;
	int next; /* bpf(2) commands */
	int open;
};

static const struct kind kinds[OBJECT_KINDS] = {
	[OBJECT_PROGRAM] = {"program", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
	[OBJECT_MAP] = {"map", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
	[OBJECT_LINK] = {"link", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID},
};

static int sys_bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

void objects_read(struct objects *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (int kind = 0; kind < OBJECT_KINDS; kind++) {
		union bpf_attr attr;

		memset(&attr, 0, sizeof(attr));
		while (!sys_bpf(kinds[kind].next, &attr)) {
			size_t count = ret->count[kind]++;
			uint32_t *ids = realloc(ret->ids[kind], (count + 1) * sizeof(*ids));

			if (!ids)
				abort();
			ids[count] = attr.next_id;
			ret->ids[kind] = ids;
			attr.start_id = attr.next_id;
			attr.next_id = 0;
		}
	}
}

void objects_clear(struct objects *objects)
{
	for (int kind = 0; kind < OBJECT_KINDS; kind++)
		free(objects->ids[kind]);
	memset(objects, 0, sizeof(*objects));
}

static bool holds(const struct objects *objects, int kind, uint32_t id)
{
	for (size_t i = 0; i < objects->count[kind]; i++)
		if (objects->ids[kind][i] == id)
			return true;
	return false;
}

/* Programs and maps have names, links do not. */
static void object_name(int kind, uint32_t id, char name[static BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info program;
	struct bpf_map_info map;
	union bpf_attr attr;
	_cleanup_close_ int fd = -1;

	name[0] = '\0';
	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	fd = sys_bpf(kinds[kind].open, &attr);
	if (fd < 0 || kind == OBJECT_LINK)
		return;
	memset(&attr, 0, sizeof(attr));
	memset(&program, 0, sizeof(program));
	memset(&map, 0, sizeof(map));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = kind == OBJECT_PROGRAM ? sizeof(program) : sizeof(map);
	attr.info.info = kind == OBJECT_PROGRAM ? (uintptr_t)&program : (uintptr_t)&map;
	if (sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		return;
	memcpy(name, kind == OBJECT_PROGRAM ? program.name : map.name, BPF_OBJ_NAME_LEN);
}

static size_t describe(const struct objects *before, const struct objects *after, char *text,
		       size_t size)
{
	size_t left = 0, used = 0;

	for (int kind = 0; kind < OBJECT_KINDS; kind++) {
		for (size_t i = 0; i < after->count[kind]; i++) {
			char name[BPF_OBJ_NAME_LEN];
			uint32_t id = after->ids[kind][i];

			if (holds(before, kind, id))
				continue;
			left++;
			object_name(kind, id, name);
			if (used < size)
				used += (size_t)snprintf(text + used, size - used, "%s%s %u (%s)",
							 used ? ", " : "", kinds[kind].name, id,
							 name);
		}
	}
	return left;
}

/* Does a process hold an object that is not in `before` by this descriptor? */
static bool holds_new(const struct objects *before, const char *fdinfo)
{
	static const char *const fields[OBJECT_KINDS] = {"prog_id:", "map_id:", "link_id:"};
	_cleanup_fclose_ FILE *file = fopen(fdinfo, "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		for (int kind = 0; kind < OBJECT_KINDS; kind++) {
			size_t length = strlen(fields[kind]);

			if (!strncmp(line, fields[kind], length) &&
			    !holds(before, kind, (uint32_t)strtoul(line + length, NULL, 10)))
				return true;
		}
	}
	return false;
}

/*
 * Is somebody else on this machine making BPF objects too? All processes of
 * the test are dead, so who holds a new one is not of it.
 */
static bool others_at_work(const struct objects *before)
{
	glob_t paths;
	bool found = false;

	if (glob("/proc/[0-9]*/fdinfo/*", GLOB_NOSORT, NULL, &paths))
		return false;
	for (size_t i = 0; i < paths.gl_pathc && !found; i++)
		found = holds_new(before, paths.gl_pathv[i]);
	globfree(&paths);
	return found;
}

size_t objects_left(const struct objects *before, unsigned int timeout_ms, char *text, size_t size)
{
	uint64_t deadline = now_ms() + timeout_ms;
	struct objects after;
	size_t left;

	for (;;) {
		objects_read(&after);
		text[0] = '\0';
		left = describe(before, &after, text, size);
		objects_clear(&after);
		if (!left)
			return 0;
		if (now_ms() >= deadline)
			return others_at_work(before) ? 0 : left;
		sleep_ms(20);
	}
}

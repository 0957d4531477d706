/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "first_tool.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>

#define PROGRAM_PREFIX "network_account" /* 15 bytes: as the kernel keeps it */
#define FILTER_PREFIX "network_accounting"
#define MAPS_MAX 64 /* of a program; the first tool's have six */

struct found {
	struct first_tool_object *objects; /* owned */
	size_t count;
};

bool first_tool_program_name(const char *name)
{
	return !strncmp(name, PROGRAM_PREFIX, strlen(PROGRAM_PREFIX));
}

bool first_tool_filter_name(const char *name)
{
	return !strncmp(name, FILTER_PREFIX, strlen(FILTER_PREFIX));
}

/* t_m_a_r_TAG, t_m_b_t_TAG: table A or B, received or transmitted */
bool first_tool_map_name(const char *name)
{
	return !strncmp(name, "t_m_", 4) && (name[4] == 'a' || name[4] == 'b') && name[5] == '_' &&
	       (name[6] == 'r' || name[6] == 't') && (!name[7] || name[7] == '_');
}

static int add(struct found *found, enum first_tool_kind kind, uint32_t id, const char *name)
{
	struct first_tool_object *objects =
		reallocarray(found->objects, found->count + 1, sizeof(*objects));

	if (!objects)
		return -ENOMEM;
	found->objects = objects;
	objects[found->count] = (struct first_tool_object){.kind = kind, .id = id};
	snprintf(objects[found->count].name, sizeof(objects->name), "%s", name);
	found->count++;
	return 0;
}

/* What goes away between its id and its descriptor is none. */
static int look_at_map(uint32_t id, struct found *found)
{
	_cleanup_close_ int fd = bpf_map_get_fd_by_id(id);
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &length) || !first_tool_map_name(info.name))
		return 0;
	return add(found, FIRST_TOOL_MAP, id, info.name);
}

static bool known_map(const struct found *found, uint32_t id)
{
	size_t i;

	for (i = 0; i < found->count; i++)
		if (found->objects[i].kind == FIRST_TOOL_MAP && found->objects[i].id == id)
			return true;
	return false;
}

/* 1: one of the maps is the first tool's; all of them are among what was found then. */
static int look_at_its_maps(const uint32_t *maps, uint32_t count, struct found *found)
{
	int uses = 0, error;
	uint32_t i;

	for (i = 0; i < count && i < MAPS_MAX; i++) {
		error = known_map(found, maps[i]) ? 0 : look_at_map(maps[i], found);
		if (error)
			return error;
		uses |= known_map(found, maps[i]);
	}
	return uses;
}

static int look_at_program(uint32_t id, struct found *found)
{
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(id);
	uint32_t maps[MAPS_MAX], length;
	struct bpf_prog_info info = {.nr_map_ids = MAPS_MAX, .map_ids = (uintptr_t)maps};
	int uses;

	length = sizeof(info);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return 0;
	uses = look_at_its_maps(maps, info.nr_map_ids, found);
	if (uses < 0 || (!uses && !first_tool_program_name(info.name)))
		return uses;
	return add(found, FIRST_TOOL_PROGRAM, id, info.name);
}

static int walk(int (*next)(uint32_t, uint32_t *), int (*look)(uint32_t, struct found *),
		struct found *found)
{
	uint32_t id = 0;

	while (!next(id, &id)) {
		int error = look(id, found);

		if (error)
			return error;
	}
	return errno == ENOENT ? 0 : -errno;
}

int first_tool_find(bool unused_maps, struct first_tool_object **ret, size_t *ret_count)
{
	struct found found = {};
	int error = 0;

	if (unused_maps)
		error = walk(bpf_map_get_next_id, look_at_map, &found);
	if (!error)
		error = walk(bpf_prog_get_next_id, look_at_program, &found);
	if (error) {
		free(found.objects);
		return error;
	}
	*ret = found.objects;
	*ret_count = found.count;
	return 0;
}

bool first_tool_has(const struct first_tool_object *objects, size_t count, uint32_t program)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (objects[i].kind == FIRST_TOOL_PROGRAM && objects[i].id == program)
			return true;
	return false;
}

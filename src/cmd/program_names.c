/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "program_names.h"

#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/program.h"

struct entry {
	uint32_t id;
	char name[16];
};

struct program_names {
	struct entry *entries; /* by id */
	size_t count, room;
	int error;
};

int program_names_new(struct program_names **ret)
{
	struct program_names *names = calloc(1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	*ret = names;
	return 0;
}

void program_names_free(struct program_names *names)
{
	if (!names)
		return;
	free(names->entries);
	free(names);
}

/* Index of the first entry whose id is not below. */
static size_t position(const struct program_names *names, uint32_t id)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct program_names *names)
{
	size_t room = names->room ? names->room * 2 : 16;
	struct entry *entries;

	if (names->count < names->room)
		return 0;
	entries = reallocarray(names->entries, room, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	names->entries = entries;
	names->room = room;
	return 0;
}

/* Without the right to ask, one refusal is enough. */
static void ask(struct program_names *names, struct entry *entry)
{
	struct program_info info;
	int error;

	if (names->error)
		return;
	error = program_info(entry->id, &info);
	if (!error)
		memcpy(entry->name, info.name, sizeof(entry->name));
	else if (error != -ENOENT)
		names->error = error;
}

int program_names_find(struct program_names *names, uint32_t id, const char **ret)
{
	size_t at = position(names, id);
	int error;

	if (at == names->count || names->entries[at].id != id) {
		struct entry entry = {.id = id};

		error = make_room(names);
		if (error)
			return error;
		ask(names, &entry);
		memmove(&names->entries[at + 1], &names->entries[at],
			(names->count - at) * sizeof(entry));
		names->entries[at] = entry;
		names->count++;
	}
	*ret = names->entries[at].name;
	return 0;
}

int program_names_error(const struct program_names *names)
{
	return names->error;
}

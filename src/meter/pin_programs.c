/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "pin.h"
#include "program.h"

struct ids {
	uint32_t *items; /* owned */
	size_t count;
};

static int add(struct ids *ids, uint32_t id)
{
	uint32_t *grown = reallocarray(ids->items, ids->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	ids->items = grown;
	grown[ids->count++] = id;
	return 0;
}

/* The pins called in-N and eg-N; what is no program is none. */
static int add_directory(int root, const char *name, struct ids *ids)
{
	_cleanup_close_ int fd =
		openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_closedir_ DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	TAKE_FD(fd);
	while (!error && (entry = readdir(directory))) {
		_cleanup_close_ int program = -1;
		uint32_t id;

		if (strncmp(entry->d_name, "in-", 3) != 0 && strncmp(entry->d_name, "eg-", 3) != 0)
			continue;
		program = pin_get(name, entry->d_name);
		if (program >= 0 && !program_id(program, &id))
			error = add(ids, id);
	}
	return error;
}

int pin_programs(int root, uint32_t **ret, size_t *ret_count, struct fault *fault)
{
	_cleanup_free_ char(*names)[PIN_NAME] = NULL;
	struct ids ids = {};
	size_t count = 0, i;
	int error = pin_list(root, "m-", &names, &count, fault);

	if (error)
		return error;
	for (i = 0; i < count && !error; i++)
		error = add_directory(root, names[i], &ids);
	if (error) {
		free(ids.items);
		return fault_errno(fault, error, "cannot read the pinned programs");
	}
	*ret = ids.items;
	*ret_count = ids.count;
	return 0;
}

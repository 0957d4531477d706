/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "roster_state.h"

static void path_of(const struct meter *meter, char path[static 64])
{
	snprintf(path, 64, "c-%s/instance", meter->uuid);
}

/* "persist:NAME" or "detach:NAME"; the folder is the hold's, and goes with the meter. */
int roster_mark(int root, const struct meter *meter, const struct config_instance *instance,
		struct fault *fault)
{
	char path[64], text[4096];

	path_of(meter, path);
	snprintf(text, sizeof(text), "%s:%s", instance->persist ? "persist" : "detach",
		 instance->name);
	if (unlinkat(root, path, 0) && errno != ENOENT)
		return fault_errno(fault, -errno, PIN_ROOT "/%s", path);
	if (symlinkat(text, root, path))
		return fault_errno(fault, -errno, PIN_ROOT "/%s", path);
	return 0;
}

int roster_read_mark(int root, const struct meter *meter, struct roster_mark *ret)
{
	char path[64], text[4096];
	const char *name;
	ssize_t length;

	path_of(meter, path);
	length = readlinkat(root, path, text, sizeof(text) - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	name = strchr(text, ':');
	if (!name)
		return -EPROTO;
	ret->persist = !strncmp(text, "persist:", strlen("persist:"));
	snprintf(ret->instance, sizeof(ret->instance), "%s", name + 1);
	return 0;
}

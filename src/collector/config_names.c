// SPDX-License-Identifier: GPL-2.0-or-later
/* Source ids and the instances that mean them. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "../source/source.h"
#include "config.h"

/*
 * The part of ids that stands for the namespace. A process, and a path outside of the folders of
 * names, may be any namespace by now, or may be gone: any id will do.
 */
static const char *namespace_pattern(const struct source_name *name)
{
	static const char *const folders[] = {"/run/netns/", "/var/run/netns/"};

	switch (name->place) {
	case SOURCE_OWN:
		return "host";
	case SOURCE_NAME:
		return name->netns;
	case SOURCE_PATH:
		for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
			size_t length = strlen(folders[i]);

			if (!strncmp(name->netns, folders[i], length) && name->netns[length] &&
			    !strpbrk(name->netns + length, "/*?["))
				return name->netns + length;
		}
		break;
	case SOURCE_PID:
		break;
	}
	return "*";
}

/* Patterns pass over the loopback interface unless they spell it out, as in source_resolve(). */
static bool passes_over(const struct source_name *name, const char *id)
{
	static const char loopback[] = "--lo";
	size_t length = strlen(id), end = strlen(loopback);

	return name->interface_is_pattern && strncmp(name->interface, "lo", 2) != 0 &&
	       length >= end && !strcmp(id + length - end, loopback);
}

static bool instance_names(const struct config_instance *instance, const char *id)
{
	char pattern[sizeof(struct source_name) + 256];
	struct source_error problem;
	struct source_name name;

	if (source_parse(instance->interface, instance->namespace, &name, &problem) ||
	    passes_over(&name, id))
		return false;
	snprintf(pattern, sizeof(pattern), "%s--%s", namespace_pattern(&name),
		 strcmp(name.interface, "@default") ? name.interface : "*");
	return !fnmatch(pattern, id, FNM_NOESCAPE);
}

bool config_names(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->count; i++)
		if (instance_names(&config->instances[i], id))
			return true;
	return false;
}

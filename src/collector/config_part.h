/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that config.c reads a configuration with; for config*.c alone. */
#ifndef NETACCT_CONFIG_PART_H
#define NETACCT_CONFIG_PART_H

#include "config_field.h"

/* What all parts need of the document. */
struct config_reading {
	const char *folder; /* absolute: what relative paths with a slash are beside */
	uint32_t max_flows, whitelist_size; /* of performance_config */
	struct config *config; /* being filled */
	struct config_error *why;
};

/* The value of "instances": all that it says of them, without what other instances say. */
int config_read_instances(const struct config_reading *reading, struct json_object *list);
/* Everything that an instance has when nothing is said of it. */
struct config_instance config_instance_defaults(void);
/* Checks tag, namespace and interface, and makes the name; a namespace that is a path is beside
 * `folder`. */
int config_instance_name(struct config_instance *instance, const char *folder, const char *where,
			 struct config_error *why);
void config_instance_clear(struct config_instance *instance);

/* Two instances with one name or one source; a file that is to be two things. */
int config_check_instances(const struct config *config, struct config_error *why);

/* The values of "history" and "limits". */
int config_read_history(const struct config_reading *reading, struct json_object *history);
int config_read_limits(const struct config_reading *reading, struct json_object *list);
void config_limit_clear(struct config_limit *limit);

/*
 * A path as the configuration writes it, made absolute: a plain name lands in `plain`, another
 * relative one in `folder`. -EINVAL where it is empty or names a folder, -ENOMEM.
 */
int config_path(const char *text, const char *plain, const char *folder, char **ret);
/* The same in place, with a sentence; NULL stays NULL. */
int config_path_replace(char **path, const char *plain, const char *folder, const char *where,
			const char *key, struct config_error *why);

/* "instance 2 (\"eth0\"): " */
void config_where(char where[static CONFIG_WHERE], const char *kind, size_t number,
		  const char *name);

/* Everything that a configuration has when nothing is said of it; clear it on failure, too. */
int config_init(struct config *config, struct config_error *why);
int config_working_directory(char **ret, struct config_error *why);

/* Each notice once; -ENOMEM. */
int config_notice(struct config *config, const char *notice);

#endif

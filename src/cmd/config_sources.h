/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interfaces that a collector's configuration names (netacct.json: its
 * `instances`), for commands that are to look at nothing else.
 */
#ifndef NETACCT_CONFIG_SOURCES_H
#define NETACCT_CONFIG_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

struct config_sources {
	char **patterns; /* of source ids, host--eth0; owned */
	size_t count;
};

struct config_error {
	char text[512];
};

/* -EINVAL and the errno of reading it, with a sentence in `why`. */
int config_sources_load(const char *path, struct config_sources *ret, struct config_error *why);
/* The same of a text in memory, which needs no NUL at its end. */
int config_sources_parse(const char *text, size_t length, struct config_sources *ret,
			 struct config_error *why);
bool config_sources_match(const struct config_sources *sources, const char *id);
void config_sources_clear(struct config_sources *sources);
#define _cleanup_config_sources_ __attribute__((cleanup(config_sources_clear)))

#endif

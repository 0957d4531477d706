/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What attach does for each of its arguments: find the sources, refuse what
 * is there already, make or join a meter, attach or replace, say so.
 */
#ifndef NETACCT_ATTACH_RUN_H
#define NETACCT_ATTACH_RUN_H

#include "../meter/attach.h"
#include "../meter/create.h"
#include "option.h"

/* What was asked for in so many words: with --replace it has to be what is there. */
struct asked {
	int key, layer3, ingress, hook; /* -1: not */
	uint32_t max_flows; /* 0: not */
};

/* What one call works with. */
struct work {
	const char *netns; /* of the sources; NULL: as they are written */
	uint32_t max_sources; /* of a group that is made */
	bool replace;
	struct asked asked;
	struct meter_settings settings;
	struct attach_request request;
	int root; /* PIN_ROOT, locked */
	int status;
};

/* Every argument is tried; the exit status. */
int attach_run(struct work *work, const struct arguments *arguments);

/* New programs in the place of those at the sources of one argument, `what`. */
void attach_replace(struct work *work, const char *what, const struct source_list *list);

/* Says what went wrong with `what` (NULL: all of it), and that the command has failed. */
void attach_failed(struct work *work, const char *what, const struct fault *fault);
/* Says what is attached, in how many bytes of the kernel's, and where it cannot be exact. */
void attach_say(const struct meter *meter, const struct na_source *source, uint64_t bytes);

#endif

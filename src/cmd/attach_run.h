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

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be put on both ends of the veth v0 — v1 to count its packets, or
 * to do nothing.
 */
#ifndef BENCH_RIVAL_LIVE_H
#define BENCH_RIVAL_LIVE_H

#include <stdbool.h>

#include "settings.h"

struct rival_live;

struct rival_place {
	const struct settings *settings;
	int empty; /* descriptor of an empty tc program */
	int links[2]; /* of tcx, while one is attached */
};

struct rival_live {
	const char *name;
	bool delivered; /* counts only what a socket is to get */
	bool judged; /* its counts are in books.h */
	const char *hook; /* clsact, tcx */
	const char *rules; /* for nft; neither: nothing is attached */
};

extern const struct rival_live rivals_live[];
extern const unsigned int rivals_live_count;
#define RIVALS_LIVE_MAX 16
#define RIVALS_LIVE_BASE 2 /* number of the empty programs on tcx */

/* False where it cannot: why is on stderr. Any later failure ends the process. */
bool rival_live_attach(const struct rival_live *rival, struct rival_place *place);
void rival_live_detach(const struct rival_live *rival, struct rival_place *place);

#endif

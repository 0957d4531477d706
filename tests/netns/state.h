/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel holds of an interface and of netacct, as text to compare:
 * pins, the ingress qdisc, the filters of both sides, XDP, tcx. And the
 * programs, maps and links that come to be while a test runs.
 */
#ifndef NETNS_STATE_H
#define NETNS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "objects.h"

/* free() it. */
char *state_text(const char *ns, const char *name);
void expect_state(const char *what, const char *expected, const char *ns, const char *name);

/* The ids of the programs at tcx in the order they run; -errno: the kernel has none. */
#define STATE_TCX_MAX 64
int state_tcx(const char *ns, const char *name, bool egress, uint32_t ids[static STATE_TCX_MAX]);

/* Objects that were there, and those that came and have not been seen to go. */
struct strays {
	struct objects before;
	struct stray *items; /* of state.c */
	unsigned int count;
};

void strays_begin(struct strays *strays);
/* Notes what is there that was not there at the beginning: where it came from. */
void strays_note(struct strays *strays, const char *where);
/* Waits until all that were noted are gone; fails, naming where the first came from. */
void strays_end(struct strays *strays);

#endif

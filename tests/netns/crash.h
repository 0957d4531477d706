/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command, broken at one of its system calls after the other (inject.h),
 * and what must be true after each time. The world is that of pair.h.
 */
#ifndef NETNS_CRASH_H
#define NETNS_CRASH_H

#include <stdbool.h>

#include "inject.h"
#include "pair.h"
#include "state.h"

/* What drains have printed, by generation; one that comes again is the same. */
struct books {
	uint64_t *generations;
	unsigned int count;
	struct ledger total;
};

struct stage {
	struct pair pair;
	struct strays strays;
	char *clean; /* the state of right/v1 without a meter */
	const struct scene *scene;
	bool kill; /* else: errors */
	struct injection injection; /* of the last run */
	struct run run;
	struct books books;
};

struct scene {
	const char *const *argv;
	void (*set)(struct stage *stage); /* before each run */
	void (*judge)(struct stage *stage); /* after it: fails the test, or brings all back */
	void (*end)(struct stage *stage); /* after the last, NULL: nothing */
	unsigned int step; /* where not all calls are tried: every so manieth */
};

void stage_make(struct stage *stage);
/* Neighbours have come: from here on they belong to what has to stay as it is. */
void stage_settle(struct stage *stage);
void stage_clear(struct stage *stage);
#define _cleanup_stage_ __attribute__((cleanup(stage_clear)))

/* A clean run first, then one for each point; says how many were tried. */
void stage_kill(struct stage *stage, const struct scene *scene);
void stage_err(struct stage *stage, const struct scene *scene);

/* Nothing of netacct is left at right/v1. */
void stage_expect_clean(const struct stage *stage, const char *when);
/* `cleanup --dry-run` finds nothing. */
void stage_expect_tidy(void);
/* A run with an error in it: 0, or 1 and one line that says why. */
void stage_expect_word(const struct stage *stage);

/* The error was in writing what it had to say, so what it had to do is done. */
bool stage_unwritten(const struct stage *stage);

/* Packets of eight flows, in the pair's ledger. */
void stage_traffic(struct stage *stage);

/* A whole JSON document of `drain`; false: it is not whole, and was not taken. */
bool books_take(struct books *books, const char *text);
void books_clear(struct books *books);
/* Two drains later everything that was sent has been printed, and once. */
void stage_expect_books(struct stage *stage);

#endif

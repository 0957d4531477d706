/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits: bytes of a source or a host per day, month or billing period. Used
 * by the collector after each drain, and by `report --check` on a database
 * that is only read.
 */
#ifndef NETACCT_LIMITS_H
#define NETACCT_LIMITS_H

#include "../history/history.h"
#include "config.h"

struct limit_state {
	const struct config_limit *limit;
	int64_t start, end; /* the period that `now` lies in, seconds */
	uint64_t bytes; /* used in it */
	uint32_t reached; /* the highest of its percentages that is reached, 0: none */
};

/* How all limits stand; `ret` has config->limit_count entries. */
int limits_evaluate(const struct config *config, struct history *history, int64_t now,
		    struct limit_state *ret, struct history_error *why);

/*
 * The same, kept up from drain to drain: loaded from the history once and when a period begins,
 * then added to.
 */
struct limits;
int limits_open(const struct config *config, struct history *history, int64_t now,
		struct limits **ret, struct history_error *why);
void limits_close(struct limits *limits);
/*
 * After a stored drain. `crossed` is called for each percentage that is reached for the first time
 * in its period; one that was crossed before a restart is not reported again.
 */
int limits_add(struct limits *limits, const struct reading *readings, size_t count, int64_t now,
	       void (*crossed)(void *context, const struct limit_state *state), void *context,
	       struct history_error *why);

/* "netacct: …"-less sentence: "month: 80 % of 100 GB are used (83.1 GB), until 2026-12-01". */
void limit_sentence(const struct limit_state *state, char text[static 256]);

/*
 * Runs limit->command, no shell, in the environment PATH, and NETACCT_LIMIT, _SOURCE, _HOST,
 * _PERIOD, _DIRECTION, _BYTES, _LIMIT_BYTES, _PERCENT, _SINCE, _UNTIL (RFC 3339); standard input
 * /dev/null, output to stderr, no descriptors beyond, no capabilities that the collector has not.
 * Does not wait: *ret_pid is the child, to be reaped by the caller.
 */
int limit_run(const struct limit_state *state, int *ret_pid);

#endif

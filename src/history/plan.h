/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bins make up a range of time, each moment once. Nothing here asks the database. */
#ifndef NETACCT_HISTORY_PLAN_H
#define NETACCT_HISTORY_PLAN_H

#include "database.h"

/* Bins of one level that start in [since, until), seconds. */
struct plan_range {
	enum history_level level;
	int64_t since, until;
};
struct plan {
	struct plan_range *ranges; /* in the order of time; owned */
	size_t count;
};

/* As history_rows() has it; -ENOMEM. */
int plan_make(const struct level_mark marks[static HISTORY_LEVELS], int64_t since, int64_t until,
	      enum history_level coarsest, struct plan *ret);
static inline void plan_clear(struct plan *plan)
{
	free(plan->ranges);
	*plan = (struct plan){0};
}
#define _cleanup_plan_ __attribute__((cleanup(plan_clear)))

#endif

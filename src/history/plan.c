// SPDX-License-Identifier: GPL-2.0-or-later
#include "calendar.h"
#include "plan.h"

static int add(struct plan *plan, enum history_level level, int64_t since, int64_t until)
{
	struct plan_range *more, *last = plan->count ? &plan->ranges[plan->count - 1] : NULL;

	if (last && last->level == level && last->until == since) {
		last->until = until;
		return 0;
	}
	more = realloc(plan->ranges, (plan->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	plan->ranges = more;
	more[plan->count++] = (struct plan_range){level, since, until};
	return 0;
}

/* The finest level that still has its bins at that time; HISTORY_LEVELS: none. */
static enum history_level finest(const struct level_mark *marks, int64_t time)
{
	enum history_level level = HISTORY_5MIN;

	while (level < HISTORY_LEVELS && marks[level].gone > time)
		level++;
	return level;
}

/* The end of the longest bin, not above `coarsest`, that begins at `since` and fits in. */
static enum history_level highest(const struct level_mark *marks, int64_t since, int64_t until,
				  enum history_level coarsest, int64_t *end)
{
	enum history_level level;

	for (level = coarsest; level > HISTORY_5MIN; level--) {
		if (marks[level].gone > since || calendar_start(level, since) != since)
			continue;
		*end = calendar_end(level, since);
		if (*end <= until && *end <= marks[level].closed)
			return level;
	}
	return HISTORY_5MIN;
}

/* The next stretch that begins at `since`; returns where it ends. */
static int64_t stretch(const struct level_mark *marks, int64_t since, int64_t until,
		       enum history_level coarsest, enum history_level *ret)
{
	enum history_level level = finest(marks, since);
	int64_t end;

	*ret = HISTORY_LEVELS;
	if (level == HISTORY_LEVELS)
		return marks[HISTORY_MONTH].gone;
	if (level < coarsest || level == HISTORY_5MIN)
		*ret = highest(marks, since, until, coarsest, &end);
	if (*ret<HISTORY_LEVELS && * ret> HISTORY_5MIN)
		return end;
	/* Nothing longer can begin before the last bins of an hour that are rolled up. */
	if (level == HISTORY_5MIN && coarsest == HISTORY_5MIN)
		return until;
	if (level == HISTORY_5MIN && since >= marks[HISTORY_HOUR].closed)
		return until;
	*ret = calendar_start(level, since) == since ? level : HISTORY_LEVELS;
	return calendar_end(level, since);
}

int plan_make(const struct level_mark marks[static HISTORY_LEVELS], int64_t since, int64_t until,
	      enum history_level coarsest, struct plan *ret)
{
	_cleanup_plan_ struct plan plan = {0};
	enum history_level level;
	int64_t end;
	int err = 0;

	if (coarsest < HISTORY_5MIN)
		coarsest = HISTORY_5MIN;
	for (; !err && since < until; since = end) {
		end = stretch(marks, since, until, coarsest, &level);
		if (level < HISTORY_LEVELS)
			err = add(&plan, level, since, end);
	}
	if (err)
		return err;
	*ret = plan;
	plan = (struct plan){0};
	return 0;
}

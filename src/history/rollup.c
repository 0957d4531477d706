// SPDX-License-Identifier: GPL-2.0-or-later
#include "bin.h"
#include "rollup.h"

struct step {
	enum history_level level;
	int64_t start, end; /* of the bin that is made */
};

/* The bin of a level out of those below it. */
static int make(struct history *history, void *argument)
{
	const struct step *step = argument;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_ROLL, &statement);

	if (err)
		return err;
	BIND(statement, step->level, step->start, step->level - 1, step->start, step->end);
	err = database_run(history, statement);
	if (!err)
		err = bin_cut(history, step->level, step->start);
	return err ? err : level_mark_closed(history, step->level, step->end);
}

static int close_bin(struct history *history, void *argument)
{
	const struct step *step = argument;
	int err = bin_cut(history, step->level, step->start);

	return err ? err : level_mark_closed(history, step->level, step->end);
}

/* There is nothing below it until then. */
static int pass(struct history *history, void *argument)
{
	const struct step *step = argument;

	return level_mark_closed(history, step->level, step->end);
}

/*
 * The bins of the level that end in (*closed, limit], where there is something
 * for them in `from`: the level below, or for 5 minutes the level itself.
 */
static int roll_level(struct history *history, enum history_level level, enum history_level from,
		      int64_t limit, int64_t *closed)
{
	struct step step = {.level = level};
	int64_t next;
	int err = 0;

	while (*closed < limit) {
		err = bin_next(history, from, *closed, &next);
		if (err)
			return err;
		if (next >= limit) {
			step.end = limit;
			err = database_write(history, pass, &step);
		} else {
			step.start = calendar_start(level, next);
			/* A zone that changed has bins that begin elsewhere. */
			if (step.start < *closed)
				step.start = *closed;
			step.end = calendar_end(level, next);
			err = database_write(history, level == from ? close_bin : make, &step);
		}
		if (err)
			return err;
		*closed = step.end;
	}
	return 0;
}

int bins_roll_up(struct history *history, int64_t grace)
{
	struct level_mark marks[HISTORY_LEVELS];
	int64_t limit = clock_seconds(history) - grace;
	enum history_level level, from;
	int err = level_marks(history, marks);

	for (level = HISTORY_5MIN; !err && level < HISTORY_LEVELS; level++) {
		from = level == HISTORY_5MIN ? level : level - 1;
		if (level > HISTORY_5MIN && limit > marks[from].closed)
			limit = marks[from].closed;
		err = roll_level(history, level, from, calendar_start(level, limit),
				 &marks[level].closed);
	}
	return err;
}

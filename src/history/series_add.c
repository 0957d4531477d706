// SPDX-License-Identifier: GPL-2.0-or-later
#include "series.h"

int series_split(const struct journal_row *row, enum history_level level, int64_t earliest,
		 series_function function, void *context)
{
	int64_t bin = level == HISTORY_MINUTE ? row->minute : calendar_start(level, row->bin);
	struct series_part part = {.source = row->source, .start = bin};
	int64_t since = row->since, until;
	int err;

	part.rx = row->rx;
	part.tx = row->tx;
	err = function(context, &part);
	part.rx = (struct na_count){0};
	part.tx = (struct na_count){0};
	if (since < earliest * SECOND)
		since = earliest * SECOND;
	for (; !err && since < row->until; since = until) {
		part.start = calendar_start(level, since / SECOND);
		until = calendar_end(level, since / SECOND) * SECOND;
		if (until > row->until)
			until = row->until;
		part.covered = until - since;
		err = function(context, &part);
	}
	return err;
}

struct target {
	struct history *history;
	enum history_level level;
	struct series_part last; /* gathered, not written yet */
	bool gathered;
};

static int write_part(struct target *target)
{
	const struct series_part *part = &target->last;
	sqlite3_stmt *statement;
	int err = 0;

	if (target->gathered)
		err = database_statement(target->history, STATEMENT_SERIES_ADD, &statement);
	if (err || !target->gathered)
		return err;
	target->gathered = false;
	BIND(statement, target->level, part->source, part->start, part->covered);
	bind_count(statement, 5, part->rx, part->tx);
	return database_run(target->history, statement);
}

static int gather(void *context, const struct series_part *part)
{
	struct target *target = context;
	int err = 0;

	if (target->gathered && target->last.start == part->start) {
		target->last.covered += part->covered;
		na_count_add(&target->last.rx, part->rx);
		na_count_add(&target->last.tx, part->tx);
		return 0;
	}
	err = write_part(target);
	target->last = *part;
	target->gathered = true;
	return err;
}

/* A source that comes back after months fills no minutes that would be deleted at once. */
static int64_t earliest_of(const struct history *history, enum history_level level)
{
	uint64_t kept = history->settings.retention[level];
	int64_t now = clock_seconds(history);

	if (level != HISTORY_MINUTE || !kept || (uint64_t)now < kept)
		return 0;
	return now - (int64_t)kept;
}

int series_add(struct history *history, const struct journal_row *row)
{
	struct target target = {.history = history};
	int err = 0;

	for (target.level = HISTORY_MINUTE; !err && target.level < HISTORY_LEVELS; target.level++) {
		err = series_split(row, target.level, earliest_of(history, target.level), gather,
				   &target);
		if (!err)
			err = write_part(&target);
	}
	return err;
}

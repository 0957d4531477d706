// SPDX-License-Identifier: GPL-2.0-or-later
#include "bin.h"

static int add_to(struct history *history, enum history_level level, int64_t start, uint32_t source,
		  const struct code_order *order, size_t count)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_ADD, &statement);
	size_t i;

	for (i = 0; !err && i < count; i++) {
		BIND(statement, level, start, source);
		bind_count(statement, 4, order[i].record->rx, order[i].record->tx);
		sqlite.bind_blob(statement, 8, order[i].code, order[i].length, SQLITE_STATIC);
		err = database_run(history, statement);
	}
	return err;
}

/*
 * What comes late for the level, or (closed == 0) in time. Where retention has
 * taken the bins of that time they do not come back.
 */
static bool takes(enum history_level level, const struct level_mark *mark, int64_t start)
{
	if (calendar_start(level, start) < mark->gone)
		return false;
	return level == HISTORY_5MIN || calendar_end(level, start) <= mark->closed;
}

int bin_add(struct history *history, int64_t start, uint32_t source, const struct code_order *order,
	    size_t count)
{
	struct level_mark marks[HISTORY_LEVELS];
	enum history_level level;
	int64_t of_level;
	int err = level_marks(history, marks);

	for (level = HISTORY_5MIN; !err && level < HISTORY_LEVELS; level++) {
		if (!takes(level, &marks[level], start))
			continue;
		of_level = calendar_start(level, start);
		err = add_to(history, level, of_level, source, order, count);
		if (!err && calendar_end(level, start) <= marks[level].closed)
			err = bin_cut(history, level, of_level);
	}
	return err;
}

int bin_next(struct history *history, enum history_level level, int64_t since, int64_t *ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_NEXT, &statement);

	if (err)
		return err;
	BIND(statement, level, since);
	err = database_step(history, statement);
	if (err < 0)
		return err;
	*ret = err ? sqlite.column_int64(statement, 0) : INT64_MAX;
	sqlite.reset(statement);
	return 0;
}

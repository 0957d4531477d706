// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "database.h"

int level_marks(struct history *history, struct level_mark marks[static HISTORY_LEVELS])
{
	sqlite3_stmt *statement;
	int64_t level;
	int err;

	memset(marks, 0, HISTORY_LEVELS * sizeof(*marks));
	err = database_statement(history, STATEMENT_MARKS, &statement);
	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		level = sqlite.column_int64(statement, 0);
		if (level >= 0 && level < HISTORY_LEVELS)
			marks[level] = (struct level_mark){sqlite.column_int64(statement, 1),
							   sqlite.column_int64(statement, 2)};
	}
	return err;
}

static int set(struct history *history, enum statement which, enum history_level level,
	       int64_t value)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, which, &statement);

	if (err)
		return err;
	BIND(statement, level, value);
	return database_run(history, statement);
}

int level_mark_closed(struct history *history, enum history_level level, int64_t closed)
{
	return set(history, STATEMENT_MARK_CLOSED, level, closed);
}

int level_mark_gone(struct history *history, enum history_level level, int64_t gone)
{
	return set(history, STATEMENT_MARK_GONE, level, gone);
}

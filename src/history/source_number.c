// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ledger.h"

static int add(struct history *history, const struct reading *reading, uint32_t *ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_SOURCE_ADD, &statement);

	if (err)
		return err;
	BIND(statement, reading->key);
	bind_text(statement, 2, reading->id);
	bind_text(statement, 3, reading->interface);
	bind_text(statement, 4, reading->namespace);
	err = database_run(history, statement);
	*ret = (uint32_t)sqlite.last_insert_rowid(history->database);
	return err;
}

static bool same(sqlite3_stmt *statement, int column, const char *text)
{
	const char *there = (const char *)sqlite.column_text(statement, column);

	return text && there ? !strcmp(text, there) : !text && !there;
}

static int set(struct history *history, uint32_t source, const struct reading *reading)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_SOURCE_SET, &statement);

	if (err)
		return err;
	BIND(statement, source, reading->key);
	bind_text(statement, 3, reading->interface);
	bind_text(statement, 4, reading->namespace);
	return database_run(history, statement);
}

int source_number(struct history *history, const struct reading *reading, uint32_t *ret)
{
	sqlite3_stmt *statement;
	bool changed;
	int err = database_statement(history, STATEMENT_SOURCE_FIND, &statement);

	if (err)
		return err;
	bind_text(statement, 1, reading->id);
	err = database_step(history, statement);
	if (err < 0)
		return err;
	if (!err)
		return add(history, reading, ret);
	*ret = (uint32_t)sqlite.column_int64(statement, 0);
	changed = sqlite.column_int(statement, 1) != (int)reading->key ||
		  !same(statement, 2, reading->interface) ||
		  !same(statement, 3, reading->namespace);
	sqlite.reset(statement);
	return changed ? set(history, *ret, reading) : 0;
}

int source_seen(struct history *history, uint32_t source, int64_t first, int64_t last)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_SOURCE_SEEN, &statement);

	if (err)
		return err;
	BIND(statement, source, first, last);
	return database_run(history, statement);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "database.h"

struct other {
	char uuid[37];
	uint32_t number;
	uint64_t attached_at;
};

struct others {
	struct other *others;
	size_t count;
};

static int add(struct others *others, sqlite3_stmt *statement)
{
	const char *uuid = (const char *)sqlite.column_text(statement, 2);
	struct other *more;

	more = realloc(others->others, (others->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	others->others = more;
	more += others->count++;
	more->number = (uint32_t)sqlite.column_int64(statement, 0);
	more->attached_at = (uint64_t)sqlite.column_int64(statement, 1);
	snprintf(more->uuid, sizeof(more->uuid), "%s", uuid ? uuid : "");
	return 0;
}

static int list(struct history *history, void *argument)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_LEDGERS, &statement);

	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		err = add(argument, statement);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

/* Generations of meters that have no source any more: each of theirs is retired. */
static int forget_meters(struct history *history, void *argument)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_METERS_FORGET, &statement);

	(void)argument;
	return err ? err : database_run(history, statement);
}

int history_close_others(struct history *history,
			 bool (*lives)(void *context, const char *uuid, uint32_t number,
				       uint64_t attached_at),
			 void *context, struct history_error *why)
{
	struct others others = {0};
	const struct other *other;
	int err = database_result(history, database_read(history, list, &others), why);

	for (other = others.others; !err && other < others.others + others.count; other++) {
		if (!lives(context, other->uuid, other->number, other->attached_at))
			err = history_close_source(history, other->uuid, other->number,
						   other->attached_at, why);
	}
	free(others.others);
	if (err)
		return err;
	return database_result(history, database_write(history, forget_meters, NULL), why);
}

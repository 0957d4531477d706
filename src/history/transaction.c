// SPDX-License-Identifier: GPL-2.0-or-later
#include "database.h"

static int run(struct history *history, enum statement which)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, which, &statement);

	return err ? err : database_run(history, statement);
}

/* Keeps the sentence of what failed. SQLite may have rolled back by itself. */
static void roll_back(struct history *history)
{
	struct history_error error = history->error;
	size_t i;

	for (i = 0; i < STATEMENTS; i++)
		sqlite.reset(history->statement[i]);
	if (!sqlite.get_autocommit(history->database))
		run(history, STATEMENT_ROLLBACK);
	history->journal.known = false;
	history->error = error;
}

int database_write(struct history *history, database_work work, void *argument)
{
	int err, result;

	history->error.text[0] = '\0';
	if (history->lock < 0)
		return database_error(history, -EROFS, "%s is open for reading alone",
				      history->path);
	err = run(history, STATEMENT_BEGIN_WRITE);
	if (err)
		return err;
	result = work(history, argument);
	if (result >= 0)
		err = run(history, STATEMENT_COMMIT);
	if (result < 0 || err < 0)
		roll_back(history);
	return err < 0 ? err : result;
}

int database_read(struct history *history, database_work work, void *argument)
{
	/* In a snapshot, or called by a function that was given a row. */
	bool within = history->database && !sqlite.get_autocommit(history->database);
	int err = 0;

	history->error.text[0] = '\0';
	if (!within)
		err = run(history, STATEMENT_BEGIN_READ);
	if (err)
		return err;
	err = work(history, argument);
	if (!within)
		roll_back(history);
	return err;
}

static int read_something(struct history *history, void *argument)
{
	(void)argument;
	return run(history, STATEMENT_MARKS);
}

int history_snapshot_begin(struct history *history, struct history_error *why)
{
	int err = 0;

	history->error.text[0] = '\0';
	if (!history->snapshots)
		err = run(history, STATEMENT_BEGIN_READ);
	if (err)
		return database_result(history, err, why);
	history->snapshots++;
	/* SQLite fixes what is seen with the first read. */
	err = database_read(history, read_something, NULL);
	if (err)
		history_snapshot_end(history);
	return database_result(history, err, why);
}

void history_snapshot_end(struct history *history)
{
	if (!history->snapshots || --history->snapshots)
		return;
	roll_back(history);
}

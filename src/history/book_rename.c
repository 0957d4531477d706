// SPDX-License-Identifier: GPL-2.0-or-later
#include "database.h"

struct question {
	const char *uuid, *id;
	char *book;
};

static int find(struct history *history, void *argument)
{
	struct question *question = argument;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_OF, &statement);

	if (err)
		return err;
	bind_text(statement, 1, question->uuid);
	bind_text(statement, 2, question->id);
	err = database_step(history, statement);
	if (err > 0)
		err = column_copy(history, statement, 0, &question->book);
	sqlite.reset(statement);
	return err;
}

int history_book_of(struct history *history, const char *uuid, const char *id, char **ret,
		    struct history_error *why)
{
	struct question question = {.uuid = uuid, .id = id};
	int err = database_read(history, find, &question);

	if (!err)
		*ret = question.book;
	return database_result(history, err, why);
}

struct names {
	const char *from, *to, *id;
};

static int rename_book(struct history *history, void *argument)
{
	const struct names *names = argument;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_RENAME, &statement);

	if (err)
		return err;
	bind_text(statement, 1, names->from);
	bind_text(statement, 2, names->to);
	bind_text(statement, 3, names->id);
	return database_run(history, statement);
}

int history_book_rename(struct history *history, const char *from, const char *to, const char *id,
			struct history_error *why)
{
	struct names names = {from, to, id};

	return database_result(history, database_write(history, rename_book, &names), why);
}

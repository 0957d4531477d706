// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ledger.h"

void ledger_clear(struct ledger *ledger)
{
	free(ledger->book);
	ledger->book = NULL;
}

static void bind_key(sqlite3_stmt *statement, const struct ledger_key *key)
{
	BIND(statement, key->number, (int64_t)key->attached_at);
	bind_text(statement, 3, key->uuid);
}

int ledger_find(struct history *history, const struct ledger_key *key, struct ledger *ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_LEDGER_FIND, &statement);

	if (err)
		return err;
	*ret = (struct ledger){0};
	bind_key(statement, key);
	err = database_step(history, statement);
	if (err <= 0)
		return err;
	ret->number = sqlite.column_int64(statement, 0);
	ret->known = sqlite.column_type(statement, 1) != SQLITE_NULL;
	ret->source = (uint32_t)sqlite.column_int64(statement, 1);
	ret->kind = (enum na_key_kind)sqlite.column_int(statement, 2);
	err = column_copy(history, statement, 3, &ret->book);
	sqlite.reset(statement);
	return err;
}

int ledger_make(struct history *history, const struct ledger_key *key, struct ledger *ret)
{
	sqlite3_stmt *statement;
	int err = ledger_find(history, key, ret);

	if (err || ret->number)
		return err;
	err = database_statement(history, STATEMENT_LEDGER_ADD, &statement);
	if (err)
		return err;
	bind_key(statement, key);
	err = database_run(history, statement);
	ret->number = sqlite.last_insert_rowid(history->database);
	return err;
}

int ledger_know(struct history *history, struct ledger *ledger, const struct reading *reading)
{
	sqlite3_stmt *statement;
	uint32_t source;
	int err = source_number(history, reading, &source);

	if (err || (ledger->known && ledger->source == source && ledger->kind == reading->key))
		return err;
	ledger->source = source;
	ledger->kind = reading->key;
	err = database_statement(history, STATEMENT_LEDGER_KNOWN, &statement);
	if (err)
		return err;
	BIND(statement, ledger->number, source, reading->key);
	return database_run(history, statement);
}

int ledger_delete(struct history *history, int64_t ledger)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_TOTAL_DELETE, &statement);

	if (err)
		return err;
	BIND(statement, ledger);
	err = database_run(history, statement);
	if (!err)
		err = database_statement(history, STATEMENT_LEDGER_DELETE, &statement);
	if (err)
		return err;
	BIND(statement, ledger);
	return database_run(history, statement);
}

int ledger_of_book(struct history *history, const char *book, const char *id, int64_t *ret,
		   int64_t *ret_since)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_FIND, &statement);

	if (err)
		return err;
	*ret = 0;
	bind_text(statement, 1, book);
	bind_text(statement, 2, id);
	err = database_step(history, statement);
	if (err <= 0)
		return err;
	*ret = sqlite.column_int64(statement, 0);
	*ret_since = sqlite.column_int64(statement, 1);
	sqlite.reset(statement);
	return 0;
}

int ledger_make_book(struct history *history, const char *book, const char *id, int64_t since,
		     int64_t *ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_ADD, &statement);

	if (err)
		return err;
	BIND(statement, since);
	bind_text(statement, 2, book);
	bind_text(statement, 3, id);
	err = database_run(history, statement);
	*ret = sqlite.last_insert_rowid(history->database);
	return err;
}

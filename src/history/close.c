// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "fold.h"
#include "ledger.h"
#include "total.h"

/* The ledger's source id; free() it. */
static int find_id(struct history *history, uint32_t source, char **ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_SOURCES, &statement);

	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		if ((uint32_t)sqlite.column_int64(statement, 0) != source)
			continue;
		err = column_copy(history, statement, 4, ret);
		break;
	}
	sqlite.reset(statement);
	return err;
}

static int begin_earlier(struct history *history, int64_t ledger, int64_t since)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_SINCE, &statement);

	if (err)
		return err;
	BIND(statement, ledger, since);
	return database_run(history, statement);
}

static int move_to_book(struct history *history, const struct ledger *ledger, int64_t attached)
{
	_cleanup_free_ char *id = NULL;
	int64_t book = 0, since = 0;
	int err = find_id(history, ledger->source, &id);

	if (err || !id)
		return err;
	err = ledger_of_book(history, ledger->book, id, &book, &since);
	if (!err && !book)
		err = ledger_make_book(history, ledger->book, id, attached, &book);
	else if (!err && attached < since)
		err = begin_earlier(history, book, attached);
	return err ? err : total_move(history, ledger->number, book);
}

static int close_one(struct history *history, void *argument)
{
	const struct ledger_key *key = argument;
	_cleanup_ledger_ struct ledger ledger = {0};
	struct fold_choice choice = {.all = true};
	int err = ledger_find(history, key, &ledger);

	if (err || !ledger.number)
		return err;
	choice.ledger = ledger.number;
	err = journal_fold(history, &choice);
	if (!err && ledger.known && ledger.book)
		err = move_to_book(history, &ledger,
				   (int64_t)(key->attached_at / (uint64_t)SECOND));
	return err ? err : ledger_delete(history, ledger.number);
}

int history_close_source(struct history *history, const char *uuid, uint32_t number,
			 uint64_t attached_at, struct history_error *why)
{
	struct ledger_key key = {uuid, number, attached_at};

	return database_result(history, database_write(history, close_one, &key), why);
}

struct binding {
	struct ledger_key key;
	const char *book;
};

static int bind_book(struct history *history, void *argument)
{
	const struct binding *binding = argument;
	_cleanup_ledger_ struct ledger ledger = {0};
	sqlite3_stmt *statement;
	int err = ledger_make(history, &binding->key, &ledger);

	if (err || (ledger.book && !strcmp(ledger.book, binding->book)))
		return err;
	err = database_statement(history, STATEMENT_LEDGER_BOOK, &statement);
	if (err)
		return err;
	BIND(statement, ledger.number);
	bind_text(statement, 2, binding->book);
	return database_run(history, statement);
}

int history_bind(struct history *history, const char *uuid, uint32_t number, uint64_t attached_at,
		 const char *book, struct history_error *why)
{
	struct binding binding = {{uuid, number, attached_at}, book};

	return database_result(history, database_write(history, bind_book, &binding), why);
}

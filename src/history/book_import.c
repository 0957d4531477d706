// SPDX-License-Identifier: GPL-2.0-or-later
#include "ledger.h"
#include "total.h"

struct import {
	const char *book, *id;
	int64_t since;
	const struct history_total *totals;
	size_t count;
};

/* 1: the book has something of that id. */
static int is_there(struct history *history, const struct import *import)
{
	sqlite3_stmt *statement;
	int64_t ledger, since;
	int err = ledger_of_book(history, import->book, import->id, &ledger, &since);

	if (err || ledger)
		return err ? err : 1;
	err = database_statement(history, STATEMENT_BOOK_OPEN, &statement);
	if (err)
		return err;
	bind_text(statement, 1, import->book);
	bind_text(statement, 2, import->id);
	err = database_step(history, statement);
	sqlite.reset(statement);
	return err;
}

/* The file says nothing of the kind of its keys: each is kept as the coarsest that holds it. */
static int add_all(struct history *history, int64_t ledger, const struct import *import)
{
	_cleanup_free_ struct code_order *order = calloc(import->count + 1, sizeof(*order));
	const struct na_key *key;
	size_t i;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < import->count; i++) {
		key = &import->totals[i].record.key;
		order[i].record = &import->totals[i].record;
		order[i].length = (uint8_t)code_key(key, code_kind_of(key), order[i].code);
	}
	return total_add(history, ledger, order, import->count);
}

static int do_import(struct history *history, void *argument)
{
	const struct import *import = argument;
	int64_t ledger;
	int err = is_there(history, import);

	if (err > 0)
		return database_error(history, -EEXIST, "book %s has something of %s already",
				      import->book, import->id);
	if (!err)
		err = ledger_make_book(history, import->book, import->id, import->since, &ledger);
	return err ? err : add_all(history, ledger, import);
}

int history_book_import(struct history *history, const char *book, const char *id, int64_t since,
			const struct history_total *totals, size_t count, struct history_error *why)
{
	struct import import = {book, id, since, totals, count};

	return database_result(history, database_write(history, do_import, &import), why);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "journal.h"
#include "ledger.h"
#include "total.h"
#include "totals.h"

/* What is asked of a book, and the answer as far as it is gathered. */
struct question {
	const char *book, *id;
	struct history_totals totals;
	struct record_table *table;
};

static int read_closed(struct history *history, struct question *question)
{
	int64_t ledger, since;
	int err = ledger_of_book(history, question->book, question->id, &ledger, &since);

	if (err || !ledger)
		return err;
	question->totals.known = true;
	question->totals.since = since;
	return total_merge(history, ledger, question->table, question->totals.other);
}

static int read_open(struct history *history, struct question *question)
{
	struct history_totals *totals = &question->totals;
	sqlite3_stmt *statement;
	int64_t ledger, since;
	int err = database_statement(history, STATEMENT_BOOK_OPEN, &statement);

	if (err)
		return err;
	bind_text(statement, 1, question->book);
	bind_text(statement, 2, question->id);
	while ((err = database_step(history, statement)) > 0) {
		ledger = sqlite.column_int64(statement, 0);
		since = sqlite.column_int64(statement, 1);
		if (!totals->known || since < totals->since)
			totals->since = since;
		totals->known = true;
		err = total_merge(history, ledger, question->table, totals->other);
		if (!err)
			err = journal_merge(history, ledger, question->table);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

static int read_book(struct history *history, void *argument)
{
	struct question *question = argument;
	int err = record_table_new(&question->table, 0);

	if (!err)
		err = read_closed(history, question);
	if (!err)
		err = read_open(history, question);
	if (!err)
		totals_take(question->table, &question->totals);
	record_table_free(question->table);
	return err;
}

int history_book(struct history *history, const char *book, const char *id,
		 struct history_totals *ret, struct history_error *why)
{
	struct question question = {.book = book, .id = id};
	int err = database_read(history, read_book, &question);

	if (!err)
		*ret = question.totals;
	return database_result(history, err, why);
}

struct ids {
	const char *book;
	char **ids;
	size_t count;
};

static int add_id(struct history *history, sqlite3_stmt *statement, struct ids *ids)
{
	char **more = realloc(ids->ids, (ids->count + 1) * sizeof(*more));
	int err;

	if (!more)
		return -ENOMEM;
	ids->ids = more;
	err = column_copy(history, statement, 0, &more[ids->count]);
	if (!err)
		ids->count++;
	return err;
}

static int read_ids(struct history *history, void *argument)
{
	struct ids *ids = argument;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BOOK_IDS, &statement);

	if (err)
		return err;
	bind_text(statement, 1, ids->book);
	while ((err = database_step(history, statement)) > 0) {
		err = add_id(history, statement, ids);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

int history_book_ids(struct history *history, const char *book, char ***ret, size_t *ret_count,
		     struct history_error *why)
{
	struct ids ids = {.book = book};
	int err = database_read(history, read_ids, &ids);

	if (err) {
		while (ids.count)
			free(ids.ids[--ids.count]);
		free(ids.ids);
		return database_result(history, err, why);
	}
	*ret = ids.ids;
	*ret_count = ids.count;
	return 0;
}

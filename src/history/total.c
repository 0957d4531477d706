// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "total.h"

static void bind_record(sqlite3_stmt *statement, int64_t ledger, const struct code_order *place)
{
	const struct flow_record *record = place->record;

	BIND(statement, ledger, record->first_seen, record->last_seen, record->tcp_flags);
	bind_count(statement, 5, record->rx, record->tx);
	sqlite.bind_blob(statement, 9, place->code, place->length, SQLITE_STATIC);
}

static int add_all(struct history *history, int64_t ledger, const struct code_order *order,
		   size_t count)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_TOTAL_ADD, &statement);
	size_t i;

	for (i = 0; !err && i < count; i++) {
		bind_record(statement, ledger, &order[i]);
		err = database_run(history, statement);
	}
	return err;
}

int total_add_other(struct history *history, int64_t ledger, const struct na_count *other)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_TOTAL_ADD, &statement);

	if (err)
		return err;
	BIND(statement, ledger, 0, 0, 0);
	bind_count(statement, 5, other[NA_RX], other[NA_TX]);
	sqlite.bind_zeroblob(statement, 9, 0);
	return database_run(history, statement);
}

/* 1: there was a row of that key. */
static int update(struct history *history, int64_t ledger, const struct code_order *place)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_TOTAL_UPDATE, &statement);

	if (err)
		return err;
	bind_record(statement, ledger, place);
	err = database_run(history, statement);
	return err ? err : sqlite.changes(history->database) > 0;
}

/* There is room for some of the new keys, or for none. */
static int add_what_fits(struct history *history, int64_t ledger, const struct code_order *order,
			 size_t count, uint64_t *rows)
{
	struct na_count other[NA_DIRECTIONS] = {{0}};
	bool rest = false;
	int err = 0;
	size_t i;

	for (i = 0; err >= 0 && i < count; i++) {
		err = update(history, ledger, &order[i]);
		if (err)
			continue;
		if (*rows < history->settings.max_totals) {
			++*rows;
			err = add_all(history, ledger, &order[i], 1);
			continue;
		}
		rest = true;
		na_count_add(&other[NA_RX], order[i].record->rx);
		na_count_add(&other[NA_TX], order[i].record->tx);
	}
	if (err < 0)
		return err;
	return rest ? total_add_other(history, ledger, other) : 0;
}

static int number_of(struct history *history, const char *sql, int64_t ledger, uint64_t *ret)
{
	sqlite3_stmt *statement;
	int code = sqlite.prepare_v2(history->database, sql, -1, &statement, NULL), err;

	if (code)
		return database_fault(history, code);
	BIND(statement, ledger);
	err = database_step(history, statement);
	if (err > 0)
		*ret = (uint64_t)sqlite.column_int64(statement, 0);
	sqlite.finalize(statement);
	return err < 0 ? err : 0;
}

static int set_rows(struct history *history, int64_t ledger, uint64_t rows)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_LEDGER_ROWS, &statement);

	if (err)
		return err;
	BIND(statement, ledger, (int64_t)rows);
	return database_run(history, statement);
}

/*
 * ledger.rows is never less than the rows there are; they are counted only
 * when by that figure there may be no room.
 */
int total_add(struct history *history, int64_t ledger, const struct code_order *order, size_t count)
{
	uint64_t rows = 0;
	int err = number_of(history, "SELECT rows FROM ledger WHERE number = ?1", ledger, &rows);

	if (!err && rows + count > history->settings.max_totals)
		err = number_of(history, statement_text[STATEMENT_TOTAL_COUNT], ledger, &rows);
	if (err)
		return err;
	if (rows + count > history->settings.max_totals) {
		err = add_what_fits(history, ledger, order, count, &rows);
	} else {
		rows += count;
		err = add_all(history, ledger, order, count);
	}
	return err ? err : set_rows(history, ledger, rows);
}

/* 1: a record; 0: `other`, whose counts are added. */
static int read_row(struct history *history, sqlite3_stmt *statement, struct flow_record *record,
		    enum na_key_kind *kind, struct na_count other[NA_DIRECTIONS])
{
	size_t length = (size_t)sqlite.column_bytes(statement, 7);

	*record = (struct flow_record){
		.first_seen = (uint32_t)sqlite.column_int64(statement, 0),
		.last_seen = (uint32_t)sqlite.column_int64(statement, 1),
		.tcp_flags = (uint8_t)sqlite.column_int(statement, 2),
	};
	column_counts(statement, 3, &record->rx, &record->tx);
	if (!length) {
		na_count_add(&other[NA_RX], record->rx);
		na_count_add(&other[NA_TX], record->tx);
		return 0;
	}
	if (code_key_read(sqlite.column_blob(statement, 7), length, &record->key, kind) == length)
		return 1;
	return database_error(history, -EUCLEAN, "%s: the totals hold what is no key",
			      history->path);
}

int total_merge(struct history *history, int64_t ledger, struct record_table *table,
		struct na_count other[NA_DIRECTIONS])
{
	struct flow_record record;
	enum na_key_kind kind;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_TOTAL_LIST, &statement);

	if (err)
		return err;
	BIND(statement, ledger);
	while ((err = database_step(history, statement)) > 0) {
		err = read_row(history, statement, &record, &kind, other);
		if (err > 0)
			err = record_table_merge(table, &record);
		if (err < 0)
			break;
	}
	sqlite.reset(statement);
	return err;
}

#define MOVE_AT_ONCE 4096

struct move {
	struct flow_record records[MOVE_AT_ONCE];
	struct code_order order[MOVE_AT_ONCE];
	size_t count;
	struct na_count other[NA_DIRECTIONS];
};

/* The rows come in the order of their codes. */
static int move_rows(struct history *history, sqlite3_stmt *statement, int64_t to,
		     struct move *move)
{
	enum na_key_kind kind;
	int err;

	while ((err = database_step(history, statement)) > 0) {
		err = read_row(history, statement, &move->records[move->count], &kind, move->other);
		if (err < 0)
			return err;
		if (!err)
			continue;
		move->order[move->count].record = &move->records[move->count];
		move->order[move->count].length = (uint8_t)code_key(
			&move->records[move->count].key, kind, move->order[move->count].code);
		if (++move->count < MOVE_AT_ONCE)
			continue;
		err = total_add(history, to, move->order, move->count);
		if (err)
			return err;
		move->count = 0;
	}
	return err;
}

int total_move(struct history *history, int64_t from, int64_t to)
{
	_cleanup_free_ struct move *move = calloc(1, sizeof(*move));
	sqlite3_stmt *statement;
	int err = move ? database_statement(history, STATEMENT_TOTAL_LIST, &statement) : -ENOMEM;

	if (err)
		return err;
	BIND(statement, from);
	err = move_rows(history, statement, to, move);
	sqlite.reset(statement);
	if (!err)
		err = total_add(history, to, move->order, move->count);
	if (!err && (move->other[NA_RX].packets || move->other[NA_TX].packets))
		err = total_add_other(history, to, move->other);
	if (!err)
		err = database_statement(history, STATEMENT_TOTAL_DELETE, &statement);
	if (err)
		return err;
	BIND(statement, from);
	return database_run(history, statement);
}

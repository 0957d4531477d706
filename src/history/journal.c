// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "code.h"
#include "journal.h"

#define HALF_MINUTE (30 * SECOND)

/*
 * The moment that stands for a drain: its middle, so that one that ends a
 * little late belongs to the bin that it was meant for; a long one's is near its end.
 */
static int64_t moment(int64_t since, int64_t until)
{
	int64_t half = (until - since) / 2;

	return until - (half < HALF_MINUTE ? half : HALF_MINUTE);
}

static int64_t to_seconds(int64_t nanoseconds)
{
	return nanoseconds / SECOND - (nanoseconds % SECOND < 0);
}

static bool is_foreign(const struct history *history, sqlite3_stmt *statement, int column)
{
	return sqlite.column_bytes(statement, column) != BOOT_ID ||
	       memcmp(sqlite.column_blob(statement, column), history->boot, BOOT_ID);
}

static void read_row(const struct history *history, sqlite3_stmt *statement, int64_t offset,
		     struct journal_row *ret)
{
	int64_t stored = sqlite.column_int64(statement, 6);
	int64_t until = sqlite.column_int64(statement, 5), middle;

	ret->number = sqlite.column_int64(statement, 0);
	ret->ledger = sqlite.column_int64(statement, 1);
	ret->source = (uint32_t)sqlite.column_int64(statement, 2);
	ret->kind = (enum na_key_kind)sqlite.column_int(statement, 3);
	ret->records = (uint64_t)sqlite.column_int64(statement, 7);
	column_counts(statement, 8, &ret->rx, &ret->tx);
	ret->foreign = is_foreign(history, statement, 12);
	if (ret->foreign)
		offset = stored;
	ret->since = sqlite.column_int64(statement, 4) + offset;
	ret->until = until + offset;
	/* Whole seconds: reading two clocks one after the other moves nothing. */
	ret->base = to_seconds(until + stored) + to_seconds(offset - stored + SECOND / 2);
	middle = to_seconds(moment(ret->since, ret->until));
	ret->bin = calendar_start(HISTORY_5MIN, middle);
	ret->minute = calendar_start(HISTORY_MINUTE, middle);
}

static int add_row(struct journal_row **rows, size_t *count, size_t *capacity,
		   struct journal_row row)
{
	struct journal_row *more;

	if (*count == *capacity) {
		*capacity = *capacity ? *capacity * 2 : 64;
		more = realloc(*rows, *capacity * sizeof(*more));
		if (!more)
			return -ENOMEM;
		*rows = more;
	}
	(*rows)[(*count)++] = row;
	return 0;
}

int journal_load(struct history *history, int64_t ledger, struct journal_row **ret,
		 size_t *ret_count)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	int64_t offset = clock_offset(history);
	size_t count = 0, capacity = 0;
	struct journal_row row;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_JOURNAL_LIST, &statement);

	if (err)
		return err;
	BIND(statement, ledger);
	while ((err = database_step(history, statement)) > 0) {
		read_row(history, statement, offset, &row);
		err = add_row(&rows, &count, &capacity, row);
		if (err) {
			sqlite.reset(statement);
			return err;
		}
	}
	if (err)
		return err;
	*ret = TAKE_PTR(rows);
	*ret_count = count;
	return 0;
}

static int read_part(struct history *history, const struct journal_row *row,
		     sqlite3_stmt *statement, journal_record function, void *context)
{
	const uint8_t *next = sqlite.column_blob(statement, 0);
	size_t left = (size_t)sqlite.column_bytes(statement, 0), used;
	struct flow_record record;
	int err;

	for (; left; next += used, left -= used) {
		used = code_record_read(next, left, row->base, &record);
		if (!used)
			return database_error(history, -EUCLEAN,
					      "%s: the journal holds what is no record",
					      history->path);
		err = function(context, &record);
		if (err)
			return err;
	}
	return 0;
}

int journal_records(struct history *history, const struct journal_row *row, journal_record function,
		    void *context)
{
	int64_t first = row->number << JOURNAL_PART_BITS;
	sqlite3_stmt *statement;
	int err = 0;

	if (row->records)
		err = database_statement(history, STATEMENT_RECORDS_LIST, &statement);
	if (err || !row->records)
		return err;
	BIND(statement, first, first + (1 << JOURNAL_PART_BITS) - 1);
	while ((err = database_step(history, statement)) > 0) {
		err = read_part(history, row, statement, function, context);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

static int merge(void *context, const struct flow_record *record)
{
	return record_table_merge(context, record);
}

int journal_merge(struct history *history, int64_t ledger, struct record_table *table)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	size_t count = 0, i;
	int err = journal_load(history, ledger, &rows, &count);

	for (i = 0; !err && i < count; i++)
		err = journal_records(history, &rows[i], merge, table);
	return err;
}

int journal_delete(struct history *history, int64_t number)
{
	int64_t first = number << JOURNAL_PART_BITS;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_RECORDS_DELETE, &statement);

	if (err)
		return err;
	BIND(statement, first, first + (1 << JOURNAL_PART_BITS) - 1);
	err = database_run(history, statement);
	if (!err)
		err = database_statement(history, STATEMENT_JOURNAL_DELETE, &statement);
	if (err)
		return err;
	BIND(statement, number);
	return database_run(history, statement);
}

void journal_note(struct history *history, int64_t since, int64_t until, uint64_t records)
{
	int64_t middle = moment(since, until);

	if (middle < history->journal.earliest)
		history->journal.earliest = middle;
	history->journal.records += records;
}

int journal_state(struct history *history)
{
	sqlite3_stmt *statement;
	int err;

	if (history->journal.known)
		return 0;
	history->journal.earliest = INT64_MAX;
	history->journal.foreign = false;
	history->journal.records = 0;
	err = database_statement(history, STATEMENT_JOURNAL_STATE, &statement);
	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		if (is_foreign(history, statement, 3))
			history->journal.foreign = true;
		else
			journal_note(history, sqlite.column_int64(statement, 0),
				     sqlite.column_int64(statement, 1),
				     (uint64_t)sqlite.column_int64(statement, 2));
	}
	history->journal.known = !err;
	return err;
}

bool journal_due(const struct history *history, int64_t grace)
{
	int64_t bin;

	if (history->journal.foreign)
		return true;
	if (history->journal.earliest == INT64_MAX)
		return false;
	bin = to_seconds(history->journal.earliest + clock_offset(history));
	return calendar_end(HISTORY_5MIN, bin) + grace <= clock_seconds(history);
}

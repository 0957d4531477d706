// SPDX-License-Identifier: GPL-2.0-or-later
#include "code.h"
#include "journal.h"
#include "plan.h"

struct walk {
	struct history *history;
	int64_t since, until;
	enum history_level coarsest;
	uint32_t source;
	history_row_function function;
	void *context;
	enum na_key_kind *kinds; /* by source number, owned */
	uint32_t sources;
	int64_t first; /* seconds: nothing is folded from before, INT64_MAX: nothing at all */
	struct history_row row;
};

/* Kinds for the rows without a key, and when it all began. */
static int read_sources(struct walk *walk)
{
	enum na_key_kind *more;
	sqlite3_stmt *statement;
	uint32_t number;
	int err = database_statement(walk->history, STATEMENT_SOURCES, &statement);

	walk->first = INT64_MAX;
	if (err)
		return err;
	while ((err = database_step(walk->history, statement)) > 0) {
		number = (uint32_t)sqlite.column_int64(statement, 0);
		if (number >= walk->sources) {
			more = realloc(walk->kinds, (number + 1) * 2 * sizeof(*more));
			if (!more) {
				sqlite.reset(statement);
				return -ENOMEM;
			}
			walk->kinds = more;
			walk->sources = (number + 1) * 2;
		}
		walk->kinds[number] = (enum na_key_kind)sqlite.column_int(statement, 1);
		if (sqlite.column_type(statement, 2) != SQLITE_NULL &&
		    sqlite.column_int64(statement, 2) < walk->first)
			walk->first = sqlite.column_int64(statement, 2);
	}
	return err;
}

static int give(struct walk *walk, sqlite3_stmt *statement)
{
	struct history_row *row = &walk->row;
	size_t length = (size_t)sqlite.column_bytes(statement, 6);
	int64_t start = sqlite.column_int64(statement, 0);
	struct na_key key = {0};

	if (start != row->start) {
		row->start = start;
		row->end = calendar_end(row->level, start);
	}
	row->source = (uint32_t)sqlite.column_int64(statement, 1);
	column_counts(statement, 2, &row->rx, &row->tx);
	row->key = length ? &key : NULL;
	row->kind = row->source < walk->sources ? walk->kinds[row->source] : NA_KEY_TOTAL;
	if (length &&
	    code_key_read(sqlite.column_blob(statement, 6), length, &key, &row->kind) != length)
		return database_error(walk->history, -EUCLEAN, "%s: a bin holds what is no key",
				      walk->history->path);
	return walk->function(walk->context, row);
}

static int give_range(struct walk *walk, const struct plan_range *range)
{
	sqlite3_stmt *statement;
	int err = database_statement(walk->history, STATEMENT_BIN_LIST, &statement);

	if (err)
		return err;
	walk->row = (struct history_row){.level = range->level, .start = INT64_MIN};
	BIND(statement, range->level, range->since, range->until,
	     walk->source == UINT32_MAX ? -1 : (int64_t)walk->source);
	while ((err = database_step(walk->history, statement)) > 0) {
		err = give(walk, statement);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

/* Bins that were made in another time zone begin elsewhere: finer ones are put together instead. */
static void leave_out_other_zones(struct level_mark marks[static HISTORY_LEVELS])
{
	enum history_level level;

	for (level = HISTORY_HOUR; level < HISTORY_LEVELS; level++) {
		if (calendar_start(level, marks[level].closed) != marks[level].closed)
			marks[level].closed = 0;
	}
}

static int give_bins(struct walk *walk)
{
	struct level_mark marks[HISTORY_LEVELS];
	_cleanup_plan_ struct plan plan = {0};
	int64_t since = walk->since, first;
	int err = level_marks(walk->history, marks);
	size_t i;

	if (err || walk->first == INT64_MAX)
		return err;
	leave_out_other_zones(marks);
	/* Where a month begins all other bins do. */
	first = calendar_start(HISTORY_MONTH, walk->first);
	if (since < first)
		since = first;
	err = plan_make(marks, since, walk->until, walk->coarsest, &plan);
	for (i = 0; !err && i < plan.count; i++)
		err = give_range(walk, &plan.ranges[i]);
	return err;
}

static int give_record(void *context, const struct flow_record *record)
{
	struct walk *walk = context;

	walk->row.key = &record->key;
	walk->row.rx = record->rx;
	walk->row.tx = record->tx;
	return walk->function(walk->context, &walk->row);
}

static int give_journal(struct walk *walk)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	const struct journal_row *row;
	size_t count = 0;
	int err = journal_load(walk->history, 0, &rows, &count);

	for (row = rows; !err && row < rows + count; row++) {
		if (row->bin < walk->since || row->bin >= walk->until ||
		    (walk->source != UINT32_MAX && row->source != walk->source))
			continue;
		walk->row = (struct history_row){.level = HISTORY_5MIN,
						 .start = row->bin,
						 .end = calendar_end(HISTORY_5MIN, row->bin),
						 .source = row->source,
						 .kind = row->kind};
		err = journal_records(walk->history, row, give_record, walk);
	}
	return err;
}

static int read_rows(struct history *history, void *argument)
{
	struct walk *walk = argument;
	int err;

	walk->history = history;
	err = read_sources(walk);
	if (!err)
		err = give_bins(walk);
	if (!err)
		err = give_journal(walk);
	free(walk->kinds);
	return err;
}

int history_rows(struct history *history, int64_t since, int64_t until, enum history_level coarsest,
		 uint32_t source, history_row_function function, void *context,
		 struct history_error *why)
{
	struct walk walk = {.since = since,
			    .until = until,
			    .coarsest = coarsest,
			    .source = source,
			    .function = function,
			    .context = context};
	int err = database_read(history, read_rows, &walk);

	return database_result(history, err, why);
}

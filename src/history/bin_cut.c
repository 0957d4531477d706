// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "bin.h"

struct cut {
	enum history_level level;
	int64_t start;
	uint32_t source;
	int64_t bytes; /* of the last row that stays, and its key */
	uint8_t key[CODE_KEY_MAX];
	int length;
};

/* The last of the top N; of rows of as many bytes those with the lower keys stay. */
static int find_last(struct history *history, struct cut *cut)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_LEAST, &statement);

	if (err)
		return err;
	BIND(statement, cut->level, cut->start, cut->source,
	     (int64_t)history->settings.top[cut->level]);
	err = database_step(history, statement);
	if (err > 0) {
		cut->bytes = sqlite.column_int64(statement, 0);
		cut->length = sqlite.column_bytes(statement, 1);
		if (cut->length > CODE_KEY_MAX)
			cut->length = CODE_KEY_MAX;
		memcpy(cut->key, sqlite.column_blob(statement, 1), (size_t)cut->length);
	}
	sqlite.reset(statement);
	return err;
}

static void bind_cut(sqlite3_stmt *statement, const struct cut *cut)
{
	BIND(statement, cut->level, cut->start, cut->source, cut->bytes);
	sqlite.bind_blob(statement, 5, cut->key, cut->length, SQLITE_STATIC);
}

static int sum_rest(struct history *history, const struct cut *cut, struct na_count *rx,
		    struct na_count *tx)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_SUM_BELOW, &statement);

	if (err)
		return err;
	bind_cut(statement, cut);
	err = database_step(history, statement);
	if (err > 0)
		column_counts(statement, 0, rx, tx);
	sqlite.reset(statement);
	return err < 0 ? err : 0;
}

static int add_other(struct history *history, const struct cut *cut, struct na_count rx,
		     struct na_count tx)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_ADD, &statement);

	if (err)
		return err;
	BIND(statement, cut->level, cut->start, cut->source);
	bind_count(statement, 4, rx, tx);
	sqlite.bind_zeroblob(statement, 8, 0);
	return database_run(history, statement);
}

static int cut_source(struct history *history, struct cut *cut)
{
	struct na_count rx = {0}, tx = {0};
	sqlite3_stmt *statement;
	int err = find_last(history, cut);

	if (err <= 0)
		return err;
	err = sum_rest(history, cut, &rx, &tx);
	if (!err)
		err = database_statement(history, STATEMENT_BIN_DELETE_BELOW, &statement);
	if (err)
		return err;
	bind_cut(statement, cut);
	err = database_run(history, statement);
	return err ? err : add_other(history, cut, rx, tx);
}

int bin_cut(struct history *history, enum history_level level, int64_t start)
{
	struct cut cut = {.level = level, .start = start};
	sqlite3_stmt *statement;
	int err = 0;

	if (!history->settings.top[level])
		return 0;
	err = database_statement(history, STATEMENT_BIN_CROWDED, &statement);
	if (err)
		return err;
	BIND(statement, level, start, (int64_t)history->settings.top[level]);
	/* One that is cut is not crowded any more: the walk may go on behind it. */
	while ((err = database_step(history, statement)) > 0) {
		cut.source = (uint32_t)sqlite.column_int64(statement, 0);
		err = cut_source(history, &cut);
		if (err < 0)
			break;
	}
	sqlite.reset(statement);
	return err;
}

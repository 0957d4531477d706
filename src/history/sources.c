// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "journal.h"
#include "ledger.h"

struct sources {
	struct history_source *sources;
	size_t count;
};

void history_sources_free(struct history_source *sources, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(sources[i].id);
		free(sources[i].interface);
		free(sources[i].namespace);
	}
	free(sources);
}

static int add(struct history *history, sqlite3_stmt *statement, struct sources *sources)
{
	struct history_source *source;
	int err;

	source = realloc(sources->sources, (sources->count + 1) * sizeof(*source));
	if (!source)
		return -ENOMEM;
	sources->sources = source;
	source += sources->count++;
	*source = (struct history_source){
		.number = (uint32_t)sqlite.column_int64(statement, 0),
		.first = INT64_MAX,
		.last = INT64_MIN,
	};
	if (sqlite.column_type(statement, 2) != SQLITE_NULL) {
		source->first = sqlite.column_int64(statement, 2);
		source->last = sqlite.column_int64(statement, 3);
	}
	err = column_copy(history, statement, 4, &source->id);
	if (!err)
		err = column_copy(history, statement, 5, &source->interface);
	return err ? err : column_copy(history, statement, 6, &source->namespace);
}

static int read_table(struct history *history, struct sources *sources)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_SOURCES, &statement);

	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		err = add(history, statement, sources);
		if (err)
			break;
	}
	sqlite.reset(statement);
	return err;
}

static void widen(struct history_source *source, const struct journal_row *row)
{
	if (row->since / SECOND < source->first)
		source->first = row->since / SECOND;
	if (row->until / SECOND > source->last)
		source->last = row->until / SECOND;
}

static int read_sources(struct history *history, void *argument)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	struct sources *sources = argument;
	size_t count = 0, i, j;
	int err = read_table(history, sources);

	if (!err)
		err = journal_load(history, 0, &rows, &count);
	for (i = 0; !err && i < sources->count; i++) {
		for (j = 0; j < count; j++) {
			if (rows[j].source == sources->sources[i].number)
				widen(&sources->sources[i], &rows[j]);
		}
		if (sources->sources[i].first == INT64_MAX)
			sources->sources[i].first = sources->sources[i].last = 0;
	}
	return err;
}

int history_sources(struct history *history, struct history_source **ret, size_t *ret_count,
		    struct history_error *why)
{
	struct sources sources = {0};
	int err = database_read(history, read_sources, &sources);

	if (err) {
		history_sources_free(sources.sources, sources.count);
		return database_result(history, err, why);
	}
	*ret = sources.sources;
	*ret_count = sources.count;
	return 0;
}

int source_numbers(struct history *history, uint32_t **ret, size_t *ret_count)
{
	_cleanup_free_ uint32_t *numbers = NULL;
	uint32_t *more;
	sqlite3_stmt *statement;
	size_t count = 0;
	int err = database_statement(history, STATEMENT_SOURCE_NUMBERS, &statement);

	if (err)
		return err;
	while ((err = database_step(history, statement)) > 0) {
		more = realloc(numbers, (count + 1) * sizeof(*more));
		if (!more) {
			sqlite.reset(statement);
			return -ENOMEM;
		}
		numbers = more;
		numbers[count++] = (uint32_t)sqlite.column_int64(statement, 0);
	}
	if (err)
		return err;
	*ret = TAKE_PTR(numbers);
	*ret_count = count;
	return 0;
}

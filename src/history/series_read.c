// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ledger.h"
#include "series.h"

struct walk {
	struct history *history;
	enum history_level level;
	int64_t since, until;
	uint32_t source; /* of the call, UINT32_MAX: all */
	history_point_function function;
	void *context;
	struct series_part *parts; /* of the journal, by source and start; owned */
	size_t count, capacity;
	size_t next;
};

static int add_part(void *context, const struct series_part *part)
{
	struct walk *walk = context;
	struct series_part *more;

	if (part->start < walk->since || part->start >= walk->until)
		return 0;
	if (walk->count == walk->capacity) {
		walk->capacity = walk->capacity ? walk->capacity * 2 : 64;
		more = realloc(walk->parts, walk->capacity * sizeof(*more));
		if (!more)
			return -ENOMEM;
		walk->parts = more;
	}
	walk->parts[walk->count++] = *part;
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct series_part *one = left, *other = right;

	if (one->source != other->source)
		return one->source < other->source ? -1 : 1;
	return (one->start > other->start) - (one->start < other->start);
}

static void merge_part(struct series_part *to, const struct series_part *from)
{
	to->covered += from->covered;
	na_count_add(&to->rx, from->rx);
	na_count_add(&to->tx, from->tx);
}

/* The parts of the journal in their order, those of one bin as one. */
static int read_journal(struct walk *walk)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	size_t count = 0, kept = 0, i;
	int err = journal_load(walk->history, 0, &rows, &count);

	for (i = 0; !err && i < count; i++) {
		if (walk->source == UINT32_MAX || rows[i].source == walk->source)
			err = series_split(&rows[i], walk->level, walk->since, add_part, walk);
	}
	if (err || !walk->count)
		return err;
	qsort(walk->parts, walk->count, sizeof(*walk->parts), compare);
	for (i = 1; i < walk->count; i++) {
		if (compare(&walk->parts[kept], &walk->parts[i]))
			walk->parts[++kept] = walk->parts[i];
		else
			merge_part(&walk->parts[kept], &walk->parts[i]);
	}
	walk->count = kept + 1;
	return 0;
}

static int give(struct walk *walk, const struct series_part *part)
{
	struct history_point point = {.source = part->source,
				      .start = part->start,
				      .end = calendar_end(walk->level, part->start),
				      .rx = part->rx,
				      .tx = part->tx};

	/* A clock that was set back lives through a time twice. */
	point.covered = (double)part->covered / (double)SECOND;
	if (point.covered > (double)(point.end - point.start))
		point.covered = (double)(point.end - point.start);
	return walk->function(walk->context, &point);
}

/* What the journal has before `part` goes first, what it has of the same bin into it. */
static int give_with_journal(struct walk *walk, struct series_part *part)
{
	int err = 0, order;

	while (!err && walk->next < walk->count) {
		order = compare(&walk->parts[walk->next], part);
		if (order > 0)
			break;
		if (order < 0)
			err = give(walk, &walk->parts[walk->next]);
		else
			merge_part(part, &walk->parts[walk->next]);
		walk->next++;
	}
	return err ? err : give(walk, part);
}

static int give_source(struct walk *walk, uint32_t source)
{
	struct series_part part = {.source = source};
	sqlite3_stmt *statement;
	int err = database_statement(walk->history, STATEMENT_SERIES_LIST, &statement);

	if (err)
		return err;
	BIND(statement, walk->level, source, walk->since, walk->until);
	while ((err = database_step(walk->history, statement)) > 0) {
		part.start = sqlite.column_int64(statement, 0);
		part.covered = sqlite.column_int64(statement, 1);
		column_counts(statement, 2, &part.rx, &part.tx);
		err = give_with_journal(walk, &part);
		if (err)
			break;
	}
	sqlite.reset(statement);
	for (; !err && walk->next < walk->count && walk->parts[walk->next].source == source;
	     walk->next++)
		err = give(walk, &walk->parts[walk->next]);
	return err;
}

static int read_series(struct history *history, void *argument)
{
	_cleanup_free_ uint32_t *sources = NULL;
	struct walk *walk = argument;
	size_t count = 0, i;
	int err;

	walk->history = history;
	err = source_numbers(history, &sources, &count);
	if (!err)
		err = read_journal(walk);
	for (i = 0; !err && i < count; i++) {
		if (walk->source == UINT32_MAX || walk->source == sources[i])
			err = give_source(walk, sources[i]);
	}
	free(walk->parts);
	return err;
}

int history_series(struct history *history, enum history_level level, int64_t since, int64_t until,
		   uint32_t source, history_point_function function, void *context,
		   struct history_error *why)
{
	struct walk walk = {.level = level,
			    .since = since,
			    .until = until,
			    .source = source,
			    .function = function,
			    .context = context};

	return database_result(history, database_read(history, read_series, &walk), why);
}

int series_delete(struct history *history, enum history_level level, int64_t before)
{
	_cleanup_free_ uint32_t *sources = NULL;
	sqlite3_stmt *statement;
	size_t count = 0, i;
	int err = source_numbers(history, &sources, &count);

	for (i = 0; !err && i < count; i++) {
		err = database_statement(history, STATEMENT_SERIES_DELETE, &statement);
		if (err)
			return err;
		BIND(statement, level, sources[i], before);
		err = database_run(history, statement);
	}
	return err;
}

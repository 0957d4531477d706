// SPDX-License-Identifier: GPL-2.0-or-later
#include "bin.h"
#include "fold.h"
#include "ledger.h"
#include "series.h"
#include "total.h"

/* So many records are merged in memory at once, however many the journal holds. */
#define RECORDS_AT_ONCE 200000

/* Rows of one ledger and one bin. */
struct group {
	struct history *history;
	const struct journal_row *rows;
	size_t count;
	struct record_table *table;
};

static int write_records(struct group *group, const struct flow_record *records, size_t count)
{
	_cleanup_free_ struct code_order *order = NULL;
	const struct journal_row *row = group->rows;
	int err = code_sort(records, count, row->kind, &order);

	if (!err)
		err = bin_add(group->history, row->bin, row->source, order, count);
	if (!err)
		err = total_add(group->history, row->ledger, order, count);
	return err;
}

static size_t expected(const struct group *group)
{
	uint64_t records = 0;
	size_t i;

	for (i = 0; i < group->count; i++)
		records += group->rows[i].records;
	return records < RECORDS_AT_ONCE ? (size_t)records : RECORDS_AT_ONCE;
}

static int flush(struct group *group)
{
	int err = 0;

	if (group->table)
		err = write_records(group, record_table_records(group->table),
				    record_table_count(group->table));
	record_table_free(group->table);
	group->table = NULL;
	return err;
}

static int merge(void *context, const struct flow_record *record)
{
	struct group *group = context;
	int err = 0;

	if (group->table && record_table_count(group->table) >= RECORDS_AT_ONCE)
		err = flush(group);
	if (!err && !group->table)
		err = record_table_new(&group->table, expected(group));
	return err ? err : record_table_merge(group->table, record);
}

static int fold_group(struct group *group)
{
	const struct journal_row *row;
	int err = 0;

	for (row = group->rows; !err && row < group->rows + group->count; row++) {
		err = journal_records(group->history, row, merge, group);
		if (!err)
			err = series_add(group->history, row);
		if (!err)
			err = source_seen(group->history, row->source, row->since / SECOND,
					  row->until / SECOND);
		if (!err)
			err = journal_delete(group->history, row->number);
	}
	if (!err)
		err = flush(group);
	record_table_free(group->table);
	return err;
}

static bool is_due(const struct journal_row *row, const struct fold_choice *choice, int64_t now)
{
	return choice->all || row->foreign ||
	       calendar_end(HISTORY_5MIN, row->bin) + choice->grace <= now;
}

int journal_fold(struct history *history, const struct fold_choice *choice)
{
	_cleanup_free_ struct journal_row *rows = NULL;
	struct group group = {.history = history};
	int64_t now = clock_seconds(history);
	size_t count = 0, kept = 0, i;
	int err = journal_load(history, choice->ledger, &rows, &count);

	for (i = 0; !err && i < count; i++) {
		if (is_due(&rows[i], choice, now))
			rows[kept++] = rows[i];
	}
	for (i = 0; !err && i < kept; i += group.count) {
		group.rows = &rows[i];
		group.count = 1;
		while (i + group.count < kept && rows[i + group.count].ledger == rows[i].ledger &&
		       rows[i + group.count].bin == rows[i].bin)
			group.count++;
		err = fold_group(&group);
	}
	history->journal.known = false;
	return err;
}

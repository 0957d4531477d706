// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "journal.h"
#include "ledger.h"
#include "total.h"
#include "totals.h"

_Static_assert(sizeof(struct history_total) == sizeof(struct flow_record), "the same array");

void totals_take(struct record_table *table, struct history_totals *totals)
{
	struct flow_record *records = record_table_take(table, &totals->count);

	if (!totals->count) {
		free(records);
		records = NULL;
	}
	totals->totals = (struct history_total *)records;
}

void history_totals_clear(struct history_totals *totals)
{
	free(totals->totals);
	memset(totals, 0, sizeof(*totals));
}

struct question {
	struct ledger_key key;
	struct history_totals totals;
};

static int find_generation(struct history *history, const char *uuid, uint32_t *ret)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_GENERATION, &statement);

	if (err)
		return err;
	bind_text(statement, 1, uuid);
	err = database_step(history, statement);
	if (err > 0)
		*ret = (uint32_t)sqlite.column_int64(statement, 0);
	sqlite.reset(statement);
	return err < 0 ? err : 0;
}

static int read_totals(struct history *history, void *argument)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	_cleanup_ledger_ struct ledger ledger = {0};
	struct question *question = argument;
	struct history_totals *totals = &question->totals;
	int err = ledger_find(history, &question->key, &ledger);

	if (!err)
		err = find_generation(history, question->key.uuid, &totals->generation);
	if (err || !ledger.known)
		return err;
	totals->known = true;
	totals->since = (int64_t)(question->key.attached_at / (uint64_t)SECOND);
	err = record_table_new(&table, 0);
	if (!err)
		err = total_merge(history, ledger.number, table, totals->other);
	if (!err)
		err = journal_merge(history, ledger.number, table);
	if (!err)
		totals_take(table, totals);
	return err;
}

int history_totals(struct history *history, const char *uuid, uint32_t number, uint64_t attached_at,
		   struct history_totals *ret, struct history_error *why)
{
	struct question question = {.key = {uuid, number, attached_at}};
	int err = database_read(history, read_totals, &question);

	if (!err)
		*ret = question.totals;
	return database_result(history, err, why);
}

struct last_generation {
	const char *uuid;
	uint32_t generation; /* UINT32_MAX: none */
};

static int read_generation(struct history *history, void *argument)
{
	struct last_generation *last = argument;

	last->generation = UINT32_MAX;
	return find_generation(history, last->uuid, &last->generation);
}

int history_generation(struct history *history, const char *uuid, uint32_t *ret, bool *ret_known,
		       struct history_error *why)
{
	struct last_generation last = {.uuid = uuid};
	int err = database_read(history, read_generation, &last);

	if (!err) {
		*ret = last.generation;
		*ret_known = last.generation != UINT32_MAX;
	}
	return database_result(history, err, why);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include "code.h"
#include "journal.h"
#include "ledger.h"

#define PART_SIZE (512u << 10)

struct part {
	struct history *history;
	int64_t number; /* of the next one */
	size_t used;
	uint8_t *bytes; /* PART_SIZE of them */
};

static int flush(struct part *part)
{
	sqlite3_stmt *statement;
	int err;

	if (!part->used)
		return 0;
	err = database_statement(part->history, STATEMENT_RECORDS_ADD, &statement);
	if (err)
		return err;
	BIND(statement, part->number);
	sqlite.bind_blob(statement, 2, part->bytes, (int)part->used, SQLITE_STATIC);
	part->used = 0;
	part->number++;
	return database_run(part->history, statement);
}

static uint32_t wall_seconds(const struct reading *reading, uint32_t ticks)
{
	return (uint32_t)(time_base_wall(&reading->time_base, ticks) / (uint64_t)SECOND);
}

static int add_records(struct history *history, const struct reading *reading, int64_t journal,
		       int64_t base)
{
	_cleanup_free_ uint8_t *bytes = malloc(PART_SIZE);
	struct part part = {
		.history = history, .number = journal << JOURNAL_PART_BITS, .bytes = bytes};
	struct flow_record record;
	int err = bytes ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; !err && i < reading->count; i++) {
		record = reading->records[i];
		record.first_seen = wall_seconds(reading, record.first_seen);
		record.last_seen = wall_seconds(reading, record.last_seen);
		part.used += code_record(&record, reading->key, base, part.bytes + part.used);
		if (part.used > PART_SIZE - CODE_RECORD_MAX)
			err = flush(&part);
	}
	return err ? err : flush(&part);
}

struct drained {
	const struct history_drain *drain;
	int64_t offset;
};

/* A source may have come after the drain before, and gone before this one. */
static void counted_from_to(const struct drained *drained, const struct reading *reading,
			    bool first, int64_t *since, int64_t *until)
{
	int64_t from = (int64_t)drained->drain->from, to = (int64_t)drained->drain->to;
	int64_t attached = (int64_t)reading->since - drained->offset;
	int64_t departed = (int64_t)reading->departed_at - drained->offset;

	*since = first && attached > from && attached < to ? attached : from;
	*until = reading->departed_at && departed > *since && departed < to ? departed : to;
	if (*since > *until)
		*since = *until;
}

static int add_row(struct history *history, const struct drained *drained,
		   const struct reading *reading, const struct ledger *ledger)
{
	struct na_count sum[NA_DIRECTIONS] = {0};
	int64_t since, until, number;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_JOURNAL_ADD, &statement);

	if (err)
		return err;
	records_sum(reading->records, reading->count, sum);
	counted_from_to(drained, reading, !ledger->known, &since, &until);
	BIND(statement, ledger->number, since, until, drained->offset, (int64_t)reading->count);
	bind_count(statement, 6, sum[NA_RX], sum[NA_TX]);
	sqlite.bind_blob(statement, 10, history->boot, BOOT_ID, SQLITE_STATIC);
	err = database_run(history, statement);
	if (err)
		return err;
	number = sqlite.last_insert_rowid(history->database);
	journal_note(history, since, until, reading->count);
	if (!reading->count)
		return 0;
	return add_records(history, reading, number, (until + drained->offset) / SECOND);
}

static int store_reading(struct history *history, const struct drained *drained,
			 const struct reading *reading)
{
	const struct ledger_key key = {drained->drain->uuid, reading->owner, reading->attached_at};
	_cleanup_ledger_ struct ledger ledger = {0};
	int err = ledger_make(history, &key, &ledger);

	if (!err)
		err = ledger_know(history, &ledger, reading);
	return err ? err : add_row(history, drained, reading, &ledger);
}

/* 1 where it is the one that was stored last. */
static int is_known(struct history *history, const struct history_drain *drain)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_GENERATION, &statement);

	if (err)
		return err;
	bind_text(statement, 1, drain->uuid);
	err = database_step(history, statement);
	if (err > 0)
		err = sqlite.column_int64(statement, 0) == drain->generation;
	sqlite.reset(statement);
	return err;
}

static int set_generation(struct history *history, const struct history_drain *drain)
{
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_GENERATION_SET, &statement);

	if (err)
		return err;
	BIND(statement, drain->generation);
	bind_text(statement, 2, drain->uuid);
	return database_run(history, statement);
}

/* What is written to a file that was removed goes nowhere. */
static int is_there(struct history *history)
{
	struct stat status;

	if (!stat(history->path, &status) && status.st_dev == history->device &&
	    status.st_ino == history->inode)
		return 0;
	return database_error(history, -ENOENT, "%s was removed or replaced", history->path);
}

static int store(struct history *history, void *argument)
{
	const struct drained *drained = argument;
	const struct history_drain *drain = drained->drain;
	int err = is_there(history);
	size_t i;

	if (!err)
		err = is_known(history, drain);
	if (err)
		return err;
	err = journal_state(history);
	for (i = 0; !err && i < drain->count; i++)
		err = store_reading(history, drained, &drain->readings[i]);
	return err ? err : set_generation(history, drain);
}

int history_store(struct history *history, const struct history_drain *drain,
		  struct history_error *why)
{
	struct drained drained = {drain, clock_offset(history)};

	return database_result(history, database_write(history, store, &drained), why);
}

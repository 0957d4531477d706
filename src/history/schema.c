// SPDX-License-Identifier: GPL-2.0-or-later
#include "schema.h"

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define COUNTS                                                    \
	"rx_packets INTEGER NOT NULL, rx_bytes INTEGER NOT NULL," \
	"tx_packets INTEGER NOT NULL, tx_bytes INTEGER NOT NULL"

/*
 * Keys are as code.h has them, x'' is `other`. Columns without a unit are
 * seconds of CLOCK_REALTIME where they are times.
 *
 * ledger	what totals are kept for: a source of a meter (uuid, attached_at in
 *		ns; `source` is NULL until something was stored), or a source id in a book (id)
 * journal	a drain of a source: since and until are CLOCK_BOOTTIME ns of that boot,
 *		offset was CLOCK_REALTIME - CLOCK_BOOTTIME when it was stored
 * records	its records, in parts: number is journal.number << 20 | part
 * series	covered is ns
 * state	clean: enum schema_state
 */
static const char tables[] =
	"CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
	"INSERT INTO state VALUES ('clean', 1);"
	"CREATE TABLE level (level INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" closed INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0);"
	"INSERT INTO level (level, name) VALUES"
	" (0, 'minute'), (1, '5min'), (2, 'hour'), (3, 'day'), (4, 'month');"
	"CREATE TABLE meter (uuid TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE source (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" interface TEXT, namespace TEXT, kind INTEGER NOT NULL, first INTEGER, last INTEGER);"
	"CREATE TABLE ledger (number INTEGER PRIMARY KEY, uuid TEXT, meter_source INTEGER,"
	" attached_at INTEGER, source INTEGER, kind INTEGER, book TEXT, id TEXT, since INTEGER,"
	" rows INTEGER NOT NULL DEFAULT 0);"
	"CREATE UNIQUE INDEX ledger_meter ON ledger (uuid, meter_source, attached_at)"
	" WHERE uuid NOT NULL;"
	"CREATE UNIQUE INDEX ledger_book ON ledger (book, id) WHERE uuid IS NULL;"
	"CREATE TABLE journal (number INTEGER PRIMARY KEY, ledger INTEGER NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER NOT NULL, offset INTEGER NOT NULL,"
	" records INTEGER NOT NULL, " COUNTS ", boot BLOB NOT NULL);"
	"CREATE INDEX journal_ledger ON journal (ledger);"
	"CREATE TABLE records (number INTEGER PRIMARY KEY, part BLOB NOT NULL);"
	"CREATE TABLE total (ledger INTEGER NOT NULL, key BLOB NOT NULL, " COUNTS ","
	" first INTEGER NOT NULL, last INTEGER NOT NULL, flags INTEGER NOT NULL,"
	" PRIMARY KEY (ledger, key)) WITHOUT ROWID;"
	"CREATE TABLE bin (level INTEGER NOT NULL, start INTEGER NOT NULL,"
	" source INTEGER NOT NULL, key BLOB NOT NULL, " COUNTS ","
	" PRIMARY KEY (level, start, source, key)) WITHOUT ROWID;"
	"CREATE TABLE series (level INTEGER NOT NULL, source INTEGER NOT NULL,"
	" start INTEGER NOT NULL, covered INTEGER NOT NULL, " COUNTS ","
	" PRIMARY KEY (level, source, start)) WITHOUT ROWID;"
	"PRAGMA application_id = " TEXT(SCHEMA_APPLICATION) ";"
							    "PRAGMA user_version = " TEXT(
								    SCHEMA_VERSION) ";";

static int is_empty(struct history *history, bool *ret)
{
	int64_t count;
	int err = database_pragma(history, "SELECT count(*) FROM sqlite_master", &count);

	if (!err)
		*ret = !count;
	return err;
}

int schema_check(struct history *history)
{
	int64_t application, version;
	int err = database_pragma(history, "PRAGMA application_id", &application);

	if (!err)
		err = database_pragma(history, "PRAGMA user_version", &version);
	if (err)
		return err;
	if (application != SCHEMA_APPLICATION)
		return database_error(history, -EUCLEAN,
				      "%s is a database, but not of netacct: it stays as it is",
				      history->path);
	if (version > SCHEMA_VERSION)
		return database_error(history, -EPROTO,
				      "%s was written by a newer netacct (schema %lld, here %d)",
				      history->path, (long long)version, SCHEMA_VERSION);
	return 0;
}

static int make(struct history *history, void *argument)
{
	(void)argument;
	return database_execute(history, tables);
}

int schema_make(struct history *history)
{
	bool empty;
	int err = is_empty(history, &empty);

	if (err)
		return err;
	if (!empty)
		return schema_check(history);
	/* Both count only before the first page is written. */
	err = database_execute(history, "PRAGMA auto_vacuum = INCREMENTAL");
	if (!err)
		err = database_execute(history, "PRAGMA journal_mode = WAL");
	if (!err)
		err = database_write(history, make, NULL);
	return err;
}

/* The check gives up after a while: a file of gigabytes must not keep the collector waiting. */
#define EXAMINE_SECONDS 2
#define EXAMINE_OPERATIONS 10000

static int is_late(void *deadline)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec >= *(const time_t *)deadline;
}

static int quick_check(struct history *history)
{
	sqlite3_stmt *statement;
	const char *found;
	int code =
		sqlite.prepare_v2(history->database, "PRAGMA quick_check(1)", -1, &statement, NULL);
	int err = 0;

	if (code)
		return database_fault(history, code);
	code = sqlite.step(statement);
	found = code == SQLITE_ROW ? (const char *)sqlite.column_text(statement, 0) : "ok";
	if (code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_INTERRUPT)
		err = database_fault(history, code);
	else if (found && sqlite.stricmp(found, "ok"))
		err = database_error(history, -EUCLEAN, "%s: %.300s", history->path, found);
	sqlite.finalize(statement);
	return err;
}

int schema_examine(struct history *history)
{
	struct timespec now;
	time_t deadline;
	int64_t state;
	int err = database_pragma(history, "SELECT value FROM state WHERE name = 'clean'", &state);

	if (err || state == SCHEMA_CLEAN)
		return err;
	if (state == SCHEMA_CORRUPT)
		return database_error(history, -EUCLEAN, "%s was found to be corrupt",
				      history->path);
	clock_gettime(CLOCK_MONOTONIC, &now);
	deadline = now.tv_sec + EXAMINE_SECONDS;
	sqlite.progress_handler(history->database, EXAMINE_OPERATIONS, is_late, &deadline);
	err = quick_check(history);
	sqlite.progress_handler(history->database, 0, NULL, NULL);
	return err;
}

int schema_set_state(struct history *history, enum schema_state state)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "UPDATE state SET value = %d WHERE name = 'clean'", state);
	return database_execute(history, sql);
}

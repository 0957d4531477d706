/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handle behind struct history, and the way to SQLite; for src/history/
 * and its tests alone. Functions return 0 or a negative errno, and leave a
 * sentence in history->error.
 */
#ifndef NETACCT_HISTORY_DATABASE_H
#define NETACCT_HISTORY_DATABASE_H

#include <netacct/cleanup.h>
#include <time.h>

#include "history.h"
#include "sqlite.h"
#include "statement.h"

#define SECOND 1000000000ll /* ns */

/* Where the time comes from: ns of CLOCK_REALTIME or CLOCK_BOOTTIME. */
struct history_clock {
	uint64_t (*now)(void *context, clockid_t clock);
	void *context;
};

#define BOOT_ID 16

struct history {
	sqlite3 *database;
	sqlite3_stmt *statement[STATEMENTS]; /* prepared when they are first needed */
	char *path;
	int lock; /* flock on PATH.lock; -1: for reading alone */
	unsigned int snapshots;
	struct history_settings settings;
	struct history_error error; /* of the call under way */
	struct history_clock clock;
	bool corrupt; /* it was found to be: the next one to open it sets it aside */
	dev_t device; /* of the file, to see whether it is still at its path */
	ino_t inode;
	int64_t tended; /* minute of the last roll-up, and the hour of the last sweep */
	int64_t swept;
	uint8_t boot[BOOT_ID];
	struct {
		bool known; /* these figures hold */
		int64_t earliest; /* CLOCK_BOOTTIME ns: moment of the first row, INT64_MAX: none */
		bool foreign; /* there are rows of another boot */
		uint64_t records;
	} journal;
};

/* Where a level stands: kept in the table `level`. */
struct level_mark {
	int64_t closed; /* all of its bins that end by then are made and cut to the top N */
	int64_t gone; /* its bins that start before are deleted */
};

int level_marks(struct history *history, struct level_mark marks[static HISTORY_LEVELS]);
int level_mark_closed(struct history *history, enum history_level level, int64_t closed);
int level_mark_gone(struct history *history, enum history_level level, int64_t gone);

/* CLOCK_REALTIME - CLOCK_BOOTTIME, ns; seconds of CLOCK_REALTIME. */
int64_t clock_offset(const struct history *history);
int64_t clock_seconds(const struct history *history);
extern const struct history_clock clock_of_system;

/* A sentence for an errno that did not come from SQLite; returns err. */
int database_error(struct history *history, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The errno of SQLite's result code, with its words in history->error. */
int database_fault(struct history *history, int code);
/* Hands the sentence to the caller where `err` is one; returns err. */
int database_result(struct history *history, int err, struct history_error *why);

/* A statement, reset and without bindings. */
int database_statement(struct history *history, enum statement which, sqlite3_stmt **ret);
/* 1: a row, 0: no more; the statement is reset then and where it fails. */
int database_step(struct history *history, sqlite3_stmt *statement);
/* Steps until it is done. */
int database_run(struct history *history, sqlite3_stmt *statement);
int database_execute(struct history *history, const char *sql);
/* The first column of a PRAGMA's first row. */
int database_pragma(struct history *history, const char *sql, int64_t *ret);

/* Binds numbers to the parameters from ?1 on. */
void bind_numbers(sqlite3_stmt *statement, const int64_t *numbers, size_t count);
#define BIND(statement, ...)                                    \
	bind_numbers(statement, (const int64_t[]){__VA_ARGS__}, \
		     sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))
void bind_text(sqlite3_stmt *statement, int place, const char *text);
void bind_count(sqlite3_stmt *statement, int place, struct na_count rx, struct na_count tx);

/* rx and tx out of four columns; a copy of a text, NULL where it is NULL. */
void column_counts(sqlite3_stmt *statement, int column, struct na_count *rx, struct na_count *tx);
int column_copy(struct history *history, sqlite3_stmt *statement, int column, char **ret);

typedef int (*database_work)(struct history *history, void *argument);
/* Commits where the work returns 0 or more, else nothing of it is done. */
int database_write(struct history *history, database_work work, void *argument);
/* All that the work reads is of one state. */
int database_read(struct history *history, database_work work, void *argument);

#endif

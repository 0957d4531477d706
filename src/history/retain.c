// SPDX-License-Identifier: GPL-2.0-or-later
#include "bin.h"
#include "retain.h"
#include "series.h"

#define SERIES_KEPT (400 * 86400ull) /* of 5 minutes and hours: for billing and baselines */
#define SECONDS_AT_ONCE 1
#define FREE_PAGES_KEPT 16384
#define PAGES_AT_ONCE 8192

struct deletion {
	enum history_level level;
	int64_t before;
};

static int delete_bins(struct history *history, void *argument)
{
	const struct deletion *deletion = argument;
	sqlite3_stmt *statement;
	int err = database_statement(history, STATEMENT_BIN_DELETE, &statement);

	if (err)
		return err;
	BIND(statement, deletion->level, deletion->before);
	err = database_run(history, statement);
	return err ? err : level_mark_gone(history, deletion->level, deletion->before);
}

/* What is deleted of a level ends where a bin of the level above does: all of it, or nothing. */
static enum history_level unit_of(enum history_level level)
{
	return level == HISTORY_MONTH ? level : level + 1;
}

/* The start of the first unit that must stay: it is younger, or not rolled up. */
static int64_t stays_from(const struct history *history, const struct level_mark *marks,
			  enum history_level level)
{
	int64_t now = clock_seconds(history);
	uint64_t kept = history->settings.retention[level];
	int64_t before = kept && kept < (uint64_t)now ? now - (int64_t)kept : 0;

	if (level < HISTORY_MONTH && before > marks[level + 1].closed)
		before = marks[level + 1].closed;
	return before > 0 ? calendar_start(unit_of(level), before) : 0;
}

static bool is_late(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > begun->tv_sec + SECONDS_AT_ONCE;
}

/* The oldest unit of the level, if it ends by `limit`: *done says that there is none. */
static int delete_oldest(struct history *history, enum history_level level, int64_t limit,
			 bool *done)
{
	struct deletion deletion = {.level = level};
	int64_t oldest;
	int err = bin_next(history, level, 0, &oldest);

	*done = true;
	if (err || oldest >= limit)
		return err;
	deletion.before = calendar_end(unit_of(level), oldest);
	if (deletion.before > limit)
		return 0;
	*done = false;
	return database_write(history, delete_bins, &deletion);
}

static int retain_bins(struct history *history, const struct level_mark *marks,
		       const struct timespec *begun)
{
	enum history_level level;
	int64_t limit;
	bool done;
	int err = 0;

	for (level = HISTORY_5MIN; !err && level < HISTORY_LEVELS; level++) {
		limit = stays_from(history, marks, level);
		for (done = false; !err && !done && !is_late(begun);)
			err = delete_oldest(history, level, limit, &done);
	}
	return err;
}

static uint64_t series_kept(const struct history *history, enum history_level level)
{
	uint64_t kept = history->settings.retention[level];

	if (kept && kept < SERIES_KEPT && level > HISTORY_MINUTE)
		return SERIES_KEPT;
	return kept;
}

static int delete_series(struct history *history, void *argument)
{
	int64_t now = clock_seconds(history);
	enum history_level level;
	uint64_t kept;
	int err = 0;

	(void)argument;
	for (level = HISTORY_MINUTE; !err && level < HISTORY_LEVELS; level++) {
		kept = series_kept(history, level);
		if (kept && kept < (uint64_t)now)
			err = series_delete(history, level, now - (int64_t)kept);
	}
	return err;
}

/* Once an hour is often enough. */
static int retain_series(struct history *history)
{
	int64_t hour = clock_seconds(history) / 3600;
	int err;

	if (history->swept == hour)
		return 0;
	err = database_write(history, delete_series, NULL);
	if (!err)
		history->swept = hour;
	return err;
}

struct size {
	int64_t page, pages, unused;
};

static int size_of(struct history *history, struct size *ret)
{
	int err = database_pragma(history, "PRAGMA page_size", &ret->page);

	if (!err)
		err = database_pragma(history, "PRAGMA page_count", &ret->pages);
	if (!err)
		err = database_pragma(history, "PRAGMA freelist_count", &ret->unused);
	return err;
}

static bool is_too_big(const struct history *history, const struct size *size)
{
	return history->settings.max_size &&
	       (uint64_t)((size->pages - size->unused) * size->page) > history->settings.max_size;
}

static int bound_size(struct history *history, const struct level_mark *marks,
		      const struct timespec *begun, struct size *size)
{
	enum history_level level = HISTORY_5MIN;
	bool done;
	int err = size_of(history, size);

	while (!err && is_too_big(history, size) && level < HISTORY_MONTH && !is_late(begun)) {
		err = delete_oldest(history, level,
				    calendar_start(unit_of(level), marks[level + 1].closed), &done);
		if (!err && done)
			level++;
		else if (!err)
			err = size_of(history, size);
	}
	return err;
}

/*
 * Pages that the journal leaves are soon used again: only what is beyond
 * max_size goes back at once, or what is out of proportion.
 */
static int give_back(struct history *history, const struct size *size)
{
	uint64_t most = history->settings.max_size / (uint64_t)size->page;
	int64_t pages = size->unused - FREE_PAGES_KEPT - size->pages / 4;
	char sql[64];

	if (most && (uint64_t)size->pages > most && size->pages - (int64_t)most > pages)
		pages = size->pages - (int64_t)most;
	if (pages > size->unused)
		pages = size->unused;
	if (pages <= 0)
		return 0;
	snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)",
		 pages < PAGES_AT_ONCE ? (int)pages : PAGES_AT_ONCE);
	return database_execute(history, sql);
}

int bins_retain(struct history *history)
{
	struct level_mark marks[HISTORY_LEVELS];
	struct timespec begun;
	struct size size;
	int err = level_marks(history, marks);

	clock_gettime(CLOCK_MONOTONIC, &begun);
	if (!err)
		err = retain_bins(history, marks, &begun);
	if (!err)
		err = retain_series(history);
	if (!err)
		err = bound_size(history, marks, &begun, &size);
	return err ? err : give_back(history, &size);
}

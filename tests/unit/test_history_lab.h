/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A history in a folder of its own, with clocks that stand still unless told. */
#ifndef TEST_HISTORY_LAB_H
#define TEST_HISTORY_LAB_H

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "../../src/history/calendar.h"
#include "../../src/history/database.h"
#include "sample.h"

#define LAB_UUID "5d3c9a66-7c6f-4b5e-9f3e-0a1b2c3d4e5f"
#define LAB_NOON 1795348800ll /* 2026-11-22T12:00:00Z */
#define LAB_TICKS_PER_SECOND 4 /* hz 256, 64 jiffies a tick */

struct lab {
	char folder[64], path[96];
	struct history *history;
	struct history_settings settings;
	struct history_error why, set_aside;
	int64_t boot, offset; /* ns: CLOCK_BOOTTIME, and what CLOCK_REALTIME is ahead of it */
	int64_t drained; /* CLOCK_BOOTTIME ns */
	uint32_t generation;
};

static inline uint64_t lab_now(void *context, clockid_t clock)
{
	const struct lab *lab = context;

	return (uint64_t)(lab->boot + (clock == CLOCK_REALTIME ? lab->offset : 0));
}

static inline int64_t lab_seconds(const struct lab *lab)
{
	return (lab->boot + lab->offset) / SECOND;
}

static inline void lab_open(struct lab *lab)
{
	assert_int_equal(history_open(lab->path, &lab->settings, &lab->history, &lab->set_aside,
				      &lab->why),
			 0);
	if (!lab->history)
		abort();
	lab->history->clock = (struct history_clock){lab_now, lab};
	/* No power cut is tested here: thousands of commits need not reach the disk. */
	assert_int_equal(database_execute(lab->history, "PRAGMA synchronous = OFF"), 0);
}

/* As if the process were killed: the lock goes, the mark that it was open stays. */
static inline void lab_kill(struct lab *lab)
{
	if (!lab->history)
		abort();
	close(lab->history->lock);
	lab->history->lock = -1;
}

static inline void lab_close(struct lab *lab)
{
	history_close(lab->history);
	lab->history = NULL;
}

/* Booted 1000 s ago; it is noon. Zones are UTC. */
static inline void lab_begin(struct lab *lab)
{
	*lab = (struct lab){.settings = history_defaults, .boot = 1000 * SECOND};
	lab->offset = LAB_NOON * SECOND - lab->boot;
	lab->drained = lab->boot;
	setenv("TZ", "UTC", 1);
	tzset();
	snprintf(lab->folder, sizeof(lab->folder), "%s/netacct-history-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(lab->folder));
	snprintf(lab->path, sizeof(lab->path), "%s/history.db", lab->folder);
}

static inline void lab_end(struct lab *lab)
{
	const struct dirent *entry;
	char path[400];
	DIR *folder;

	lab_close(lab);
	folder = opendir(lab->folder);
	while (folder && (entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s", lab->folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (folder)
		closedir(folder);
	rmdir(lab->folder);
}

static inline void lab_pass(struct lab *lab, int64_t seconds)
{
	lab->boot += seconds * SECOND;
}

/* A record of 10.0.x.y and 192.0.2.1, seen a second ago and now. */
static inline struct flow_record lab_record(const struct lab *lab, uint32_t host, uint64_t rx_bytes,
					    uint64_t tx_bytes)
{
	struct flow_record record =
		sample_record(sample_key("10.0.0.0", "192.0.2.1", 6, 0, 0), rx_bytes, tx_bytes);

	record.key.local[3] = htonl(0x0a000000 + host);
	record.last_seen = (uint32_t)(lab->boot / SECOND * LAB_TICKS_PER_SECOND);
	record.first_seen = record.last_seen - LAB_TICKS_PER_SECOND;
	return record;
}

static inline struct reading lab_reading(const struct lab *lab, const char *id, uint32_t owner,
					 struct flow_record *records, size_t count)
{
	struct reading reading = {.owner = owner,
				  .attached_at = 42,
				  .key = NA_KEY_HOST_PAIR,
				  .records = records,
				  .count = count};

	reading.id = (char *)id;
	reading.interface = (char *)"eth0";
	reading.time_base.hz = 256;
	reading.time_base.realtime_minus_monotonic = (uint64_t)lab->offset;
	return reading;
}

static inline int lab_try_store(struct lab *lab, const struct reading *readings, size_t count)
{
	struct history_drain drain = {.uuid = LAB_UUID,
				      .generation = lab->generation + 1,
				      .from = (uint64_t)lab->drained,
				      .to = (uint64_t)lab->boot,
				      .readings = readings,
				      .count = count};
	int err = history_store(lab->history, &drain, &lab->why);

	if (!err) {
		lab->generation++;
		lab->drained = lab->boot;
	}
	return err;
}

/* The generation that comes next: records of host--eth0. */
static inline void lab_store(struct lab *lab, struct flow_record *records, size_t count)
{
	struct reading reading = lab_reading(lab, "host--eth0", 0, records, count);

	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
}

static inline void lab_maintain(struct lab *lab, bool all)
{
	assert_int_equal(history_maintain(lab->history, all, &lab->why), 0);
}

struct lab_sum {
	struct na_count rx, tx;
	size_t rows, others, minutes; /* minutes: rows of 5-minute bins */
};

static inline int lab_add(void *context, const struct history_row *row)
{
	struct lab_sum *sum = context;

	na_count_add(&sum->rx, row->rx);
	na_count_add(&sum->tx, row->tx);
	sum->rows++;
	sum->others += !row->key;
	sum->minutes += row->level == HISTORY_5MIN;
	return 0;
}

static inline struct lab_sum lab_rows(struct lab *lab, int64_t since, int64_t until,
				      enum history_level coarsest)
{
	struct lab_sum sum = {0};

	assert_int_equal(history_rows(lab->history, since, until, coarsest, UINT32_MAX, lab_add,
				      &sum, &lab->why),
			 0);
	return sum;
}

static inline int64_t lab_number(struct lab *lab, const char *sql)
{
	int64_t number = -1;

	assert_int_equal(database_pragma(lab->history, sql, &number), 0);
	return number;
}

/* The bytes of a level's bins, all sources. */
static inline uint64_t lab_level_bytes(struct lab *lab, enum history_level level)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		 "SELECT ifnull(sum(rx_bytes + tx_bytes), 0) FROM bin WHERE level = %d", level);
	return (uint64_t)lab_number(lab, sql);
}

#define LAB_TEST(name)                          \
	static void name##_in(struct lab *lab); \
	static void name(void **state)          \
	{                                       \
		struct lab lab;                 \
                                                \
		(void)state;                    \
		lab_begin(&lab);                \
		lab_open(&lab);                 \
		name##_in(&lab);                \
		lab_end(&lab);                  \
	}                                       \
	static void name##_in(struct lab *lab)

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cumulative figures as readings, for the files and for the console. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files_state.h"

/* A tick of these tables: 64 jiffies at 64 Hz, rounded to where it began when it is shown. */
static const struct time_base seconds_base = {.realtime_minus_monotonic = 0 - NANOSECONDS / 2,
					      .hz = 64};

void files_add_buckets(struct na_count to[NA_BUCKETS][NA_DIRECTIONS],
		       const struct na_count from[NA_BUCKETS][NA_DIRECTIONS])
{
	int bucket, direction;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++)
			na_count_add(&to[bucket][direction], from[bucket][direction]);
}

int files_fill(const struct cumulative *source, bool delta, struct reading *ret)
{
	struct record_table *table = delta ? source->delta : source->table;
	size_t count = record_table_count(table);
	struct reading reading = source->reading;
	struct na_count *collected = reading.balance.collected;

	reading.records = malloc((count + 1) * sizeof(*reading.records));
	if (!reading.records)
		return -ENOMEM;
	memcpy(reading.records, record_table_records(table), count * sizeof(*reading.records));
	reading.count = reading.shown = count;
	reading.time_base = seconds_base;
	if (delta)
		reading.since = source->delta_since;
	files_add_buckets(reading.balance.bucket, source->reading.earlier);
	memset(collected, 0, sizeof(reading.balance.collected));
	if (!delta)
		records_sum(reading.records, count, collected);
	*ret = reading;
	return 0;
}

static void drop_shown(struct files *files)
{
	free(files->shown);
	files->shown = NULL;
}

/* No copies of the records: the console sorts its own. */
const struct reading *files_readings(struct files *files, size_t instance, size_t *ret_count)
{
	size_t count = 0, i;

	drop_shown(files);
	*ret_count = 0;
	files->shown = calloc(files->count + 1, sizeof(*files->shown));
	for (i = 0; files->shown && i < files->count; i++) {
		struct cumulative *source = &files->sources[i];
		struct reading *shown = &files->shown[count];

		if (source->instance != instance || !source->begun)
			continue;
		*shown = source->reading;
		shown->time_base = seconds_base;
		shown->records = record_table_records(source->table);
		shown->count = shown->shown = record_table_count(source->table);
		files_add_buckets(shown->balance.bucket, source->reading.earlier);
		count++;
	}
	*ret_count = files->shown ? count : 0;
	return files->shown;
}

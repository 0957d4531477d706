// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

#include "crew.h"
#include "stream.h"

static int merge_coarse(struct record_table *table, const struct flow_record *records, size_t count,
			enum na_key_kind to)
{
	struct flow_record coarse;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < count; i++) {
		coarse = records[i];
		key_coarsen(&coarse.key, to);
		err = record_table_merge(table, &coarse);
	}
	return err;
}

int records_aggregate(const struct flow_record *records, size_t count, enum na_key_kind from,
		      enum na_key_kind to, struct flow_record **ret, size_t *ret_count)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	int err;

	if (!key_kind_covers(from, to))
		return -EINVAL;
	err = record_table_new(&table, 0);
	if (!err)
		err = merge_coarse(table, records, count, to);
	if (err)
		return err;
	*ret = record_table_take(table, ret_count);
	return 0;
}

#define AGGREGATORS_MAX 4

/*
 * One of the threads that read a stream: parts that follow each other, so that
 * the groups are in the order in which one thread alone would meet them.
 */
struct aggregator {
	const struct record_stream *stream;
	size_t part, end; /* the first of its parts, and the one behind them */
	struct record_table *table; /* owned */
	pthread_t thread;
	bool running;
	enum na_key_kind to;
	int err;
};

static void *aggregate_parts(void *argument)
{
	struct aggregator *aggregator = argument;
	_cleanup_free_ struct flow_record *records = malloc(STREAM_PART * sizeof(*records));
	int err = records ? record_table_new(&aggregator->table, 0) : -ENOMEM;
	size_t part, count;

	for (part = aggregator->part; !err && part < aggregator->end; part++) {
		count = aggregator->stream->read_split(aggregator->stream, part, records);
		err = merge_coarse(aggregator->table, records, count, aggregator->to);
	}
	aggregator->err = err;
	return NULL;
}

/* The caller does what no thread can be had for, too. */
static void aggregate_all(struct aggregator *aggregators, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		aggregators[i].running =
			crew_start(&aggregators[i].thread, aggregate_parts, &aggregators[i]);
	for (i = 0; i < count; i++)
		if (!aggregators[i].running)
			aggregate_parts(&aggregators[i]);
	for (i = 1; i < count; i++)
		if (aggregators[i].running)
			pthread_join(aggregators[i].thread, NULL);
}

/* Into the first one's table. */
static int gather(struct aggregator *aggregators)
{
	size_t i;
	int err = aggregators[0].err;

	for (i = 1; i < AGGREGATORS_MAX && !err; i++) {
		struct record_table *table = aggregators[i].table;

		err = aggregators[i].err;
		if (table && !err)
			err = merge_coarse(aggregators[0].table, record_table_records(table),
					   record_table_count(table), aggregators[0].to);
	}
	return err;
}

int stream_aggregate(const struct record_stream *stream, enum na_key_kind from, enum na_key_kind to,
		     struct flow_record **ret, size_t *ret_count)
{
	struct aggregator aggregators[AGGREGATORS_MAX] = {};
	size_t count = crew_size(AGGREGATORS_MAX), i;
	int err;

	if (!key_kind_covers(from, to))
		return -EINVAL;
	for (i = 0; i < count; i++)
		aggregators[i] = (struct aggregator){
			.stream = stream,
			.part = stream->parts * i / count,
			.end = stream->parts * (i + 1) / count,
			.to = to,
		};
	aggregate_all(aggregators, count);
	err = gather(aggregators);
	if (!err)
		err = stream->check(stream);
	if (!err)
		*ret = record_table_take(aggregators[0].table, ret_count);
	for (i = 0; i < AGGREGATORS_MAX; i++)
		record_table_free(aggregators[i].table);
	return err;
}

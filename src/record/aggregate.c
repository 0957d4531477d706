// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

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

int stream_aggregate(const struct record_stream *stream, enum na_key_kind from, enum na_key_kind to,
		     struct flow_record **ret, size_t *ret_count)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	_cleanup_free_ struct flow_record *records = NULL;
	size_t part, count;
	int err;

	if (!key_kind_covers(from, to))
		return -EINVAL;
	records = malloc(STREAM_PART * sizeof(*records));
	if (!records)
		return -ENOMEM;
	err = record_table_new(&table, 0);
	for (part = 0; !err && part < stream->parts; part++) {
		count = stream->read_split(stream, part, records);
		err = merge_coarse(table, records, count, to);
	}
	if (!err)
		err = stream->check(stream);
	if (err)
		return err;
	*ret = record_table_take(table, ret_count);
	return 0;
}

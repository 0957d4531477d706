// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "sort.h"

#define SORT_DEFAULT "total_bytes"

const char *output_sort_fields(void)
{
	return "source_ip, destination_ip, source_port, destination_port, protocol, service, "
	       "rx_packets, rx_bytes, tx_packets, tx_bytes, total_bytes, first_seen, "
	       "last_updated, tcp_flags, fragment";
}

static int aggregate(struct reading *reading, enum na_key_kind by)
{
	struct flow_record *records;
	size_t count;
	int err;

	if (reading->key == by)
		return 0;
	if (reading->stream)
		err = stream_aggregate(reading->stream, reading->key, by, &records, &count);
	else
		err = records_aggregate(reading->records, reading->count, reading->key, by,
					&records, &count);
	if (err)
		return err;
	if (reading->stream)
		reading->stream->close(reading->stream);
	reading->stream = NULL;
	free(reading->records);
	reading->records = records;
	reading->count = count;
	reading->key = by;
	return 0;
}

static int order(struct reading *reading, const struct column *column, size_t top)
{
	_cleanup_services_ struct services *services = NULL;
	struct column_context context;

	/* Only of a flow's ports are names known; without the file there are none. */
	if (!strcmp(column->name, "service") && services_load(SERVICES_FILE, &services) == -ENOMEM)
		return -ENOMEM;
	column_context_init(&context, reading, services);
	return records_sort(reading->records, reading->count, top, column, &context);
}

static int select_records(struct reading *reading, const struct selection *selection,
			  const struct column *column)
{
	int err = selection->by_set ? aggregate(reading, selection->by) : 0;

	if (!err && !selection->any_order)
		err = reading_collect(reading);
	if (!err && !selection->any_order)
		err = order(reading, column, selection->top);
	reading->shown = reading->count;
	if (selection->top && selection->top < reading->count)
		reading->shown = selection->top;
	return err;
}

/* Nothing is changed before everything is known to be possible. */
static int check(const struct reading *readings, size_t count, const struct selection *selection,
		 const struct column *column, char why[static 256])
{
	enum na_key_kind kind;
	size_t i;

	for (i = 0; i < count; i++) {
		kind = selection->by_set ? selection->by : readings[i].key;
		if (!key_kind_covers(readings[i].key, kind)) {
			snprintf(why, 256, "the key %s cannot be told from records by %s",
				 key_kind_name(kind), key_kind_name(readings[i].key));
			return -EINVAL;
		}
		if (!column_in(column, kind)) {
			snprintf(why, 256, "records by %s have no field %s", key_kind_name(kind),
				 column->name);
			return -EINVAL;
		}
	}
	return 0;
}

int output_select(struct reading *readings, size_t count, const struct selection *selection,
		  char why[static 256])
{
	const char *sort = selection->sort ? selection->sort : SORT_DEFAULT;
	const struct column *column = column_find(sort);
	size_t i;
	int err;

	if (!column) {
		snprintf(why, 256, "no field %.40s; there are %s", sort, output_sort_fields());
		return -EINVAL;
	}
	err = check(readings, count, selection, column, why);
	for (i = 0; !err && i < count; i++)
		err = select_records(&readings[i], selection, column);
	return err;
}

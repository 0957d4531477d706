// SPDX-License-Identifier: GPL-2.0-or-later
#include "reading.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

void reading_clear(struct reading *reading)
{
	free(reading->id);
	free(reading->tag);
	free(reading->interface);
	free(reading->namespace);
	free(reading->cgroup);
	if (reading->stream)
		reading->stream->close(reading->stream);
	free(reading->records);
	memset(reading, 0, sizeof(*reading));
}

void readings_free(struct reading *readings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		reading_clear(&readings[i]);
	free(readings);
}

/* Always with room for a whole part more. */
static int make_room(struct flow_record **records, size_t count, size_t *room)
{
	struct flow_record *grown;

	if (*records && *room - count >= STREAM_PART)
		return 0;
	*room += *room / 2 + STREAM_PART;
	grown = reallocarray(*records, *room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*records = grown;
	return 0;
}

int reading_collect(struct reading *reading)
{
	_cleanup_free_ struct flow_record *records = NULL;
	const struct record_stream *stream = reading->stream;
	size_t count = 0, part, room;
	int err = 0;

	if (!stream)
		return 0;
	room = stream->room;
	for (part = 0; !err && part < stream->parts; part++) {
		err = make_room(&records, count, &room);
		if (!err)
			count += stream->read(stream, part, records + count);
	}
	if (!err)
		err = stream->check(stream);
	if (err)
		return err;
	reading->stream->close(reading->stream);
	reading->stream = NULL;
	reading->records = TAKE_PTR(records);
	reading->count = count;
	reading->shown = count;
	return 0;
}

static uint64_t distance(uint64_t left, uint64_t right)
{
	return left > right ? left - right : right - left;
}

int64_t balance_difference(const struct balance *balance)
{
	uint64_t difference = 0, packets, bytes;
	int direction, bucket;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		packets = 0;
		bytes = 0;
		for (bucket = NA_SEEN + 1; bucket < NA_BUCKETS; bucket++) {
			packets += balance->bucket[bucket][direction].packets;
			bytes += balance->bucket[bucket][direction].bytes;
		}
		difference += distance(balance->bucket[NA_SEEN][direction].packets, packets);
		difference += distance(balance->bucket[NA_SEEN][direction].bytes, bytes);
	}
	return difference > INT64_MAX ? INT64_MAX : (int64_t)difference;
}

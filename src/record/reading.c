// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "reading.h"

void reading_clear(struct reading *reading)
{
	free(reading->id);
	free(reading->tag);
	free(reading->interface);
	free(reading->namespace);
	free(reading->cgroup);
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

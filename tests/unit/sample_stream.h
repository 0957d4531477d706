/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams of records, and large readings to make them of. */
#ifndef SAMPLE_STREAM_H
#define SAMPLE_STREAM_H

#include <errno.h>

#include "sample.h"

/* Parts of changing size, every fifth one empty. */
struct sample_stream {
	struct record_stream stream; /* first: what it is known by */
	struct flow_record *records; /* owned */
	size_t count;
	size_t checks; /* so many succeed; counted down from any thread */
	int *closed; /* raised at close; NULL: nobody asks */
};

static inline size_t sample_part(size_t part)
{
	return part % 5 ? 1 + part * 37 % STREAM_PART : 0;
}

static inline size_t sample_stream_read(const struct record_stream *stream, size_t part,
					struct flow_record ret[static STREAM_PART])
{
	const struct sample_stream *sample = (const void *)stream;
	size_t first = 0, i, count = sample_part(part);

	for (i = 0; i < part; i++)
		first += sample_part(i);
	if (count > sample->count - first)
		count = sample->count - first;
	memcpy(ret, sample->records + first, count * sizeof(*ret));
	return count;
}

static inline int sample_stream_check(const struct record_stream *stream)
{
	struct sample_stream *sample = (void *)(uintptr_t)stream;
	size_t left = __atomic_load_n(&sample->checks, __ATOMIC_RELAXED);

	if (!left)
		return -ESTALE;
	__atomic_store_n(&sample->checks, left - 1, __ATOMIC_RELAXED);
	return 0;
}

static inline void sample_stream_close(struct record_stream *stream)
{
	struct sample_stream *sample = (void *)stream;

	if (sample->closed)
		++*sample->closed;
	free(sample->records);
	free(sample);
}

/* Moves the records of a reading from its array into a stream. */
static inline struct sample_stream *sample_to_stream(struct reading *reading)
{
	struct sample_stream *sample = calloc(1, sizeof(*sample));
	size_t parts = 0, room = 0;

	assert_non_null(sample);
	while (room < reading->count)
		room += sample_part(parts++);
	*sample = (struct sample_stream){
		.stream = {.parts = parts + 1, /* the last one is empty, or another part of five */
			   .room = reading->count,
			   .read = sample_stream_read,
			   .read_split = sample_stream_read,
			   .check = sample_stream_check,
			   .close = sample_stream_close},
		.records = reading->records,
		.count = reading->count,
		.checks = SIZE_MAX,
	};
	if (sample_part(parts))
		sample->stream.parts = parts;
	reading->records = NULL;
	reading->count = 0;
	reading->shown = 0;
	reading->stream = &sample->stream;
	return sample;
}

/* Of all kinds of addresses, protocols, figures and flags; no two keys are equal. */
static inline struct reading sample_many(enum na_key_kind kind, size_t count)
{
	struct flow_record *records = calloc(count + 1, sizeof(*records)), *record;
	struct reading reading;
	size_t i;

	assert_non_null(records);
	for (i = 0; i < count; i++) {
		record = &records[i];
		record->key.what = NA_WHAT_SET | (i % 3 ? 6 : 17);
		if (i % 4) {
			record->key.what |= NA_WHAT_IPV4;
			record->key.local[2] = htonl(0xffff);
			record->key.remote[2] = htonl(0xffff);
		} else {
			record->key.local[0] = htonl(0x20010db8);
			record->key.remote[0] = (uint32_t)(i / 8 * 2654435761u);
		}
		record->key.local[3] = (uint32_t)(i % 300);
		record->key.remote[3] = (uint32_t)(i % 7000 * 2246822519u);
		record->key.local_port = (uint16_t)(i % 50000);
		record->key.remote_port = (uint16_t)(i / 50000 + 22);
		record->rx = (struct na_count){i, i * i * i};
		record->tx = (struct na_count){i % 97, UINT64_C(123456789) << i % 32};
		record->first_seen = (uint32_t)(i % 333);
		record->last_seen = (uint32_t)(i % 333 + i % 77);
		record->tcp_flags = (uint8_t)(i % 3 ? i : 0);
		if (!(i % 1001))
			record->key.what |= NA_WHAT_FRAGMENT;
	}
	reading = sample_reading(kind, records, count);
	free(records);
	return reading;
}

#endif

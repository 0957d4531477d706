// SPDX-License-Identifier: GPL-2.0-or-later
#include "books.h"

#include <bpf/bpf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "../../src/meter/read.h"
#include "die.h"

static void open_meters(struct meter_list *ret)
{
	struct fault fault = {};

	if (meter_list(ret, &fault))
		die("%s", fault.text);
	if (ret->broken)
		die("%s", ret->fault.text);
}

static void add(const struct reading *reading, struct books *books)
{
	struct na_count sum[NA_DIRECTIONS] = {};
	int bucket, direction;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++)
			na_count_add(&books->bucket[bucket][direction],
				     reading->balance.bucket[bucket][direction]);
	records_sum(reading->records, reading->count, sum);
	for (direction = 0; direction < NA_DIRECTIONS; direction++)
		na_count_add(&books->records[direction], sum[direction]);
	books->spilled += reading->balance.spilled;
	books->flows += reading->count;
}

void books_read(struct books *ret)
{
	struct meter_list list = {};
	struct fault fault = {};
	struct reading *readings;
	size_t i, j, count;

	memset(ret, 0, sizeof(*ret));
	open_meters(&list);
	for (i = 0; i < list.count; i++) {
		if (meter_read(&list.meters[i], READ_WHOLE, &readings, &count, &fault))
			die("%s", fault.text);
		for (j = 0; j < count; j++)
			add(&readings[j], ret);
		readings_free(readings, count);
	}
	meter_list_clear(&list);
}

static void compare(const char *what, struct na_count expected, struct na_count got)
{
	if (expected.packets != got.packets || expected.bytes != got.bytes)
		die("the books do not balance: %s %" PRIu64 " packets, %" PRIu64
		    " bytes, not %" PRIu64 ", %" PRIu64,
		    what, (uint64_t)got.packets, (uint64_t)got.bytes, (uint64_t)expected.packets,
		    (uint64_t)expected.bytes);
}

void books_balance(const struct books *books)
{
	int direction, bucket;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		struct na_count sum = {};

		for (bucket = NA_SEEN + 1; bucket < NA_BUCKETS; bucket++)
			na_count_add(&sum, books->bucket[bucket][direction]);
		compare("the buckets have", books->bucket[NA_SEEN][direction], sum);
		compare("the records have", books->bucket[NA_ACCOUNTED][direction],
			books->records[direction]);
	}
}

/* Members of a group that are in one namespace share their programs. */
static bool met_before(const struct meter *meter, uint32_t source, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < source; i++)
		if (meter->sources[i].in.prog_id == id || meter->sources[i].eg.prog_id == id)
			return true;
	return false;
}

typedef void program_function(int fd, void *context);

static void each_program(const struct meter *meter, program_function *function, void *context)
{
	uint32_t i, j;

	for (i = 0; i < meter->meta.sources; i++) {
		const struct na_source *source = &meter->sources[i];
		const uint32_t ids[] = {source->in.prog_id, source->eg.prog_id};

		for (j = 0; j < ARRAY_SIZE(ids) && source_counts(source); j++) {
			_cleanup_close_ int fd = -1;

			if (met_before(meter, i, ids[j]))
				continue;
			fd = bpf_prog_get_fd_by_id(ids[j]);
			if (fd < 0)
				die("program %u: %s", ids[j], strerror(errno));
			function(fd, context);
		}
	}
}

static void add_memory(int fd, void *context)
{
	*(uint64_t *)context += layout_fd_memory(fd);
}

void books_memory(struct books_memory *ret)
{
	struct meter_list list = {};
	size_t i;

	open_meters(&list);
	*ret = (struct books_memory){.meters = list.count};
	for (i = 0; i < list.count; i++) {
		ret->maps += layout_memory(list.meters[i].maps);
		each_program(&list.meters[i], add_memory, &ret->programs);
	}
	meter_list_clear(&list);
}

static void add_runs(int fd, void *context)
{
	struct books_runs *runs = context;
	struct bpf_prog_info info = {};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		die("what a program has run: %s", strerror(errno));
	runs->time += info.run_time_ns;
	runs->count += info.run_cnt;
}

void books_runs(struct books_runs *ret)
{
	struct meter_list list = {};
	size_t i;

	*ret = (struct books_runs){};
	open_meters(&list);
	for (i = 0; i < list.count; i++)
		each_program(&list.meters[i], add_runs, ret);
	meter_list_clear(&list);
}

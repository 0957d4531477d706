/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "read.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "drain.h"
#include "fill.h"
#include "hot.h"
#include "hot_stream.h"
#include "scan.h"
#include "taken.h"

#define READ_TRIES 100

/* Records on their way from one table in the kernel to one per source. */
struct sorting {
	uint32_t sources;
	struct record_table **tables; /* owned, an entry a source */
};

static void cleanup_sorting(struct sorting *sorting)
{
	uint32_t i;

	for (i = 0; sorting->tables && i < sorting->sources; i++)
		record_table_free(sorting->tables[i]);
	free(sorting->tables);
}
#define _cleanup_sorting_ __attribute__((cleanup(cleanup_sorting)))

static int sort_record(void *context, const struct scanned *record)
{
	struct sorting *sorting = context;
	uint32_t source = record->key->what >> NA_WHAT_OWNER_SHIFT;
	int error;

	if (source >= sorting->sources)
		return 0;
	if (!sorting->tables[source]) {
		error = record_table_new(&sorting->tables[source], 0);
		if (error)
			return error;
	}
	return record_table_add(sorting->tables[source], record->key, record->count,
				record->first_seen, record->last_seen, record->tcp_flags);
}

static int64_t apart(uint64_t a, uint64_t b)
{
	return (int64_t)(a > b ? a - b : b - a);
}

/* Nothing counts there any more: both equations can be judged on all of it. */
static void judge_departed(struct reading *reading)
{
	struct balance *balance = &reading->balance;
	struct na_count sum[NA_DIRECTIONS] = {};
	int64_t difference = balance_difference(balance);
	int direction;

	records_sum(reading->records, reading->count, sum);
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		const struct na_count *handed = &balance->handed_out[direction];
		const struct na_count *collected = &balance->collected[direction];
		const struct na_count *books = &balance->bucket[NA_ACCOUNTED][direction];

		difference += apart(books->packets,
				    sum[direction].packets + handed->packets + collected->packets);
		difference += apart(books->bytes,
				    sum[direction].bytes + handed->bytes + collected->bytes);
	}
	balance->judged = true;
	balance->difference = difference;
}

static bool shown(const struct na_source *source)
{
	return source->state == NA_SOURCE_LIVE || source->state == NA_SOURCE_DETACHING ||
	       source->state == NA_SOURCE_DEPARTED;
}

/* What is read, and how. */
struct reading_plan {
	const struct meter *meter;
	const struct na_control *control;
	bool whole; /* all records in the kernel, not one generation's */
	int streamed; /* a half whose hot table is not read into memory; -1: none */
};

/* The half with most records, if they are many, and those of one source that still counts. */
static int half_to_stream(const struct meter *meter, const struct na_control *control,
			  enum read_how how, bool whole)
{
	uint32_t half = whole ? control->active : !control->active, count, i;

	if (how != READ_STREAMS || meter_sources_used(meter) != 1)
		return -1;
	if (!whole && !(control->flags & NA_CTL_FROZEN))
		return -1;
	for (i = 0; i < meter->meta.sources && whole; i++)
		if (meter->sources[i].state == NA_SOURCE_DEPARTED)
			return -1;
	if (hot_count(meter, half, &count) || count < HOT_STREAM_MIN)
		return -1;
	return (int)half;
}

/* The records of one source: from its table, or in a stream that takes it over. */
static int take_records(const struct reading_plan *plan, struct record_table **table,
			struct reading *reading, struct fault *fault)
{
	int error;

	if (plan->streamed < 0) {
		if (*table)
			reading->records = record_table_take(*table, &reading->count);
		reading->shown = reading->count;
		return 0;
	}
	error = hot_stream_open(plan->meter, (uint32_t)plan->streamed,
				plan->whole ? plan->control : NULL, *table, &reading->stream);
	if (error)
		return fault_errno(fault, error, "cannot map the flow table");
	*table = NULL;
	return 0;
}

static int build(const struct reading_plan *plan, struct sorting *sorting, struct reading **ret,
		 size_t *ret_count, struct fault *fault)
{
	const struct meter *meter = plan->meter;
	struct reading *readings = calloc(meter->meta.sources, sizeof(*readings));
	_cleanup_free_ struct na_taken *taken = NULL;
	size_t count = 0;
	uint32_t i;
	int error;

	if (!readings)
		return fault_errno(fault, -ENOMEM, "its readings");
	error = taken_load(meter, plan->control, &taken, fault);
	for (i = 0; i < meter->meta.sources && !error; i++) {
		struct reading *reading = &readings[count];

		if (!shown(&meter->sources[i]))
			continue;
		count++;
		error = fill_reading(meter, plan->control, taken, i, reading, fault);
		if (!error)
			error = take_records(plan, &sorting->tables[i], reading, fault);
		if (!error && !reading->live && plan->whole)
			judge_departed(reading);
	}
	if (error) {
		readings_free(readings, count);
		return error;
	}
	*ret = readings;
	*ret_count = count;
	return 0;
}

/* Generations up to this are not wanted; -1: all are. */
typedef int64_t stored_generation;

/* A half, or where its hot table is streamed the rest of it. */
static int scan_into(const struct reading_plan *plan, uint32_t half, struct sorting *sorting,
		     struct fault *fault)
{
	if (plan->streamed == (int)half)
		return scan_spill(plan->meter, half, sort_record, sorting, fault);
	return scan_half(plan->meter, half, sort_record, sorting, fault);
}

static int scan_all(const struct reading_plan *plan, stored_generation stored,
		    struct sorting *sorting, struct fault *fault)
{
	const struct na_control *control = plan->control;
	bool known = control->flags & NA_CTL_DRAINING && control->generation <= stored;
	/* what is booked as taken is no longer a record, zeroed or not */
	bool idle = !(control->flags & NA_CTL_TAKEN) && !(known && control->flags & NA_CTL_FROZEN);
	int error = 0;

	if (!known)
		error = scan_carry(plan->meter, control, sort_record, sorting, fault);
	if (!error)
		error = scan_into(plan, control->active, sorting, fault);
	if (!error && idle)
		error = scan_into(plan, !control->active, sorting, fault);
	return error;
}

static int new_sorting(const struct meter *meter, struct sorting *sorting, struct fault *fault)
{
	sorting->sources = meter->meta.sources;
	sorting->tables = calloc(sorting->sources, sizeof(struct record_table *));
	return sorting->tables ? 0 : fault_errno(fault, -ENOMEM, "its records");
}

static int read_once(const struct meter *meter, const struct na_control *control, enum read_how how,
		     stored_generation stored, struct reading **ret, size_t *ret_count,
		     struct fault *fault)
{
	const struct reading_plan plan = {meter, control, stored < 0,
					  half_to_stream(meter, control, how, true)};
	_cleanup_sorting_ struct sorting sorting = {};
	int error = new_sorting(meter, &sorting, fault);

	if (!error)
		error = scan_all(&plan, stored, &sorting, fault);
	if (!error)
		error = build(&plan, &sorting, ret, ret_count, fault);
	return error;
}

static int read_all(const struct meter *meter, enum read_how how, stored_generation stored,
		    struct reading **ret, size_t *ret_count, struct fault *fault)
{
	struct na_control before, after;
	struct reading *readings = NULL;
	size_t count = 0;
	int error, failure, try;

	for (try = 0; try < READ_TRIES; try++) {
		error = meter_control(meter, &before, fault);
		if (error)
			return error;
		/* a carry that goes while it is read fails, and is read again */
		failure = read_once(meter, &before, how, stored, &readings, &count, fault);
		error = meter_control(meter, &after, fault);
		if (!error && before.sequence == after.sequence) {
			if (failure)
				return failure;
			*ret = readings;
			*ret_count = count;
			return 0;
		}
		if (!failure)
			readings_free(readings, count);
		if (error)
			return error;
	}
	return fault_set(fault, -EAGAIN, "it is drained faster than it can be read");
}

int meter_read(const struct meter *meter, enum read_how how, struct reading **ret,
	       size_t *ret_count, struct fault *fault)
{
	return read_all(meter, how, -1, ret, ret_count, fault);
}

int meter_read_beyond(const struct meter *meter, uint32_t stored, struct reading **ret,
		      size_t *ret_count, struct fault *fault)
{
	return read_all(meter, READ_WHOLE, stored, ret, ret_count, fault);
}

int meter_read_generation(const struct meter *meter, const struct na_control *control,
			  enum read_how how, struct reading **ret, size_t *ret_count,
			  struct fault *fault)
{
	const struct reading_plan plan = {meter, control, false,
					  half_to_stream(meter, control, how, false)};
	_cleanup_sorting_ struct sorting sorting = {};
	int error = new_sorting(meter, &sorting, fault);

	if (!error)
		error = scan_carry(meter, control, sort_record, &sorting, fault);
	if (!error && control->flags & NA_CTL_FROZEN)
		error = scan_into(&plan, !control->active, &sorting, fault);
	if (!error)
		error = build(&plan, &sorting, ret, ret_count, fault);
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream of the hot table against the same table read record by record:
 * both directions joined, what was spilled merged, each flow once.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <unistd.h>

#include "../../src/meter/hot_stream.h"
#include "flows.h"

#define FLOWS 3000u

/* Some flows one way, some the other, some both, with as many packets as their number says. */
static void send_all(const struct lab *lab, const char *recipe, size_t offset)
{
	struct frame frame;
	uint32_t flow, i;

	frame_build(recipe, &frame);
	for (flow = 0; flow < FLOWS; flow++) {
		flows_set(&frame, offset, 0x0a000000 + flow * 0x9e3779b1u);
		for (i = 0; i < 1 + flow % 3; i++) {
			if (flow % 5)
				flows_run(lab, PROGRAM_IN, &frame);
			if (flow % 7)
				flows_run(lab, PROGRAM_EG, &frame);
		}
	}
}

static int collect(void *context, const struct scanned *record)
{
	return record_table_add(context, record->key, record->count, record->first_seen,
				record->last_seen, record->tcp_flags);
}

static struct record_table *read_table(const struct lab *lab, scan_function function, bool spilled)
{
	struct fault fault = {};
	struct record_table *table;

	assert_int_equal(record_table_new(&table, 0), 0);
	assert_int_equal(spilled ? scan_spill(&lab->meter, 0, function, table, &fault)
				 : scan_half(&lab->meter, 0, function, table, &fault),
			 0);
	return table;
}

static void assert_same(const struct record_table *wanted, const struct flow_record *record)
{
	const struct flow_record *found = record_table_find(wanted, &record->key);

	assert_non_null(found);
	assert_memory_equal(found, record, sizeof(*found));
}

/* Whoever merges by a coarser key comes to the same sum. */
static void check_total(const struct record_stream *stream, struct record_table *wanted)
{
	struct na_count sum[NA_DIRECTIONS] = {}, got[NA_DIRECTIONS] = {};
	_cleanup_free_ struct flow_record *total = NULL;
	size_t count;

	records_sum(record_table_records(wanted), record_table_count(wanted), sum);
	assert_int_equal(stream_aggregate(stream, NA_KEY_FLOW, NA_KEY_TOTAL, &total, &count), 0);
	assert_int_equal(count, record_table_count(wanted) > 0);
	records_sum(total, count, got);
	assert_memory_equal(got, sum, sizeof(sum));
}

static void check_stream(const struct lab *lab)
{
	_cleanup_record_table_ struct record_table *wanted = read_table(lab, collect, false);
	_cleanup_free_ struct flow_record *part = calloc(STREAM_PART, sizeof(*part));
	_cleanup_record_table_ struct record_table *got = NULL;
	struct record_stream *stream;
	size_t i, j, count;

	assert_int_equal(record_table_new(&got, 0), 0);
	assert_int_equal(
		hot_stream_open(&lab->meter, 0, NULL, read_table(lab, collect, true), &stream), 0);
	assert_true(stream->room >= record_table_count(wanted));
	for (i = 0; i < stream->parts; i++) {
		count = stream->read(stream, i, part);
		assert_true(count <= STREAM_PART);
		for (j = 0; j < count; j++) {
			assert_null(record_table_find(got, &part[j].key));
			assert_int_equal(record_table_merge(got, &part[j]), 0);
			assert_same(wanted, &part[j]);
		}
	}
	assert_int_equal(stream->check(stream), 0);
	assert_int_equal(record_table_count(got), record_table_count(wanted));
	check_total(stream, wanted);
	stream->close(stream);
}

static void check_shape(const struct lab_shape *shape)
{
	_cleanup_lab_ struct lab lab;

	if (!lab_open(shape, &lab))
		skip();
	check_stream(&lab); /* of nothing at all */
	send_all(&lab, "eth ip4 tcp", FLOWS_SOURCE4);
	check_stream(&lab);
	send_all(&lab, "eth ip6 udp", FLOWS_SOURCE6);
	check_stream(&lab);
}

static void has_each_flow_once(void **state)
{
	const struct lab_shape shape = {.hot = true, .key = NA_KEY_FLOW, .max_flows = 2 * FLOWS};

	(void)state;
	check_shape(&shape);
}

/* Most of the flows find no room in the table: one direction of some, both of others. */
static void merges_what_was_spilled(void **state)
{
	const struct lab_shape shape = {.hot = true, .key = NA_KEY_FLOW, .max_flows = FLOWS / 3};

	(void)state;
	check_shape(&shape);
}

/* On each CPU a flow has entries of its own. */
static void joins_shards(void **state)
{
	const struct lab_shape shape = {
		.hot = true, .key = NA_KEY_FLOW, .max_flows = 4 * FLOWS, .shards = 2};
	_cleanup_lab_ struct lab lab;

	(void)state;
	if (!lab_open(&shape, &lab))
		skip();
	lab_stay(0);
	send_all(&lab, "eth ip4 tcp", FLOWS_SOURCE4);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		lab_stay(1);
	send_all(&lab, "eth ip4 tcp", FLOWS_SOURCE4);
	check_stream(&lab);
}

/* A drain goes on: what was read may be gone. */
static void goes_stale(void **state)
{
	const struct lab_shape shape = {.hot = true, .key = NA_KEY_FLOW, .unloaded = true};
	_cleanup_lab_ struct lab lab;
	struct na_control control = {.sequence = 5};
	struct record_stream *stream;
	uint32_t zero = 0;

	(void)state;
	if (!lab_open(&shape, &lab))
		skip();
	assert_int_equal(bpf_map_update_elem(lab.meter.maps[MAP_CONTROL], &zero, &control, BPF_ANY),
			 0);
	assert_int_equal(hot_stream_open(&lab.meter, 0, &control, NULL, &stream), 0);
	assert_int_equal(stream->check(stream), 0);
	control.sequence++;
	assert_int_equal(bpf_map_update_elem(lab.meter.maps[MAP_CONTROL], &zero, &control, BPF_ANY),
			 0);
	assert_int_equal(stream->check(stream), -ESTALE);
	stream->close(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_each_flow_once),
		cmocka_unit_test(merges_what_was_spilled),
		cmocka_unit_test(joins_shards),
		cmocka_unit_test(goes_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a flow was first and last seen, in ticks of jiffies, right to a second. */
#include <errno.h>
#include <inttypes.h>
#include <netacct/cleanup.h>
#include <time.h>

#include "../../src/meter/clock.h"
#include "flows.h"
#include "variant.h"

#define SECOND 1000000000ull
#define PAUSE (2 * SECOND)

static uint64_t tick_time(const struct lab *lab, uint32_t tick)
{
	return lab->meter.meta.epoch_monotonic +
	       ((uint64_t)tick << NA_TICK_SHIFT) * SECOND / lab->meter.meta.hz;
}

static void assert_near(const struct lab *lab, uint32_t tick, uint64_t when, const char *what)
{
	int64_t off = (int64_t)(tick_time(lab, tick) - when);

	if (off > (int64_t)SECOND || off < -(int64_t)SECOND)
		fail_msg("%s is %" PRId64 " ms off", what, off / 1000000);
}

static const struct lab_record *record_of(const struct lab_records *records, uint32_t remote)
{
	size_t i;

	for (i = 0; i < records->count; i++)
		if (flows_get(&records->record[i].key.remote[3]) == remote)
			return &records->record[i];
	fail_msg("no record of %08x", remote);
	return NULL;
}

static void send_flows(const struct lab *lab, uint32_t first, uint32_t count)
{
	struct frame frame;
	uint32_t i;

	frame_build("eth ip4 tcp", &frame);
	for (i = 0; i < count; i++) {
		flows_set(&frame, FLOWS_SOURCE4, first + i);
		flows_run(lab, PROGRAM_IN, &frame);
	}
}

/* Of a few flows, and of so many that the hot table spills. */
static void see_flows(void **state, uint32_t count)
{
	const struct timespec pause = {.tv_sec = PAUSE / SECOND};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;
	uint64_t first, last;
	uint32_t i;

	if (!lab_open(&shape, &lab))
		skip();
	first = clock_monotonic();
	send_flows(&lab, 0x0a000000, count);
	nanosleep(&pause, NULL);
	last = clock_monotonic();
	send_flows(&lab, 0x0a000000, count / 2);
	lab_records(&lab, &records);
	assert_int_equal(records.count, count);
	for (i = 0; i < count; i++) {
		const struct lab_record *record = record_of(&records, 0x0a000000 + i);
		bool again = i < count / 2;

		assert_near(&lab, record->first_seen, first, "first_seen");
		assert_near(&lab, record->last_seen, again ? last : first, "last_seen");
		assert_true(again ? record->last_seen > record->first_seen
				  : record->last_seen == record->first_seen);
	}
}

static void knows_when_it_saw_a_few_flows(void **state)
{
	see_flows(state, 8);
}

static void knows_when_it_saw_flows_that_spill(void **state)
{
	see_flows(state, 512);
}

/* A slot that is used again after a drain has the time of its new flow. */
static void forgets_the_time_of_a_flow_that_was_drained(void **state)
{
	const struct timespec pause = {.tv_sec = PAUSE / SECOND};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;

	if (!lab_open(&shape, &lab))
		skip();
	send_flows(&lab, 0x0a000000, 1);
	lab_zero(&lab);
	nanosleep(&pause, NULL);
	send_flows(&lab, 0x0a000000, 1);
	lab_records(&lab, &records);
	assert_int_equal(records.count, 1);
	assert_near(&lab, records.record[0].first_seen, clock_monotonic(), "first_seen");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(knows_when_it_saw_a_few_flows),
		BOTH(knows_when_it_saw_flows_that_spill),
		BOTH(forgets_the_time_of_a_flow_that_was_drained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>

#include "../../src/collector/schedule.h"

#define MS UINT64_C(1000000)

static void next_multiple(void **state)
{
	(void)state;
	assert_int_equal(schedule_after(0, 5), 5);
	assert_int_equal(schedule_after(4, 5), 5);
	assert_int_equal(schedule_after(5, 5), 10);
	assert_int_equal(schedule_after(1001 * NANOSECONDS, SCHEDULE_BIN), 1200 * NANOSECONDS);
	assert_int_equal(schedule_after(1200 * NANOSECONDS - 1, SCHEDULE_BIN), 1200 * NANOSECONDS);
}

static void jumps_of_a_second(void **state)
{
	const struct schedule_clocks before = {100 * NANOSECONDS, 5000 * NANOSECONDS};
	struct schedule_clocks now = {400 * NANOSECONDS, 5300 * NANOSECONDS};

	(void)state;
	assert_int_equal(schedule_jump(before, now), 0);
	now.realtime += 999 * MS;
	assert_int_equal(schedule_jump(before, now), 0);
	now.realtime += MS;
	assert_int_equal(schedule_jump(before, now), NANOSECONDS);
	now.realtime = 5300 * NANOSECONDS - 999 * MS;
	assert_int_equal(schedule_jump(before, now), 0);
	now.realtime = 1300 * NANOSECONDS;
	assert_int_equal(schedule_jump(before, now), -4000 * (int64_t)NANOSECONDS);
}

static bool wait_for(const struct schedule *schedule, int ms)
{
	struct pollfd fd = {.fd = schedule->boot_timer, .events = POLLIN};

	return poll(&fd, 1, ms) == 1;
}

/* How far from a multiple of the interval it was due. */
static uint64_t expect_due(struct schedule *schedule)
{
	int64_t jump = 1;
	bool due = false;

	assert_true(wait_for(schedule, 5000));
	assert_int_equal(schedule_read(schedule, &due, &jump), 0);
	assert_true(due);
	assert_int_equal(jump, 0);
	return schedule_clocks_now().boottime % schedule->interval;
}

static void due_on_multiples(void **state)
{
	struct schedule schedule;
	int64_t jump;
	bool due = true;

	(void)state;
	assert_int_equal(schedule_open(&schedule, 200 * MS, false), 0);
	assert_true(expect_due(&schedule) < 150 * MS);
	assert_int_equal(schedule_read(&schedule, &due, &jump), 0);
	assert_false(due);
	assert_true(expect_due(&schedule) < 150 * MS);
	assert_int_equal(schedule_set(&schedule, 3600 * NANOSECONDS), 0);
	assert_false(wait_for(&schedule, 250));
	schedule_close(&schedule);
	assert_int_equal(schedule.boot_timer, -1);
}

static void first_after_a_whole_interval(void **state)
{
	uint64_t start = schedule_clocks_now().boottime;
	struct schedule schedule;

	(void)state;
	assert_int_equal(schedule_open(&schedule, 300 * MS, true), 0);
	expect_due(&schedule);
	assert_true(schedule_clocks_now().boottime - start >= 300 * MS);
	schedule_close(&schedule);
}

/* As after settimeofday(): the clocks it remembers are another time's. */
static void tells_of_a_jump_once(void **state)
{
	struct schedule schedule;
	int64_t jump = 0;
	bool due;

	(void)state;
	assert_int_equal(schedule_open(&schedule, NANOSECONDS, false), 0);
	schedule.clocks.realtime -= 90 * NANOSECONDS;
	assert_int_equal(schedule_read(&schedule, &due, &jump), 0);
	assert_in_range(jump, 89 * NANOSECONDS, 91 * NANOSECONDS);
	assert_int_equal(schedule_read(&schedule, &due, &jump), 0);
	assert_int_equal(jump, 0);
	schedule_close(&schedule);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_multiple),
		cmocka_unit_test(jumps_of_a_second),
		cmocka_unit_test(due_on_multiples),
		cmocka_unit_test(first_after_a_whole_interval),
		cmocka_unit_test(tells_of_a_jump_once),
	};

	return cmocka_run_group_tests_name("collector schedule", tests, NULL, NULL);
}

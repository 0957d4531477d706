// SPDX-License-Identifier: GPL-2.0-or-later
#include "test_history_lab.h"

struct points {
	struct history_point point[64];
	size_t count;
};

static int add_point(void *context, const struct history_point *point)
{
	struct points *points = context;

	assert_true(points->count < ARRAY_SIZE(points->point));
	points->point[points->count++] = *point;
	return 0;
}

static struct points series(struct lab *lab, enum history_level level)
{
	struct points points = {.count = 0};

	assert_int_equal(history_series(lab->history, level, 0, INT64_MAX, UINT32_MAX, add_point,
					&points, &lab->why),
			 0);
	return points;
}

/* The clock is set between a drain and its fold: it belongs to the time that was right. */
LAB_TEST(a_clock_that_is_set_moves_the_journal)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	struct flow_record record = lab_record(lab, 1, 100, 0);

	lab_pass(lab, 5);
	lab_store(lab, &record, 1);
	lab->offset += 86400 * SECOND;
	assert_int_equal(lab_rows(lab, LAB_NOON, LAB_NOON + 300, HISTORY_5MIN).rows, 0);
	assert_int_equal(lab_rows(lab, LAB_NOON + 86400, LAB_NOON + 86700, HISTORY_5MIN).rx.bytes,
			 100);
	lab_maintain(lab, true);
	assert_int_equal(lab_rows(lab, LAB_NOON, LAB_NOON + 300, HISTORY_5MIN).rows, 0);
	assert_int_equal(lab_rows(lab, LAB_NOON + 86400, LAB_NOON + 86700, HISTORY_5MIN).rx.bytes,
			 100);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_int_equal(totals.totals[0].record.last_seen, LAB_NOON + 86400);
}

/* After a boot the time that was when it was stored stands. */
LAB_TEST(a_journal_of_another_boot)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);

	lab_pass(lab, 5);
	lab_store(lab, &record, 1);
	lab_close(lab);
	lab_open(lab);
	lab->history->boot[3] ^= 1;
	lab->offset += 3600 * SECOND + lab->boot;
	lab->boot = 0;
	assert_int_equal(lab_rows(lab, LAB_NOON, LAB_NOON + 300, HISTORY_5MIN).rx.bytes, 100);
	lab_maintain(lab, false);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM journal"), 0);
	assert_int_equal(lab_rows(lab, LAB_NOON, LAB_NOON + 300, HISTORY_5MIN).rx.bytes, 100);
}

/* The clock goes back over bins that are rolled up: what is counted then is in all levels. */
LAB_TEST(a_clock_that_is_set_back)
{
	struct flow_record records[8];
	enum history_level level;
	size_t i;

	for (i = 0; i < 8; i++)
		records[i] = lab_record(lab, (uint32_t)i, 100, 0);
	lab->settings.top[HISTORY_DAY] = 3;
	history_set(lab->history, &lab->settings);
	lab_pass(lab, 5);
	lab_store(lab, records, 2);
	lab_pass(lab, 40 * 86400);
	lab_maintain(lab, false);
	lab->offset -= 40 * 86400 * SECOND;
	lab->drained = lab->boot;
	lab_pass(lab, 5);
	lab_store(lab, records, 8);
	lab_maintain(lab, true);
	for (level = HISTORY_5MIN; level < HISTORY_LEVELS; level++) {
		assert_int_equal(lab_level_bytes(lab, level), 1000);
		assert_int_equal(lab_rows(lab, 0, INT64_MAX, level).rx.bytes, 1000);
	}
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM bin WHERE level = 3"), 4);
}

LAB_TEST(coverage_is_shared_out)
{
	struct flow_record record = lab_record(lab, 1, 100, 7);
	struct points points;
	size_t folded;

	lab_pass(lab, 700);
	lab_store(lab, &record, 1);
	for (folded = 0; folded < 2; folded++) {
		points = series(lab, HISTORY_5MIN);
		assert_int_equal(points.count, 3);
		assert_int_equal(points.point[0].start, LAB_NOON);
		assert_int_equal(points.point[0].end, LAB_NOON + 300);
		assert_true(points.point[0].covered == 300);
		assert_int_equal(points.point[0].rx.bytes, 0);
		assert_true(points.point[2].covered == 100);
		assert_int_equal(points.point[2].rx.bytes, 100);
		assert_int_equal(points.point[2].tx.bytes, 7);
		points = series(lab, HISTORY_DAY);
		assert_int_equal(points.count, 1);
		assert_true(points.point[0].covered == 700);
		lab_maintain(lab, true);
	}
	assert_int_equal(series(lab, HISTORY_MINUTE).count, 12);
}

/* A bin that is half folded and half in the journal is one point. */
LAB_TEST(series_join_the_journal)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct points points;

	lab_pass(lab, 60);
	lab_store(lab, &record, 1);
	lab_maintain(lab, true);
	lab_pass(lab, 60);
	lab_store(lab, NULL, 0);
	lab_pass(lab, 30);
	lab_store(lab, &record, 1);
	points = series(lab, HISTORY_HOUR);
	assert_int_equal(points.count, 1);
	assert_int_equal(points.point[0].rx.bytes, 200);
	assert_true(points.point[0].covered == 150);
	points = series(lab, HISTORY_MINUTE);
	assert_int_equal(points.count, 3);
	assert_true(points.point[1].covered == 60);
	assert_int_equal(points.point[1].rx.bytes, 0);
}

/* A source that came after the drain before was not there from then on. */
LAB_TEST(coverage_begins_with_the_source)
{
	struct reading reading = lab_reading(lab, "host--eth0", 0, NULL, 0);
	struct points points;

	lab_pass(lab, 100);
	reading.since = (uint64_t)(lab->boot + lab->offset);
	lab_pass(lab, 60);
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	lab_pass(lab, 100);
	reading.departed_at = (uint64_t)(lab->boot - 10 * SECOND + lab->offset);
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	points = series(lab, HISTORY_5MIN);
	assert_int_equal(points.count, 1);
	assert_true(points.point[0].covered == 150);
}

LAB_TEST(sources_know_their_time)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct history_source *sources;
	size_t count, folded;

	lab_pass(lab, 60);
	lab_store(lab, &record, 1);
	for (folded = 0; folded < 2; folded++) {
		assert_int_equal(history_sources(lab->history, &sources, &count, &lab->why), 0);
		assert_int_equal(count, 1);
		assert_string_equal(sources[0].id, "host--eth0");
		assert_string_equal(sources[0].interface, "eth0");
		assert_null(sources[0].namespace);
		assert_int_equal(sources[0].first, LAB_NOON);
		assert_int_equal(sources[0].last, LAB_NOON + 60);
		history_sources_free(sources, count);
		lab_maintain(lab, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_is_set_moves_the_journal),
		cmocka_unit_test(a_journal_of_another_boot),
		cmocka_unit_test(a_clock_that_is_set_back),
		cmocka_unit_test(coverage_is_shared_out),
		cmocka_unit_test(series_join_the_journal),
		cmocka_unit_test(coverage_begins_with_the_source),
		cmocka_unit_test(sources_know_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

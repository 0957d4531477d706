// SPDX-License-Identifier: GPL-2.0-or-later
#include "test_history_lab.h"

struct sent {
	uint64_t bytes;
	unsigned int seed;
};

static uint32_t draw(struct sent *sent, uint32_t below)
{
	return (uint32_t)rand_r(&sent->seed) % below;
}

/* A drain of two sources with random records. */
static void store_some(struct lab *lab, struct sent *sent)
{
	struct flow_record records[2][40];
	struct reading readings[2];
	size_t i, j, count;

	for (i = 0; i < 2; i++) {
		count = draw(sent, 40);
		for (j = 0; j < count; j++) {
			records[i][j] = lab_record(lab, (uint32_t)(1000 * j + draw(sent, 100)),
						   draw(sent, 10000), draw(sent, 100));
			sent->bytes += records[i][j].rx.bytes + records[i][j].tx.bytes;
		}
		readings[i] = lab_reading(lab, i ? "host--eth1" : "host--eth0", (uint32_t)i,
					  records[i], count);
	}
	assert_int_equal(lab_try_store(lab, readings, 2), 0);
}

static uint64_t bytes_of(struct lab_sum sum)
{
	return sum.rx.bytes + sum.tx.bytes;
}

static int add_point(void *context, const struct history_point *point)
{
	*(uint64_t *)context += point->rx.bytes + point->tx.bytes;
	return 0;
}

static uint64_t series_bytes(struct lab *lab, enum history_level level)
{
	uint64_t bytes = 0;

	assert_int_equal(history_series(lab->history, level, 0, INT64_MAX, UINT32_MAX, add_point,
					&bytes, &lab->why),
			 0);
	return bytes;
}

static void check_all(struct lab *lab, const struct sent *sent)
{
	enum history_level level;

	for (level = HISTORY_5MIN; level < HISTORY_LEVELS; level++) {
		assert_int_equal(bytes_of(lab_rows(lab, 0, INT64_MAX, level)), sent->bytes);
		assert_int_equal(series_bytes(lab, level), sent->bytes);
	}
}

/* Cuts anywhere: what is before and what is behind make up the whole. */
static void check_cuts(struct lab *lab, struct sent *sent)
{
	int64_t cut, now = lab_seconds(lab);
	enum history_level level;
	size_t i;

	for (i = 0; i < 10; i++) {
		cut = now - draw(sent, (uint32_t)(now - LAB_NOON) + 7200);
		level = HISTORY_5MIN + draw(sent, 4);
		cut -= cut % 300;
		assert_int_equal(bytes_of(lab_rows(lab, 0, cut, level)) +
					 bytes_of(lab_rows(lab, cut, INT64_MAX, level)),
				 sent->bytes);
	}
}

/* Drains of random lengths for 45 days; all kinds of cuts make up the whole at any time. */
static void live(struct lab *lab, struct sent *sent)
{
	int64_t until = lab_seconds(lab) + 45 * 86400ll;
	size_t steps = 0;

	while (lab_seconds(lab) < until) {
		lab_pass(lab, draw(sent, 4) ? draw(sent, 400) : draw(sent, 100000));
		store_some(lab, sent);
		if (draw(sent, 3))
			lab_maintain(lab, false);
		if (++steps % 100)
			continue;
		check_all(lab, sent);
		check_cuts(lab, sent);
	}
	lab_maintain(lab, true);
	check_all(lab, sent);
	check_cuts(lab, sent);
}

LAB_TEST(sums_are_exact_at_every_level)
{
	struct sent sent = {.seed = 1};
	enum history_level level;

	for (level = HISTORY_5MIN; level < HISTORY_LEVELS; level++)
		lab->settings.top[level] = 10;
	for (level = HISTORY_MINUTE; level < HISTORY_LEVELS; level++)
		lab->settings.retention[level] = 0;
	history_set(lab->history, &lab->settings);
	live(lab, &sent);
	/* The time of all bins before that is over. */
	lab_pass(lab, 40 * 86400);
	lab_maintain(lab, true);
	for (level = HISTORY_5MIN; level < HISTORY_LEVELS; level++)
		assert_int_equal(lab_level_bytes(lab, level), sent.bytes);
	assert_int_equal(lab_number(lab, "SELECT max(n) FROM (SELECT count(*) AS n FROM bin"
					 " GROUP BY level, start, source)"),
			 11);
}

static void live_in_zone(struct lab *lab, const char *zone)
{
	struct sent sent = {.seed = 2};

	setenv("TZ", zone, 1);
	tzset();
	/* 2027-03-01: Europe changes its clocks on the 28th, Lord Howe on April 4th. */
	lab->offset += 99 * 86400 * SECOND;
	live(lab, &sent);
}

LAB_TEST(sums_are_exact_over_summer_time)
{
	live_in_zone(lab, "Europe/Berlin");
}

LAB_TEST(sums_are_exact_at_half_hours)
{
	live_in_zone(lab, "Australia/Lord_Howe");
}

LAB_TEST(retention_keeps_the_sums)
{
	struct sent sent = {.seed = 3};

	lab->settings.retention[HISTORY_5MIN] = 2 * 86400;
	lab->settings.retention[HISTORY_HOUR] = 5 * 86400;
	lab->settings.retention[HISTORY_DAY] = 20 * 86400;
	history_set(lab->history, &lab->settings);
	/* From the first of a month on, so that no cut falls into what is gone at its beginning. */
	lab->offset += 9 * 86400 * SECOND - 12 * 3600 * SECOND;
	while (lab_seconds(lab) < LAB_NOON + 100 * 86400ll) {
		lab_pass(lab, 1000 + draw(&sent, 10000));
		store_some(lab, &sent);
		lab_maintain(lab, false);
	}
	check_all(lab, &sent);
	assert_true(lab_level_bytes(lab, HISTORY_5MIN) < lab_level_bytes(lab, HISTORY_HOUR));
	assert_true(lab_level_bytes(lab, HISTORY_HOUR) < lab_level_bytes(lab, HISTORY_DAY));
	assert_true(lab_level_bytes(lab, HISTORY_DAY) < sent.bytes);
	assert_true(lab_number(lab, "SELECT min(start) FROM bin WHERE level = 1") >=
		    lab_seconds(lab) - 2 * 86400 - 3600);
}

/* Who reads in another zone than the collector's has other days, and each packet once. */
LAB_TEST(sums_are_exact_in_another_zone)
{
	static const char *const zones[] = {"Europe/Berlin", "Asia/Kolkata", "America/New_York"};
	struct sent sent = {.seed = 4};
	size_t i;

	while (lab_seconds(lab) < LAB_NOON + 10 * 86400ll) {
		lab_pass(lab, 1000 + draw(&sent, 10000));
		store_some(lab, &sent);
		lab_maintain(lab, false);
	}
	for (i = 0; i < ARRAY_SIZE(zones); i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		check_all(lab, &sent);
		check_cuts(lab, &sent);
	}
}

LAB_TEST(the_biggest_stay)
{
	struct flow_record records[20];
	struct lab_sum sum;
	size_t i;

	lab->settings.top[HISTORY_5MIN] = 5;
	history_set(lab->history, &lab->settings);
	for (i = 0; i < 20; i++)
		records[i] = lab_record(lab, (uint32_t)i, i < 15 ? 100 : 1000 + i, 0);
	lab_pass(lab, 5);
	lab_store(lab, records, 20);
	lab_maintain(lab, true);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rows, 20);
	lab_pass(lab, 400);
	lab_maintain(lab, false);
	sum = lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN);
	assert_int_equal(sum.rows, 6);
	assert_int_equal(sum.others, 1);
	assert_int_equal(sum.rx.bytes, 15 * 100 + 5 * 1000 + 15 + 16 + 17 + 18 + 19);
	assert_int_equal(lab_number(lab, "SELECT rx_bytes FROM bin WHERE key = x''"), 1500);
	assert_int_equal(lab_number(lab, "SELECT rx_packets FROM bin WHERE key = x''"), 15);
}

/* A bin is folded when it is over; a drain that ends just behind it is of that bin. */
LAB_TEST(a_bin_is_sharp)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);

	lab_pass(lab, 295);
	lab_store(lab, &record, 1);
	lab->boot += 5 * SECOND + SECOND / 20;
	lab_store(lab, &record, 1);
	lab_maintain(lab, false);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM journal"), 2);
	lab_pass(lab, 20);
	lab_store(lab, &record, 1);
	lab_maintain(lab, false);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM journal"), 1);
	assert_int_equal(lab_rows(lab, LAB_NOON, LAB_NOON + 300, HISTORY_5MIN).rx.bytes, 200);
	assert_int_equal(lab_rows(lab, LAB_NOON + 300, LAB_NOON + 600, HISTORY_5MIN).rx.bytes, 100);
}

/* What is the coarsest, and that `source` is heeded. */
LAB_TEST(takes_the_coarsest_that_fits)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct lab_sum sum;
	size_t i;

	lab->drained = lab->boot - 5 * SECOND;
	for (i = 0; i < 48; i++) {
		lab_store(lab, &record, 1);
		lab_pass(lab, 1800);
		lab->drained = lab->boot - 5 * SECOND;
		lab_maintain(lab, false);
	}
	sum = lab_rows(lab, LAB_NOON - 86400, INT64_MAX, HISTORY_HOUR);
	assert_int_equal(sum.rx.bytes, 4800);
	assert_in_range(sum.rows, 24, 26);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rows, 48);
	sum = (struct lab_sum){0};
	assert_int_equal(history_rows(lab->history, 0, INT64_MAX, HISTORY_DAY, 7, lab_add, &sum,
				      &lab->why),
			 0);
	assert_int_equal(sum.rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_exact_at_every_level),
		cmocka_unit_test(sums_are_exact_over_summer_time),
		cmocka_unit_test(sums_are_exact_at_half_hours),
		cmocka_unit_test(retention_keeps_the_sums),
		cmocka_unit_test(sums_are_exact_in_another_zone),
		cmocka_unit_test(the_biggest_stay),
		cmocka_unit_test(a_bin_is_sharp),
		cmocka_unit_test(takes_the_coarsest_that_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

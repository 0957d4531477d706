// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <time.h>

#include <cmocka.h>

#include "../../src/history/calendar.h"

/* As POSIX writes them, so that no tzdata is needed. */
#define UTC "UTC0"
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"
#define LORD_HOWE "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
#define KATHMANDU "<+0545>-5:45"
#define HAVANA "CST5CDT,M3.2.0/0,M11.1.0/1" /* 00:00 is missing, and comes twice */
#define ST_JOHNS "NST3:30NDT,M4.1.0/0:01,M10.5.0/0:01" /* back to the day before, until 2011 */

static const char *const zones[] = {UTC, BERLIN, NEW_YORK, LORD_HOWE, KATHMANDU, HAVANA, ST_JOHNS};
#define NESTING 6 /* in the first six each day begins with an hour */

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* A moment of UTC, independently of what is tested. */
static int64_t utc(int year, int month, int day, int hour, int minute)
{
	struct tm date = {.tm_year = year - 1900,
			  .tm_mon = month - 1,
			  .tm_mday = day,
			  .tm_hour = hour,
			  .tm_min = minute};

	return timegm(&date);
}

static void expect_bin(enum history_level level, int64_t time, int64_t start, int64_t end)
{
	assert_int_equal(calendar_start(level, time), start);
	assert_int_equal(calendar_end(level, time), end);
}

static void days_of_23_and_25_hours(void **state)
{
	(void)state;
	zone(BERLIN);
	expect_bin(HISTORY_DAY, utc(2026, 3, 29, 12, 0), utc(2026, 3, 28, 23, 0),
		   utc(2026, 3, 29, 22, 0));
	expect_bin(HISTORY_DAY, utc(2026, 10, 25, 12, 0), utc(2026, 10, 24, 22, 0),
		   utc(2026, 10, 25, 23, 0));
	zone(NEW_YORK);
	expect_bin(HISTORY_DAY, utc(2026, 3, 8, 12, 0), utc(2026, 3, 8, 5, 0),
		   utc(2026, 3, 9, 4, 0));
	expect_bin(HISTORY_DAY, utc(2026, 11, 1, 12, 0), utc(2026, 11, 1, 4, 0),
		   utc(2026, 11, 2, 5, 0));
	zone(LORD_HOWE); /* 23.5 and 24.5 hours */
	expect_bin(HISTORY_DAY, utc(2026, 10, 4, 1, 0), utc(2026, 10, 3, 13, 30),
		   utc(2026, 10, 4, 13, 0));
	expect_bin(HISTORY_DAY, utc(2026, 4, 5, 1, 0), utc(2026, 4, 4, 13, 0),
		   utc(2026, 4, 5, 13, 30));
	zone(UTC);
	expect_bin(HISTORY_DAY, utc(2026, 3, 29, 12, 0), utc(2026, 3, 29, 0, 0),
		   utc(2026, 3, 30, 0, 0));
}

static void midnight_is_missing_or_comes_twice(void **state)
{
	(void)state;
	zone(HAVANA);
	expect_bin(HISTORY_DAY, utc(2026, 3, 8, 12, 0), utc(2026, 3, 8, 5, 0),
		   utc(2026, 3, 9, 4, 0));
	expect_bin(HISTORY_DAY, utc(2026, 3, 8, 4, 59), utc(2026, 3, 7, 5, 0),
		   utc(2026, 3, 8, 5, 0));
	expect_bin(HISTORY_DAY, utc(2026, 11, 1, 12, 0), utc(2026, 11, 1, 4, 0),
		   utc(2026, 11, 2, 5, 0));
}

static void hours_of_the_zone(void **state)
{
	(void)state;
	zone(KATHMANDU);
	expect_bin(HISTORY_HOUR, utc(2026, 5, 1, 10, 14), utc(2026, 5, 1, 9, 15),
		   utc(2026, 5, 1, 10, 15));
	expect_bin(HISTORY_HOUR, utc(2026, 5, 1, 10, 15), utc(2026, 5, 1, 10, 15),
		   utc(2026, 5, 1, 11, 15));
	zone(BERLIN); /* 02:00 to 03:00 twice: two bins */
	expect_bin(HISTORY_HOUR, utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 0, 0),
		   utc(2026, 10, 25, 1, 0));
	expect_bin(HISTORY_HOUR, utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 1, 0),
		   utc(2026, 10, 25, 2, 0));
	zone(LORD_HOWE); /* 02:00 becomes 02:30: half an hour is left of it */
	expect_bin(HISTORY_HOUR, utc(2026, 10, 3, 15, 40), utc(2026, 10, 3, 15, 30),
		   utc(2026, 10, 3, 16, 0));
	expect_bin(HISTORY_HOUR, utc(2026, 10, 3, 15, 29), utc(2026, 10, 3, 14, 30),
		   utc(2026, 10, 3, 15, 30));
	/* 02:00 becomes 01:30: an hour, and the half that comes again */
	expect_bin(HISTORY_HOUR, utc(2026, 4, 4, 14, 40), utc(2026, 4, 4, 14, 0),
		   utc(2026, 4, 4, 15, 0));
	expect_bin(HISTORY_HOUR, utc(2026, 4, 4, 15, 10), utc(2026, 4, 4, 15, 0),
		   utc(2026, 4, 4, 15, 30));
}

static void short_bins_keep_to_the_epoch(void **state)
{
	(void)state;
	zone(KATHMANDU);
	expect_bin(HISTORY_5MIN, 1000, 900, 1200);
	expect_bin(HISTORY_5MIN, 900, 900, 1200);
	expect_bin(HISTORY_MINUTE, 119, 60, 120);
	expect_bin(HISTORY_MINUTE, -1, -60, 0);
}

static void months_of_the_zone(void **state)
{
	(void)state;
	zone(BERLIN);
	expect_bin(HISTORY_MONTH, utc(2026, 3, 15, 0, 0), utc(2026, 2, 28, 23, 0),
		   utc(2026, 3, 31, 22, 0));
	expect_bin(HISTORY_MONTH, utc(2026, 12, 31, 22, 59), utc(2026, 11, 30, 23, 0),
		   utc(2026, 12, 31, 23, 0));
	expect_bin(HISTORY_MONTH, utc(2026, 12, 31, 23, 0), utc(2026, 12, 31, 23, 0),
		   utc(2027, 1, 31, 23, 0));
	zone(NEW_YORK);
	expect_bin(HISTORY_MONTH, utc(2028, 3, 1, 4, 59), utc(2028, 2, 1, 5, 0),
		   utc(2028, 3, 1, 5, 0));
}

/* Each level's bins follow one another without a gap, and hold what is asked for. */
static void bins_are_a_chain(void **state)
{
	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		zone(zones[z]);
		for (int level = 0; level < HISTORY_LEVELS; level++) {
			int64_t time = utc(2026, 1, 1, 0, 0) - 7 * 3600,
				until = utc(2027, 1, 1, 0, 0);

			if (level == HISTORY_MINUTE || level == HISTORY_5MIN)
				until = utc(2026, 1, 3, 0, 0);
			while (time < until) {
				int64_t start = calendar_start((enum history_level)level, time);
				int64_t end = calendar_end((enum history_level)level, time);

				assert_true(start <= time && time < end);
				expect_bin((enum history_level)level, start, start, end);
				expect_bin((enum history_level)level, end - 1, start, end);
				time = end;
			}
		}
	}
}

/* A higher bin is whole bins of the one below it: roll-ups depend on it. */
static void bins_nest(void **state)
{
	(void)state;
	for (size_t z = 0; z < NESTING; z++) {
		zone(zones[z]);
		for (int level = HISTORY_HOUR; level < HISTORY_LEVELS; level++) {
			int64_t time = utc(2026, 2, 1, 3, 0);

			while (time < utc(2026, 12, 1, 0, 0)) {
				time = calendar_end((enum history_level)level, time);
				assert_int_equal(calendar_start((enum history_level)(level - 1),
								time),
						 time);
			}
		}
	}
}

static void expect_period(int reset_day, int64_t time, int64_t start, int64_t end)
{
	assert_int_equal(calendar_period_start(reset_day, time), start);
	assert_int_equal(calendar_period_end(reset_day, time), end);
}

static void billing_periods(void **state)
{
	(void)state;
	zone(UTC);
	expect_period(1, utc(2026, 2, 10, 0, 0), utc(2026, 2, 1, 0, 0), utc(2026, 3, 1, 0, 0));
	expect_period(15, utc(2026, 2, 14, 23, 59), utc(2026, 1, 15, 0, 0), utc(2026, 2, 15, 0, 0));
	expect_period(15, utc(2026, 2, 15, 0, 0), utc(2026, 2, 15, 0, 0), utc(2026, 3, 15, 0, 0));
	expect_period(31, utc(2026, 2, 10, 0, 0), utc(2026, 1, 31, 0, 0), utc(2026, 2, 28, 0, 0));
	expect_period(31, utc(2026, 2, 28, 0, 0), utc(2026, 2, 28, 0, 0), utc(2026, 3, 31, 0, 0));
	expect_period(31, utc(2028, 2, 28, 12, 0), utc(2028, 1, 31, 0, 0), utc(2028, 2, 29, 0, 0));
	expect_period(30, utc(2026, 2, 28, 0, 0), utc(2026, 2, 28, 0, 0), utc(2026, 3, 30, 0, 0));
	expect_period(31, utc(2026, 12, 31, 1, 0), utc(2026, 12, 31, 0, 0), utc(2027, 1, 31, 0, 0));
	zone(BERLIN);
	expect_period(29, utc(2026, 3, 29, 12, 0), utc(2026, 3, 28, 23, 0),
		      utc(2026, 4, 28, 22, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_23_and_25_hours),
		cmocka_unit_test(midnight_is_missing_or_comes_twice),
		cmocka_unit_test(hours_of_the_zone),
		cmocka_unit_test(short_bins_keep_to_the_epoch),
		cmocka_unit_test(months_of_the_zone),
		cmocka_unit_test(bins_are_a_chain),
		cmocka_unit_test(bins_nest),
		cmocka_unit_test(billing_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

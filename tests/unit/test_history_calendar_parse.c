// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
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
#define HAVANA "CST5CDT,M3.2.0/0,M11.1.0/1" /* 00:00 is missing, and comes twice */

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

struct phrase {
	const char *text;
	int64_t time;
};

static void expect_phrases(const struct phrase *phrases, size_t count, int64_t now)
{
	int64_t time;

	for (size_t i = 0; i < count; i++) {
		time = -1;
		assert_int_equal(calendar_parse(phrases[i].text, now, 15, &time), 0);
		if (time != phrases[i].time)
			fail_msg("%s is %lld, not %lld", phrases[i].text, (long long)time,
				 (long long)phrases[i].time);
	}
}
#define EXPECT_PHRASES(phrases, now) \
	expect_phrases(phrases, sizeof(phrases) / sizeof((phrases)[0]), now)

static void words(void **state)
{
	int64_t now = utc(2026, 11, 22, 10, 30) + 17;
	const struct phrase phrases[] = {
		{"now", now},
		{"today", utc(2026, 11, 21, 23, 0)},
		{"yesterday", utc(2026, 11, 20, 23, 0)},
		{"month", utc(2026, 10, 31, 23, 0)},
		{"period", utc(2026, 11, 14, 23, 0)},
		{"15min", now - 900},
		{"12h", now - 43200},
		{"0d", now},
		{"30d", utc(2026, 10, 23, 9, 30) + 17}, /* the same time of day, an hour ahead */
		{"2w", now - INT64_C(14) * 86400},
		{"3month", utc(2026, 8, 22, 9, 30) + 17},
		{"365d", now - INT64_C(365) * 86400},
		{"12month", utc(2025, 11, 22, 10, 30) + 17},
	};

	(void)state;
	zone(BERLIN);
	EXPECT_PHRASES(phrases, now);
	assert_int_equal(calendar_parse("1month", utc(2026, 3, 31, 0, 0), 1, &now), 0);
	assert_int_equal(now, utc(2026, 2, 28, 1, 0)); /* 02:00 of the last day */
	assert_int_equal(calendar_parse("yesterday", utc(2026, 3, 30, 12, 0), 1, &now), 0);
	assert_int_equal(now, utc(2026, 3, 28, 23, 0)); /* a day of 23 hours */
}

static void moments(void **state)
{
	const struct phrase phrases[] = {
		{"2026-11-22", utc(2026, 11, 21, 23, 0)},
		{"2026-07-01", utc(2026, 6, 30, 22, 0)},
		{"2026-11-22T10:30", utc(2026, 11, 22, 9, 30)},
		{"2026-11-22 10:30", utc(2026, 11, 22, 9, 30)},
		{"2026-11-22T10:30:15", utc(2026, 11, 22, 9, 30) + 15},
		{"2026-11-22T10:30Z", utc(2026, 11, 22, 10, 30)},
		{"2026-11-22t10:30:15z", utc(2026, 11, 22, 10, 30) + 15},
		{"2026-11-22T10:30:15.123456Z", utc(2026, 11, 22, 10, 30) + 15},
		{"2026-11-22T10:30:15+05:45", utc(2026, 11, 22, 4, 45) + 15},
		{"2026-11-22T23:30-03:30", utc(2026, 11, 23, 3, 0)},
		{"2028-02-29T00:00Z", utc(2028, 2, 29, 0, 0)},
		{"2016-12-31T23:59:60Z", utc(2017, 1, 1, 0, 0)}, /* a leap second */
		{"2026-03-29T02:30", utc(2026, 3, 29, 1, 30)}, /* left out by the clock */
		{"2026-10-25T02:30", utc(2026, 10, 25, 0, 30)}, /* comes twice: the first */
		{"2026-10-25T03:00", utc(2026, 10, 25, 2, 0)},
		{"2026-10-25T01:59", utc(2026, 10, 24, 23, 59)},
		{"1970-01-02", 82800},
	};
	const struct phrase midnights[] = {
		{"2026-03-08", utc(2026, 3, 8, 5, 0)},
		{"2026-11-01", utc(2026, 11, 1, 4, 0)},
	};

	(void)state;
	zone(BERLIN);
	EXPECT_PHRASES(phrases, 0);
	zone(HAVANA);
	EXPECT_PHRASES(midnights, 0);
}

static void refuses(void **state)
{
	static const char *const wrong[] = {"",
					    " now",
					    "Today",
					    "30",
					    "d",
					    "30 d",
					    "-30d",
					    "30m",
					    "1.5h",
					    "999999999d",
					    "90000000w",
					    "99999h",
					    "1000month",
					    "2026",
					    "2026-11",
					    "2026-13-01",
					    "2026-00-01",
					    "2026-02-29",
					    "2026-04-31",
					    "26-11-22",
					    "2026-11-22Z",
					    "2026-11-22T",
					    "2026-11-22T10",
					    "2026-11-22T24:00",
					    "2026-11-22T10:60",
					    "2026-11-22T10:30:61",
					    "2026-11-22T10:30:15.Z",
					    "2026-11-22T10:30+0200",
					    "2026-11-22T10:30+24:00",
					    "2026-11-22T10:30 Z",
					    "2026-11-22T10:30Zulu",
					    "1969-12-31"};
	int64_t time = 42;

	(void)state;
	zone(UTC);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (calendar_parse(wrong[i], 50000 * INT64_C(3600), 1, &time) != -EINVAL)
			fail_msg("\"%s\" is taken", wrong[i]);
		assert_int_equal(time, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(moments),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

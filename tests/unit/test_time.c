// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <time.h>

#include "../../src/output/rfc3339.h"
#include "sample.h"

static void wall_time_of_ticks(void **state)
{
	struct time_base base = {.epoch_monotonic = 5 * SAMPLE_SECOND,
				 .realtime_minus_monotonic = SAMPLE_NOW,
				 .hz = 250};

	(void)state;
	assert_int_equal(time_base_wall(&base, 0), SAMPLE_NOW + 5 * SAMPLE_SECOND);
	assert_int_equal(time_base_wall(&base, 1), SAMPLE_NOW + 5 * SAMPLE_SECOND + 256000000);
	base.hz = 1000;
	assert_int_equal(time_base_wall(&base, 1000),
			 SAMPLE_NOW + 5 * SAMPLE_SECOND + 64 * SAMPLE_SECOND);
	base.hz = 300;
	assert_int_equal(time_base_wall(&base, 300),
			 SAMPLE_NOW + 5 * SAMPLE_SECOND + 64 * SAMPLE_SECOND);
	base.hz = 100; /* 87 years: the product of ticks and nanoseconds would not fit */
	assert_int_equal(time_base_wall(&base, UINT32_MAX), SAMPLE_NOW + 5 * SAMPLE_SECOND +
								    2748779068ull * SAMPLE_SECOND +
								    800000000ull);
	base.hz = 0;
	assert_int_equal(time_base_wall(&base, 9), SAMPLE_NOW + 5 * SAMPLE_SECOND);
}

static void realtime_before_monotonic(void **state)
{
	struct time_base base = {.epoch_monotonic = 100 * SAMPLE_SECOND,
				 .realtime_minus_monotonic = 0 - 40 * SAMPLE_SECOND,
				 .hz = 250};

	(void)state;
	assert_int_equal(time_base_wall(&base, 0), 60 * SAMPLE_SECOND);
}

/* Each moment of a tick is of that tick. */
static void ticks_of_wall_time(void **state)
{
	static const uint32_t rates[] = {100, 250, 300, 1000};
	struct time_base base = {.epoch_monotonic = 5 * SAMPLE_SECOND,
				 .realtime_minus_monotonic = SAMPLE_NOW};
	uint64_t start, tick;
	uint32_t ticks;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		base.hz = rates[i];
		tick = 64 * SAMPLE_SECOND / base.hz;
		for (ticks = 0; ticks < 4000000000u; ticks += 12345677) {
			start = time_base_wall(&base, ticks);
			/* 1/300 s is no whole number of nanoseconds */
			assert_int_equal(time_base_ticks(&base, start + 1), ticks);
			assert_int_equal(time_base_ticks(&base, start + tick - 1), ticks);
		}
		assert_int_equal(time_base_ticks(&base, SAMPLE_NOW + 5 * SAMPLE_SECOND - 1), 0);
		assert_int_equal(time_base_ticks(&base, 0), 0);
	}
	/* seconds as ticks, as the history and the collector's files have them */
	base = (struct time_base){.hz = 64};
	assert_int_equal(time_base_ticks(&base, SAMPLE_NOW), SAMPLE_NOW / SAMPLE_SECOND);
	assert_int_equal(time_base_wall(&base, 1795343400), 1795343400 * SAMPLE_SECOND);
}

static void text_of_times(void **state)
{
	struct rfc3339 cache = {0};
	char text[RFC3339_WRITE_MAX + 1];

	(void)state;
	*rfc3339_microseconds(&cache, SAMPLE_NOW, text) = '\0';
	assert_string_equal(text, "2026-11-22T10:30:00.123456Z");
	*rfc3339_seconds(&cache, 0, text) = '\0';
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	*rfc3339_seconds(&cache, 951827696, text) = '\0';
	assert_string_equal(text, "2000-02-29T12:34:56Z");
	*rfc3339_seconds(&cache, 253402300799ull, text) = '\0';
	assert_string_equal(text, "9999-12-31T23:59:59Z");
}

static void agrees_with_gmtime(void **state)
{
	struct rfc3339 cache = {0};
	char text[RFC3339_WRITE_MAX + 1], expected[40];
	struct tm date;
	time_t second;

	(void)state;
	for (second = 0; second < 5000000000; second += 86399 * 13 + 7) {
		gmtime_r(&second, &date);
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &date);
		*rfc3339_seconds(&cache, (uint64_t)second, text) = '\0';
		assert_string_equal(text, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_of_wall_time),	     cmocka_unit_test(wall_time_of_ticks),
		cmocka_unit_test(realtime_before_monotonic), cmocka_unit_test(text_of_times),
		cmocka_unit_test(agrees_with_gmtime),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

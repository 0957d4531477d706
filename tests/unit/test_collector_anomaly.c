// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "../../src/collector/anomaly.h"

#define HOUR 3600
#define DAY 24 /* hours */
#define WEEK (7 * DAY)
#define YEAR (364 * DAY)
#define START INT64_C(1767571200) /* Monday, 2026-01-05T00:00:00Z */
#define RATE 1000000.0 /* bytes/s of a working hour */

static double rate[YEAR];

static const struct anomaly_series year = {.start = START, .rate = rate, .count = YEAR};

static uint64_t random_state;

/* xorshift64* (Vigna 2016): the same series each time. In [0, 1). */
static double uniform(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (double)(random_state * UINT64_C(2685821657736338717) >> 11) / 9007199254740992.0;
}

static double exponential(double x)
{
	double term = 1, sum = 1;

	for (int i = 1; i < 25; i++) {
		term *= x / 1024 / i;
		sum += term;
	}
	for (int i = 0; i < 10; i++)
		sum *= sum;
	return sum;
}

/* By rejection, so that the tails are right too: false alarms live there. */
static double normal(void)
{
	double x;

	do
		x = uniform() * 12 - 6;
	while (uniform() >= exponential(-x * x / 2));
	return x;
}

/* Working hours, evenings, nights and weekends, with log-normal noise. */
static void fill(uint64_t seed, double noise)
{
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < YEAR; i++) {
		int hour = i % DAY, day = i / DAY % 7;
		double level = RATE * (hour < 7 ? 0.05 : hour < 18 ? 1 : 0.4);

		if (day > 4)
			level *= 0.3;
		rate[i] = level * exponential(noise * normal());
	}
}

static size_t find(int from, struct anomaly **ret)
{
	size_t count = 0;

	*ret = NULL;
	assert_int_equal(anomaly_find(&year, &anomaly_defaults, START + (int64_t)from * HOUR, ret,
				      &count),
			 0);
	return count;
}

static int setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return 0;
}

static size_t alarms(double noise)
{
	struct anomaly *found;
	size_t total = 0;

	for (uint64_t seed = 1; seed <= 5; seed++) {
		fill(seed, noise);
		total += find(0, &found);
		free(found);
	}
	return total;
}

/*
 * Five years without any outbreak, 43,680 hours: measured are 0, 1, 2 and 16 alarms (hours in a row
 * are one) where log-normal noise has a sigma of 0.1, 0.2, 0.3 and 0.5.
 */
static void false_alarms(void **state)
{
	(void)state;
	assert_in_range(alarms(0.1), 0, 0);
	assert_in_range(alarms(0.2), 0, 2);
	assert_in_range(alarms(0.3), 0, 4);
	assert_in_range(alarms(0.5), 0, 20);
}

/* An outbreak of so many hours at the end of the year, and what is found from `from` on. */
static struct anomaly outbreak(int since, int hours, double factor, size_t *ret_count)
{
	struct anomaly *found, first = {};

	fill(1, 0.2);
	for (int i = since; i < since + hours; i++)
		rate[i] *= factor;
	*ret_count = find(YEAR - 2 * WEEK, &found);
	if (*ret_count)
		first = found[0];
	free(found);
	return first;
}

static void outbreaks_are_found(void **state)
{
	int since = YEAR - WEEK + 10; /* a Monday's working hours */
	struct anomaly found;
	size_t count;

	(void)state;
	found = outbreak(since, 5, 10, &count);
	assert_int_equal(count, 1);
	assert_int_equal(found.since, START + (int64_t)since * HOUR);
	assert_int_equal(found.until, START + (int64_t)(since + 5) * HOUR);
	assert_true(found.score > 15);
	assert_true(found.expected > RATE * 0.7 && found.expected < RATE * 1.4);
	assert_true(found.rate > 6 * RATE);
	/* at night, when that would be nothing by day */
	since = YEAR - WEEK + 3 * DAY + 2;
	found = outbreak(since, 1, 15, &count);
	assert_int_equal(count, 1);
	assert_int_equal(found.since, START + (int64_t)since * HOUR);
	assert_true(found.rate < 2 * RATE);
	/* three days: it does not become usual by lasting */
	since = YEAR - WEEK + 10;
	found = outbreak(since, 72, 20, &count);
	assert_int_equal(count, 1);
	assert_int_equal(found.until - found.since, 72 * HOUR);
}

static void what_is_usual_is_not(void **state)
{
	size_t count;

	(void)state;
	outbreak(YEAR - WEEK + 10, 5, 1.5, &count);
	assert_int_equal(count, 0);
	outbreak(YEAR - 4 * WEEK, 5, 10, &count); /* before what is asked for */
	assert_int_equal(count, 0);
}

/* An outbreak a week before makes neither the next week an anomaly nor hides one in it. */
static void the_median_leaves_outbreaks_out(void **state)
{
	int since = YEAR - WEEK + 10;
	struct anomaly *found;

	(void)state;
	fill(2, 0.2);
	for (int i = since; i < since + 5; i++)
		rate[i - WEEK] *= 20;
	assert_int_equal(find(YEAR - WEEK, &found), 0);
	free(found);
	for (int i = since; i < since + 5; i++)
		rate[i] *= 10;
	assert_int_equal(find(YEAR - WEEK, &found), 1);
	assert_int_equal(found->until - found->since, 5 * HOUR);
	free(found);
}

static void an_outage_stands_out_below(void **state)
{
	int since = YEAR - WEEK + 10;
	struct anomaly *found;

	(void)state;
	fill(3, 0.05);
	for (int i = since; i < since + 3; i++)
		rate[i] = 0;
	assert_int_equal(find(YEAR - WEEK, &found), 1);
	assert_true(found->score < -6 && found->rate < 1);
	assert_int_equal(found->since, START + (int64_t)since * HOUR);
	free(found);
}

/* What is not known is no zero; what was seen too few weeks is not judged. */
static void gaps_and_beginnings(void **state)
{
	struct anomaly *found;

	(void)state;
	fill(4, 0.05);
	for (int i = YEAR - WEEK; i < YEAR; i++)
		rate[i] = NAN;
	assert_int_equal(find(YEAR - WEEK, &found), 0);
	free(found);
	fill(4, 0.05);
	rate[2 * WEEK + 10] *= 100;
	assert_int_equal(find(0, &found), 0);
	free(found);
	rate[3 * WEEK + 10] *= 100;
	assert_int_equal(find(0, &found), 1);
	free(found);
	for (int i = YEAR - 3 * WEEK; i < YEAR - WEEK; i++)
		rate[i] = NAN;
	rate[YEAR - WEEK + 10] *= 10;
	assert_int_equal(find(YEAR - WEEK, &found), 1);
	free(found);
}

/* Someone who never was there: the floor alone says from when on that is worth a word. */
static void out_of_nothing(void **state)
{
	struct anomaly *found;

	(void)state;
	for (int i = 0; i < YEAR; i++)
		rate[i] = 0;
	rate[YEAR - 10] = 5 * anomaly_defaults.floor;
	rate[YEAR - 5] = 7 * anomaly_defaults.floor;
	assert_int_equal(find(YEAR - WEEK, &found), 1);
	assert_int_equal(found->since, START + (YEAR - 5) * (int64_t)HOUR);
	free(found);
}

/* By the clock on the wall: work begins at 7 on either side of a change of the clocks. */
static void weeks_of_local_time(void **state)
{
	struct anomaly *found;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (int i = 0; i < YEAR; i++) {
		time_t time = START + (time_t)i * HOUR;
		struct tm local;

		assert_non_null(localtime_r(&time, &local));
		rate[i] = local.tm_hour < 7 ? 0 : RATE;
	}
	/* What 02:00 was, the hour that spring leaves out, is the only one without a like. */
	assert_int_equal(find(0, &found), 0);
	free(found);
	setup(NULL);
	assert_true(find(0, &found) > 0);
	free(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(false_alarms),
		cmocka_unit_test(outbreaks_are_found),
		cmocka_unit_test(what_is_usual_is_not),
		cmocka_unit_test(the_median_leaves_outbreaks_out),
		cmocka_unit_test(an_outage_stands_out_below),
		cmocka_unit_test(gaps_and_beginnings),
		cmocka_unit_test(out_of_nothing),
		cmocka_unit_test(weeks_of_local_time),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

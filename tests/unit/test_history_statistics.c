// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>

#include <cmocka.h>

#include "../../src/history/statistics.h"

static void nearest_rank(void **state)
{
	double values[20], five[] = {50, 15, 40, 20, 35}, one[] = {7};

	(void)state;
	for (size_t i = 0; i < 20; i++)
		values[i] = (double)(20 - i);
	assert_true(statistics_percentile(values, 20, 95) == 19);
	assert_true(values[0] == 1 && values[19] == 20);
	assert_true(statistics_percentile(values, 20, 95.1) == 20);
	assert_true(statistics_percentile(values, 20, 100) == 20);
	assert_true(statistics_percentile(values, 20, 0) == 1);
	assert_true(statistics_percentile(five, 5, 30) == 20);
	assert_true(statistics_percentile(five, 5, 40) == 20);
	assert_true(statistics_percentile(five, 5, 50) == 35);
	assert_true(statistics_percentile(one, 1, 95) == 7);
	assert_true(isnan(statistics_percentile(NULL, 0, 95)));
}

/* 30 days of 5-minute values: the highest 5 %, 36 hours, are free. */
static void of_a_month(void **state)
{
	static double values[8640];

	(void)state;
	for (size_t i = 0; i < 8640; i++)
		values[i] = i % 20 ? 10 : 1000; /* 432 of them are bursts */
	assert_true(statistics_percentile(values, 8640, 95) == 10);
	values[0] = 1000; /* one more */
	assert_true(statistics_percentile(values, 8640, 95) == 1000);
}

static void medians(void **state)
{
	double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 2};

	(void)state;
	assert_true(statistics_median(odd, 3) == 5);
	assert_true(statistics_median(even, 4) == 2.5);
	assert_true(isnan(statistics_median(NULL, 0)));
}

static void deviations(void **state)
{
	const double values[] = {1, 1, 2, 2, 4, 6, 9}, flat[] = {3, 3, 3, 1000};

	(void)state;
	assert_true(fabs(statistics_deviation(values, 7, 2) - 1.4826) < 1e-12);
	assert_true(statistics_deviation(flat, 4, 3) == 0); /* one outlier is none */
	assert_true(isnan(statistics_deviation(NULL, 0, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest_rank),
		cmocka_unit_test(of_a_month),
		cmocka_unit_test(medians),
		cmocka_unit_test(deviations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

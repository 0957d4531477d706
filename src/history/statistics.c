// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics.h"

#include <math.h>
#include <netacct/cleanup.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double statistics_percentile(double *values, size_t count, double percent)
{
	double share;
	size_t rank;

	if (!count)
		return NAN;
	qsort(values, count, sizeof(*values), ascending);
	/* 95 % of 20 is 19: what binary fractions make of it must not be the 20th. */
	share = percent / 100 * (double)count - 1e-9;
	rank = share <= 0 ? 0 : (size_t)share;
	if (rank >= count)
		rank = count - 1;
	return values[rank];
}

double statistics_median(double *values, size_t count)
{
	if (!count)
		return NAN;
	qsort(values, count, sizeof(*values), ascending);
	if (count % 2)
		return values[count / 2];
	return values[count / 2 - 1] / 2 + values[count / 2] / 2;
}

double statistics_deviation(const double *values, size_t count, double median)
{
	_cleanup_free_ double *distances = NULL;

	if (!count)
		return NAN;
	distances = calloc(count, sizeof(*distances));
	if (!distances)
		return NAN;
	for (size_t i = 0; i < count; i++)
		distances[i] = fabs(values[i] - median);
	return 1.4826 * statistics_median(distances, count);
}

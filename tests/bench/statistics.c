// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between the two values next to that part of the way. */
static double quantile(const double *values, size_t count, double part)
{
	double place = part * (double)(count - 1);
	size_t below = (size_t)place, above = below + 1 < count ? below + 1 : below;

	return values[below] + (values[above] - values[below]) * (place - (double)below);
}

struct quartiles quartiles_of(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return (struct quartiles){quantile(values, count, 0.25), quantile(values, count, 0.5),
				  quantile(values, count, 0.75)};
}

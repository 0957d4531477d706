/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_STATISTICS_H
#define BENCH_STATISTICS_H

#include <stddef.h>

struct quartiles {
	double low, median, high;
};

/* Sorts the values. */
struct quartiles quartiles_of(double *values, size_t count);

#endif

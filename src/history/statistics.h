/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures over series; nothing here asks the database. */
#ifndef NETACCT_STATISTICS_H
#define NETACCT_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The value that `percent` of the values do not exceed (nearest rank: the
 * smallest with at least that share at or below it), as billing does it.
 * Sorts the array. NaN for an empty one.
 */
double statistics_percentile(double *values, size_t count, double percent);
double statistics_median(double *values, size_t count);
/* Median of the distances from `median`, times 1.4826: a standard deviation where they are normal.
 */
double statistics_deviation(const double *values, size_t count, double median);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "anomaly.h"

#include <errno.h>
#include <math.h>
#include <netacct/cleanup.h>
#include <stdlib.h>

#include "../history/calendar_date.h"
#include "../history/statistics.h"

#define HOUR 3600
#define WEEK 168 /* hours */
/* 98 of 100 values of a normal distribution lie within so many standard deviations. */
#define USUAL_PERCENT 98
#define USUAL_DEVIATIONS 2.326
#define USUAL_HOURS (2 * WEEK) /* fewer do not tell what is usual */

const struct anomaly_settings anomaly_defaults = {.threshold = 6, .weeks_min = 3, .floor = 10000};

struct judgement {
	const struct anomaly_series *series;
	const struct anomaly_settings *settings;
	int64_t *offset; /* of each hour: seconds that local time is ahead */
	double *expected, *deviation; /* of each hour; NaN where too little is known */
	double usual; /* how far hours stray, relative to what is expected */
};

static void judgement_clear(struct judgement *judgement)
{
	free(judgement->offset);
	free(judgement->expected);
	free(judgement->deviation);
}
#define _cleanup_judgement_ __attribute__((cleanup(judgement_clear)))

static int judgement_open(struct judgement *judgement)
{
	const struct anomaly_series *series = judgement->series;

	judgement->offset = calloc(series->count + 1, sizeof(*judgement->offset));
	judgement->expected = calloc(series->count + 1, sizeof(*judgement->expected));
	judgement->deviation = calloc(series->count + 1, sizeof(*judgement->deviation));
	if (!judgement->offset || !judgement->expected || !judgement->deviation)
		return -ENOMEM;
	for (size_t i = 0; i < series->count; i++)
		judgement->offset[i] = calendar_offset(series->start + (int64_t)i * HOUR);
	return 0;
}

/* The rate when the clock showed the same, so many weeks before; NaN where it is not known. */
static double rate_before(const struct judgement *judgement, size_t hour, size_t weeks)
{
	int64_t before = (int64_t)hour - (int64_t)(weeks * WEEK);

	if (before < 0)
		return NAN;
	before += (judgement->offset[hour] - judgement->offset[before]) / HOUR;
	return before < 0 ? NAN : judgement->series->rate[before];
}

static void expect(struct judgement *judgement, size_t hour)
{
	double values[ANOMALY_WEEKS], rate, median;
	size_t count = 0;

	for (size_t weeks = 1; weeks <= ANOMALY_WEEKS; weeks++) {
		rate = rate_before(judgement, hour, weeks);
		if (!isnan(rate))
			values[count++] = rate;
	}
	if (!count || count < judgement->settings->weeks_min) {
		judgement->expected[hour] = NAN;
		return;
	}
	median = statistics_median(values, count);
	judgement->expected[hour] = median;
	judgement->deviation[hour] = statistics_deviation(values, count, median);
}

/* How far the first `hours` stray from what is expected, relative to that; returns how many. */
static size_t find_distances(const struct judgement *judgement, size_t hours, double *ret)
{
	const struct anomaly_series *series = judgement->series;
	double floor = judgement->settings->floor;
	size_t count = 0;

	for (size_t i = 0; i < hours; i++) {
		double expected = judgement->expected[i];

		if (!isnan(expected) && !isnan(series->rate[i]))
			ret[count++] = fabs(series->rate[i] - expected) / (expected + floor);
	}
	return count;
}

/*
 * A few weeks say little of how far one hour of the week strays: three values
 * may lie close together by chance. All hours together say it better, those
 * before the ones to be judged: a long outbreak must not be usual.
 */
static int find_usual(struct judgement *judgement, size_t before)
{
	size_t count, hours = judgement->series->count;
	_cleanup_free_ double *distances = calloc(hours + 1, sizeof(*distances));

	if (!distances)
		return -ENOMEM;
	count = find_distances(judgement, before, distances);
	if (count < USUAL_HOURS)
		count = find_distances(judgement, hours, distances);
	if (count)
		judgement->usual =
			statistics_percentile(distances, count, USUAL_PERCENT) / USUAL_DEVIATIONS;
	return 0;
}

/* In standard deviations; 0 where the hour cannot be judged. */
static double score_of(const struct judgement *judgement, size_t hour)
{
	double rate = judgement->series->rate[hour], expected = judgement->expected[hour];
	double floor = judgement->settings->floor, deviation, usual;

	if (isnan(rate) || isnan(expected))
		return 0;
	deviation = judgement->deviation[hour];
	usual = judgement->usual * (expected + floor);
	if (!(deviation >= usual)) /* NaN: no memory for it */
		deviation = usual;
	if (deviation < floor)
		deviation = floor;
	return deviation > 0 ? (rate - expected) / deviation : 0;
}

static int append(struct anomaly **list, size_t *count, struct anomaly anomaly)
{
	struct anomaly *grown;

	/* to the next power of two, when one is full */
	if (!(*count & (*count - 1))) {
		grown = reallocarray(*list, *count ? *count * 2 : 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*list = grown;
	}
	(*list)[(*count)++] = anomaly;
	return 0;
}

/* Goes into the one before where that is the same for another hour. */
static int add_hour(const struct judgement *judgement, size_t hour, double score,
		    struct anomaly **list, size_t *count)
{
	int64_t since = judgement->series->start + (int64_t)hour * HOUR;
	struct anomaly anomaly = {.since = since,
				  .until = since + HOUR,
				  .rate = judgement->series->rate[hour],
				  .expected = judgement->expected[hour],
				  .score = score};
	struct anomaly *last = *count ? &(*list)[*count - 1] : NULL;

	if (!last || last->until != since || (last->score < 0) != (score < 0))
		return append(list, count, anomaly);
	last->until = anomaly.until;
	if (fabs(score) > fabs(last->score)) {
		last->rate = anomaly.rate;
		last->expected = anomaly.expected;
		last->score = score;
	}
	return 0;
}

int anomaly_find(const struct anomaly_series *series, const struct anomaly_settings *settings,
		 int64_t from, struct anomaly **ret, size_t *ret_count)
{
	_cleanup_judgement_ struct judgement judgement = {.series = series, .settings = settings};
	_cleanup_free_ struct anomaly *list = NULL;
	size_t count = 0, first = 0;
	int error = judgement_open(&judgement);

	if (error)
		return error;
	while (first < series->count && series->start + (int64_t)first * HOUR < from)
		first++;
	for (size_t i = 0; i < series->count; i++)
		expect(&judgement, i);
	error = find_usual(&judgement, first);
	for (size_t i = first; !error && i < series->count; i++) {
		double score = score_of(&judgement, i);

		if (fabs(score) >= settings->threshold)
			error = add_hour(&judgement, i, score, &list, &count);
	}
	if (error)
		return error;
	*ret = TAKE_PTR(list);
	*ret_count = count;
	return 0;
}

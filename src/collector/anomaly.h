/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands out: the rate of an hour against that of the same hour of the
 * week before (median and MAD over the weeks there are), per source and per
 * local host.
 */
#ifndef NETACCT_ANOMALY_H
#define NETACCT_ANOMALY_H

#include "../history/history.h"

#define ANOMALY_WEEKS 8 /* that are looked back upon: the baseline follows what grows slowly */

/* One series: bytes per second of each hour, oldest first, NaN where nothing is known. */
struct anomaly_series {
	int64_t start; /* of the first hour, seconds */
	const double *rate;
	size_t count;
};

struct anomaly {
	int64_t since, until; /* hours in a row that stand out, seconds */
	double rate; /* bytes/s, of the hour that stands out most */
	double expected; /* the baseline of that hour */
	double score; /* distance in robust standard deviations, negative: below */
};

struct anomaly_settings {
	double threshold; /* robust standard deviations; 6 */
	unsigned int weeks_min; /* weeks that an hour must have been seen before it is judged; 3 */
	double floor; /* bytes/s: the least deviation that is assumed; 10000 */
};
extern const struct anomaly_settings anomaly_defaults;

/*
 * Judges the hours from `from` on, each against the same hour (of local time) of the weeks before
 * it (those that stood out themselves are left out of the baseline by the median). The deviation
 * is the largest of that hour's, of what all hours of the series usually stray by, and the floor.
 * free() the array. -ENOMEM.
 */
int anomaly_find(const struct anomaly_series *series, const struct anomaly_settings *settings,
		 int64_t from, struct anomaly **ret, size_t *ret_count);

struct anomaly_row {
	uint32_t source;
	bool host; /* of one local address, else of the whole source */
	uint32_t address[4]; /* network byte order, IPv4 mapped */
	bool transmit; /* which direction */
	struct anomaly anomaly;
};

/*
 * Over the history: all that stands out in [since, until), worst first; free() the array. Each
 * source, and of each the ANOMALY_HOSTS local addresses (fewer over long times) with the most
 * bytes in that time.
 */
#define ANOMALY_HOSTS 500
int anomalies_query(struct history *history, const struct anomaly_settings *settings, int64_t since,
		    int64_t until, struct anomaly_row **ret, size_t *ret_count,
		    struct history_error *why);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Series: what a source counted in each bin of each level, and how many
 * seconds of it were counted. They are written on all levels when a row of the
 * journal is folded; nothing is rolled up.
 */
#ifndef NETACCT_HISTORY_SERIES_H
#define NETACCT_HISTORY_SERIES_H

#include "journal.h"

/* A part of a row of the journal that falls into one bin. */
struct series_part {
	uint32_t source;
	int64_t start; /* seconds: of the bin */
	int64_t covered; /* ns */
	struct na_count rx, tx;
};
typedef int (*series_function)(void *context, const struct series_part *part);

/*
 * The counts go to the bin of the row's moment, the time to all bins that it
 * touches, from `earliest` seconds on.
 */
int series_split(const struct journal_row *row, enum history_level level, int64_t earliest,
		 series_function function, void *context);

/* Adds a row of the journal on all levels. */
int series_add(struct history *history, const struct journal_row *row);

/* Deletes what starts before `before` of one level, of all sources. */
int series_delete(struct history *history, enum history_level level, int64_t before);

#endif

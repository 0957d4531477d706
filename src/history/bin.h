/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bins: a row per level, start, source and key. */
#ifndef NETACCT_HISTORY_BIN_H
#define NETACCT_HISTORY_BIN_H

#include "calendar.h"
#include "code.h"
#include "database.h"

/*
 * Adds to the 5-minute bin that starts at `start`; where it is rolled up
 * already, to the bins above it too, so that all levels have the same sums.
 */
int bin_add(struct history *history, int64_t start, uint32_t source, const struct code_order *order,
	    size_t count);
/* Merges what is beyond the top N of each source in that bin into `other`. */
int bin_cut(struct history *history, enum history_level level, int64_t start);
/* The first bin of the level with rows that starts at `since` or later; INT64_MAX: none. */
int bin_next(struct history *history, enum history_level level, int64_t since, int64_t *ret);

#endif

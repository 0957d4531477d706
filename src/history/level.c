// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "history.h"

#define DAYS 86400ull

/*
 * The 95th percentile of a billing period is computed from the series of 5
 * minutes: they are kept for SERIES_KEPT (retain.c) at least.
 */
const struct history_settings history_defaults = {
	.max_size = 4ull << 30,
	.max_totals = 1000000,
	.top = {[HISTORY_5MIN] = 10000,
		[HISTORY_HOUR] = 5000,
		[HISTORY_DAY] = 2000,
		[HISTORY_MONTH] = 2000},
	.retention = {[HISTORY_MINUTE] = 7 * DAYS,
		      [HISTORY_5MIN] = 40 * DAYS,
		      [HISTORY_HOUR] = 100 * DAYS,
		      [HISTORY_DAY] = 3 * 366 * DAYS},
};

static const char *const names[HISTORY_LEVELS] = {
	[HISTORY_MINUTE] = "minute", [HISTORY_5MIN] = "5min",	[HISTORY_HOUR] = "hour",
	[HISTORY_DAY] = "day",	     [HISTORY_MONTH] = "month",
};

int history_level_parse(const char *text, enum history_level *ret)
{
	size_t i;

	for (i = 0; i < HISTORY_LEVELS; i++) {
		if (!strcmp(text, names[i])) {
			*ret = (enum history_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *history_level_name(enum history_level level)
{
	return (unsigned int)level < HISTORY_LEVELS ? names[level] : "unknown";
}

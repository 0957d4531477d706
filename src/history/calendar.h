/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bins in the calendar. Minutes and 5-minute bins are aligned to the epoch;
 * hours, days and months are those of the local time zone (TZ), so that a
 * day has 23 or 25 hours where the clocks change.
 */
#ifndef NETACCT_CALENDAR_H
#define NETACCT_CALENDAR_H

#include "history.h"

/* The bin of that level that `time` lies in: its start, and its end (the start of the next). */
int64_t calendar_start(enum history_level level, int64_t time);
int64_t calendar_end(enum history_level level, int64_t time);

/*
 * Billing periods begin at 00:00 of `reset_day` (1 to 31; a month that is
 * shorter begins its period on its last day).
 */
int64_t calendar_period_start(int reset_day, int64_t time);
int64_t calendar_period_end(int reset_day, int64_t time);

/*
 * A moment as users write it: "2026-11-22", "2026-11-22T10:30", with seconds,
 * "Z" or an offset (RFC 3339; without one local time), "30d", "12h", "15min", "2w", "3month" (so
 * long before `now`), "now", "today", "yesterday", "month" (the start of the month), "period" (of
 * the billing period). -EINVAL.
 */
int calendar_parse(const char *text, int64_t now, int reset_day, int64_t *ret);

#endif

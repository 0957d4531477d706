/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What calendar.c and calendar_parse.c share: dates, and how far local time is from UTC. */
#ifndef NETACCT_CALENDAR_DATE_H
#define NETACCT_CALENDAR_DATE_H

#include <stdint.h>

/* Seconds that local time is ahead of UTC at that moment. */
int64_t calendar_offset(int64_t time);

/* 00:00 of a date as if local time were UTC; month 1 to 12, or 13 for the next year's first. */
int64_t calendar_unzoned(int year, int month, int day);

/* How many days a month has. */
int calendar_days(int year, int month);

/*
 * The first moment of the day whose 00:00 that is (a multiple of 86400): 00:00, the first of two,
 * or where the clocks are put forward over it the moment of that.
 */
int64_t calendar_midnight(int64_t unzoned);

#endif

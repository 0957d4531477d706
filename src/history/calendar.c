// SPDX-License-Identifier: GPL-2.0-or-later
#include "calendar.h"

#include <time.h>

#include "calendar_date.h"

#define HOUR 3600
#define DAY 86400
/* No offset from UTC is as far as this (POSIX: 24:59:59), so that a day begins within twice it. */
#define OFFSET_MAX (25 * HOUR)

int64_t calendar_offset(int64_t time)
{
	time_t second = (time_t)time;
	struct tm local;

	if (!localtime_r(&second, &local))
		return 0;
	return local.tm_gmtoff;
}

int64_t calendar_unzoned(int year, int month, int day)
{
	struct tm date = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};

	return timegm(&date);
}

int calendar_days(int year, int month)
{
	return (int)((calendar_unzoned(year, month + 1, 1) - calendar_unzoned(year, month, 1)) /
		     DAY);
}

int64_t calendar_midnight(int64_t unzoned)
{
	int64_t low = unzoned - OFFSET_MAX, high = unzoned + OFFSET_MAX, middle;
	int64_t before = calendar_offset(low);

	if (before == calendar_offset(high))
		return unzoned - before;
	/* The clocks change nearby: 00:00 may be missing or come twice. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (middle + calendar_offset(middle) >= unzoned)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The moments at which days (`month_day` 0) or months begin, by number. */
static int64_t border(int month_day, int64_t number)
{
	int year, month, days;

	if (!month_day)
		return calendar_midnight(number * DAY);
	year = (int)(number / 12);
	month = (int)(number % 12) + 1;
	days = calendar_days(year, month);
	return calendar_midnight(
		calendar_unzoned(year, month, month_day < days ? month_day : days));
}

static int64_t border_number(int month_day, int64_t time)
{
	time_t second = (time_t)time;
	struct tm local;

	if (!localtime_r(&second, &local))
		return 0;
	if (month_day)
		return (local.tm_year + INT64_C(1900)) * 12 + local.tm_mon;
	return calendar_unzoned(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) / DAY;
}

/*
 * The borders alone say where a day begins and not what the clock shows: where it is turned back
 * over midnight, each moment is in one day all the same.
 */
static int64_t number_at(int month_day, int64_t time)
{
	int64_t number = border_number(month_day, time);

	while (border(month_day, number) > time)
		number--;
	while (border(month_day, number + 1) <= time)
		number++;
	return number;
}

static int64_t start_of(int month_day, int64_t time)
{
	return border(month_day, number_at(month_day, time));
}

static int64_t end_of(int month_day, int64_t time)
{
	return border(month_day, number_at(month_day, time) + 1);
}

static int64_t into(int64_t time, int64_t length)
{
	int64_t rest = time % length;

	return rest < 0 ? rest + length : rest;
}

static int64_t into_hour(int64_t time)
{
	return into(time + calendar_offset(time), HOUR);
}

/* The first moment in (low, high] with the offset that `high` has. */
static int64_t change_between(int64_t low, int64_t high)
{
	int64_t offset = calendar_offset(high), middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (calendar_offset(middle) == offset)
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* Where the clocks change by half an hour, the hour is cut there. */
static int64_t hour_start(int64_t time)
{
	int64_t start = time - into_hour(time);

	return into_hour(start) ? change_between(start, time) : start;
}

static int64_t hour_end(int64_t time)
{
	int64_t end = time + HOUR - into_hour(time);

	return into_hour(end) ? change_between(time, end) : end;
}

int64_t calendar_start(enum history_level level, int64_t time)
{
	switch (level) {
	case HISTORY_MINUTE:
		return time - into(time, 60);
	case HISTORY_5MIN:
		return time - into(time, 300);
	case HISTORY_HOUR:
		return hour_start(time);
	case HISTORY_DAY:
		return start_of(0, time);
	default:
		return start_of(1, time);
	}
}

int64_t calendar_end(enum history_level level, int64_t time)
{
	switch (level) {
	case HISTORY_MINUTE:
		return time - into(time, 60) + 60;
	case HISTORY_5MIN:
		return time - into(time, 300) + 300;
	case HISTORY_HOUR:
		return hour_end(time);
	case HISTORY_DAY:
		return end_of(0, time);
	default:
		return end_of(1, time);
	}
}

int64_t calendar_period_start(int reset_day, int64_t time)
{
	return start_of(reset_day, time);
}

int64_t calendar_period_end(int reset_day, int64_t time)
{
	return end_of(reset_day, time);
}

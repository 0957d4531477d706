// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendar.h"
#include "calendar_date.h"

#define DAY 86400

struct moment {
	int year, month, day, hour, minute, second;
};

/* So many digits; false where there are not, or the number is outside of the range. */
static bool digits(const char **text, int count, int minimum, int maximum, int *ret)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		char digit = (*text)[i];

		if (digit < '0' || digit > '9')
			return false;
		number = number * 10 + (digit - '0');
	}
	*text += count;
	*ret = number;
	return number >= minimum && number <= maximum;
}

static bool character(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

static bool parse_date(const char **text, struct moment *ret)
{
	return digits(text, 4, 1970, 9999, &ret->year) && character(text, '-') &&
	       digits(text, 2, 1, 12, &ret->month) && character(text, '-') &&
	       digits(text, 2, 1, calendar_days(ret->year, ret->month), &ret->day);
}

/* A fraction is read and left out: bins are never finer than a second. */
static bool parse_fraction(const char **text)
{
	size_t length;

	if (!character(text, '.'))
		return true;
	length = strspn(*text, "0123456789");
	*text += length;
	return length > 0;
}

static bool parse_clock(const char **text, struct moment *ret)
{
	if (!digits(text, 2, 0, 23, &ret->hour) || !character(text, ':') ||
	    !digits(text, 2, 0, 59, &ret->minute))
		return false;
	if (!character(text, ':'))
		return true;
	return digits(text, 2, 0, 60, &ret->second) && parse_fraction(text);
}

/* What stands behind the time: "Z", "+02:00". */
static bool parse_offset(const char *text, int64_t *ret)
{
	bool west = *text == '-';
	int hours, minutes;

	if ((*text == 'Z' || *text == 'z') && !text[1]) {
		*ret = 0;
		return true;
	}
	if (*text != '+' && *text != '-')
		return false;
	text++;
	if (!digits(&text, 2, 0, 23, &hours) || !character(&text, ':') ||
	    !digits(&text, 2, 0, 59, &minutes) || *text)
		return false;
	*ret = (west ? -1 : 1) * (hours * INT64_C(3600) + minutes * INT64_C(60));
	return true;
}

static int64_t unzoned(const struct moment *moment)
{
	return calendar_unzoned(moment->year, moment->month, moment->day) +
	       moment->hour * INT64_C(3600) + moment->minute * INT64_C(60) + moment->second;
}

/*
 * A time that comes twice is the first; one that the clocks leave out is as
 * far behind that moment as it would have been.
 */
static int64_t local(int64_t wanted)
{
	int64_t first = wanted - calendar_offset(wanted - DAY);
	int64_t second = wanted - calendar_offset(wanted + DAY);

	if (first == second || first + calendar_offset(first) == wanted)
		return first;
	return second + calendar_offset(second) == wanted ? second : first;
}

static int parse_moment(const char *text, int64_t *ret)
{
	struct moment moment = {};
	int64_t offset, time;

	if (!parse_date(&text, &moment))
		return -EINVAL;
	if (!*text) {
		*ret = calendar_midnight(unzoned(&moment));
		return 0;
	}
	if (*text != 'T' && *text != 't' && *text != ' ')
		return -EINVAL;
	text++;
	if (!parse_clock(&text, &moment))
		return -EINVAL;
	time = unzoned(&moment);
	if (!*text)
		time = local(time);
	else if (parse_offset(text, &offset))
		time -= offset;
	else
		return -EINVAL;
	*ret = time;
	return 0;
}

/* The same time of day, so many days before. */
static int64_t days_before(int64_t now, int64_t days)
{
	return days ? local(now + calendar_offset(now) - days * DAY) : now;
}

/* The same day of the month, or its last where it is shorter. */
static int64_t months_before(int64_t now, int64_t count)
{
	time_t second = (time_t)now;
	struct moment moment;
	int64_t month;
	struct tm date;
	int days;

	if (!count || !localtime_r(&second, &date))
		return now;
	month = (date.tm_year + INT64_C(1900)) * 12 + date.tm_mon - count;
	if (month < INT64_C(1970) * 12)
		return -1;
	moment = (struct moment){.year = (int)(month / 12),
				 .month = (int)(month % 12) + 1,
				 .day = date.tm_mday,
				 .hour = date.tm_hour,
				 .minute = date.tm_min,
				 .second = date.tm_sec};
	days = calendar_days(moment.year, moment.month);
	if (moment.day > days)
		moment.day = days;
	return local(unzoned(&moment));
}

static int parse_ago(const char *text, int64_t now, int64_t *ret)
{
	size_t length = strspn(text, "0123456789");
	const char *unit = text + length;
	int64_t count, time;

	if (!length || length > 8)
		return -EINVAL;
	count = strtoll(text, NULL, 10);
	if (!strcmp(unit, "min"))
		time = now - count * 60;
	else if (!strcmp(unit, "h"))
		time = now - count * 3600;
	else if (!strcmp(unit, "d"))
		time = days_before(now, count);
	else if (!strcmp(unit, "w"))
		time = days_before(now, count * 7);
	else if (!strcmp(unit, "month"))
		time = months_before(now, count);
	else
		return -EINVAL;
	if (time < 0)
		return -EINVAL;
	*ret = time;
	return 0;
}

int calendar_parse(const char *text, int64_t now, int reset_day, int64_t *ret)
{
	if (!strcmp(text, "now"))
		*ret = now;
	else if (!strcmp(text, "today"))
		*ret = calendar_start(HISTORY_DAY, now);
	else if (!strcmp(text, "yesterday"))
		*ret = calendar_start(HISTORY_DAY, calendar_start(HISTORY_DAY, now) - 1);
	else if (!strcmp(text, "month"))
		*ret = calendar_start(HISTORY_MONTH, now);
	else if (!strcmp(text, "period"))
		*ret = calendar_period_start(reset_day, now);
	else if (strchr(text, '-'))
		return parse_moment(text, ret);
	else
		return parse_ago(text, now, ret);
	return 0;
}

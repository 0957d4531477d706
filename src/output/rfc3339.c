// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "rfc3339.h"

#define DAY 86400u

static void set_day(struct rfc3339 *cache, uint64_t day)
{
	time_t start = (time_t)(day * DAY);
	struct tm date = {.tm_mday = 1};
	char *out = cache->date;
	unsigned int year;

	gmtime_r(&start, &date);
	year = (unsigned int)date.tm_year + 1900;
	out = two_digits_write(out, year / 100 % 100);
	out = two_digits_write(out, year % 100);
	*out++ = '-';
	out = two_digits_write(out, (unsigned int)date.tm_mon + 1);
	*out++ = '-';
	out = two_digits_write(out, (unsigned int)date.tm_mday);
	*out = 'T';
	cache->day = day + 1;
}

/* Without the Z. */
static char *write_seconds(struct rfc3339 *cache, uint64_t seconds, char *out)
{
	uint64_t day = seconds / DAY;
	unsigned int rest = (unsigned int)(seconds % DAY);

	if (cache->day != day + 1)
		set_day(cache, day);
	memcpy(out, cache->date, sizeof(cache->date));
	out = two_digits_write(out + sizeof(cache->date), rest / 3600);
	*out++ = ':';
	out = two_digits_write(out, rest / 60 % 60);
	*out++ = ':';
	return two_digits_write(out, rest % 60);
}

char *rfc3339_seconds(struct rfc3339 *cache, uint64_t seconds, char *out)
{
	out = write_seconds(cache, seconds, out);
	*out++ = 'Z';
	return out;
}

char *rfc3339_microseconds(struct rfc3339 *cache, uint64_t nanoseconds, char *out)
{
	unsigned int micro = (unsigned int)(nanoseconds / 1000 % 1000000);

	out = write_seconds(cache, nanoseconds / 1000000000, out);
	*out++ = '.';
	out = two_digits_write(out, micro / 10000);
	out = two_digits_write(out, micro / 100 % 100);
	out = two_digits_write(out, micro % 100);
	*out++ = 'Z';
	return out;
}

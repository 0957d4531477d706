/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as RFC 3339 has them, in UTC; the date is kept from one to the next. */
#ifndef NETACCT_RFC3339_H
#define NETACCT_RFC3339_H

#include <stdint.h>

#define RFC3339_WRITE_MAX 27
#define RFC3339_SECONDS 20 /* bytes of a time without a fraction */

/* Start with all zero. */
struct rfc3339 {
	uint64_t day; /* 1 + days since 1970, 0: none yet */
	char date[11]; /* "2026-11-22T" */
};

/* Seconds since 1970, up to the year 9999: "2026-11-22T10:30:00Z", 20 bytes without a NUL. */
char *rfc3339_seconds(struct rfc3339 *cache, uint64_t seconds, char *out);
/* Nanoseconds since 1970, cut to microseconds: "2026-11-22T10:30:00.123456Z", 27 bytes. */
char *rfc3339_microseconds(struct rfc3339 *cache, uint64_t nanoseconds, char *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of the addresses of a report besides. */
#ifndef NETACCT_REPORT_NAMES_H
#define NETACCT_REPORT_NAMES_H

#include "report_gather.h"

struct report_name {
	struct na_key key; /* of a group, without its bin */
	char name[256]; /* of reverse DNS; as the server said it, "" where there is none */
	char country[8]; /* ISO 3166-1 alpha-2 */
	uint32_t number; /* of the autonomous system, 0: not known */
	char organization[128];
};

struct report_names {
	struct report_name *names; /* by key; owned */
	size_t count;
};

void report_names_clear(struct report_names *names);
#define _cleanup_report_names_ __attribute__((cleanup(report_names_clear)))

/* As --resolve and --geoip say. -errno with a sentence in report->why. */
int report_names_find(struct report *report, const struct report_groups *groups,
		      struct report_names *ret);

/* NULL: nothing is known of it. */
const struct report_name *report_name_of(const struct report_names *names,
					 const struct na_key *key);

/*
 * Asks for the names in a process of its own, many at once, the first ones
 * first. What has not been answered after `seconds` is left alone. -errno.
 */
int report_resolve(struct report_name *names, size_t count, unsigned int seconds);

#ifdef HAVE_LIBMAXMINDDB
/* -errno with a sentence in why. */
int report_geoip(const char *path, struct report_name *names, size_t count,
		 struct history_error *why);
#endif

#endif

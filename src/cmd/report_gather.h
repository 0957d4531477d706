/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a report, added up. For report_rows.c. */
#ifndef NETACCT_REPORT_GATHER_H
#define NETACCT_REPORT_GATHER_H

#include "report.h"

struct report_groups {
	struct flow_record *rows; /* keys as report_key() makes them; owned */
	size_t count;
	struct na_count rx, tx; /* of all */
};

void report_groups_clear(struct report_groups *groups);
#define _cleanup_report_groups_ __attribute__((cleanup(report_groups_clear)))

/*
 * By bin, then the busiest first, then `other` and what --top left out: sums
 * are those of the history. -errno with a sentence in report->why; -EINVAL
 * where --by is finer than the keys of a source.
 */
int report_gather(struct report *report, struct report_groups *ret);

static inline int64_t report_key_start(const struct na_key *key)
{
	return key->remote[REPORT_KEY_START];
}

static inline int64_t report_key_end(const struct na_key *key)
{
	return report_key_start(key) + key->remote[REPORT_KEY_LENGTH];
}

#endif

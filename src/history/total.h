/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The totals of a ledger: a row per full key, and `other` beyond settings.max_totals. */
#ifndef NETACCT_HISTORY_TOTAL_H
#define NETACCT_HISTORY_TOTAL_H

#include "code.h"
#include "database.h"

/* Adds records, times as seconds, in the order of their codes. */
int total_add(struct history *history, int64_t ledger, const struct code_order *order,
	      size_t count);
/* `other` by direction. */
int total_add_other(struct history *history, int64_t ledger, const struct na_count *other);
/* Merges a ledger's rows into the table; its `other` is added to other[]. */
int total_merge(struct history *history, int64_t ledger, struct record_table *table,
		struct na_count other[NA_DIRECTIONS]);
/* The rows of one ledger go over into another, and it is empty then. */
int total_move(struct history *history, int64_t from, int64_t to);

#endif

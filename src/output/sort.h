/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records in the order of a column, ties in the order of their keys
 * (addresses, ports, protocol), so that the same records always come out the
 * same. In place, with 32 bytes a record of its own while it lasts.
 */
#ifndef NETACCT_SORT_H
#define NETACCT_SORT_H

#include "column.h"

/*
 * `top`: only so many are wanted in order, those in front; the rest comes
 * behind them in any order. 0: all. -ENOMEM; the records are as they were then.
 */
int records_sort(struct flow_record *records, size_t count, size_t top, const struct column *column,
		 struct column_context *context);

#endif

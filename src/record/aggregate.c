// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "record.h"

int records_aggregate(const struct flow_record *records, size_t count, enum na_key_kind from,
		      enum na_key_kind to, struct flow_record **ret, size_t *ret_count)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct flow_record coarse;
	size_t i;
	int err;

	if (!key_kind_covers(from, to))
		return -EINVAL;
	err = record_table_new(&table, 0);
	for (i = 0; !err && i < count; i++) {
		coarse = records[i];
		key_coarsen(&coarse.key, to);
		err = record_table_merge(table, &coarse);
	}
	if (err)
		return err;
	*ret = record_table_take(table, ret_count);
	return 0;
}

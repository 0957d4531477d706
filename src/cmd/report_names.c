// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_names.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdlib.h>
#include <string.h>

#define RESOLVE_SECONDS 5

void report_names_clear(struct report_names *names)
{
	free(names->names);
	*names = (struct report_names){};
}

static bool has_address(const struct report_by *by)
{
	return by->key == REPORT_BY_HOST || by->key == REPORT_BY_REMOTE ||
	       by->key == REPORT_BY_PREFIX;
}

static struct na_key without_bin(struct na_key key)
{
	key.remote[REPORT_KEY_START] = 0;
	key.remote[REPORT_KEY_LENGTH] = 0;
	return key;
}

/* Each address once, in the order of the rows. */
static int collect(const struct report_groups *groups, struct report_names *ret)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	const struct flow_record *records;
	int error = record_table_new(&table, 0);

	for (size_t i = 0; !error && i < groups->count; i++) {
		struct flow_record record = {.key = without_bin(groups->rows[i].key)};

		if (record.key.remote[REPORT_KEY_KIND] == REPORT_GROUP)
			error = record_table_merge(table, &record);
	}
	if (error)
		return error;
	ret->count = record_table_count(table);
	ret->names = calloc(ret->count + 1, sizeof(*ret->names));
	if (!ret->names)
		return -ENOMEM;
	records = record_table_records(table);
	for (size_t i = 0; i < ret->count; i++)
		ret->names[i].key = records[i].key;
	return 0;
}

static int by_key(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct na_key));
}
_Static_assert(offsetof(struct report_name, key) == 0, "names are found by their keys");

int report_names_find(struct report *report, const struct report_groups *groups,
		      struct report_names *ret)
{
	const struct report_options *options = report->options;
	int error;

	if (!has_address(&options->by) || !(options->resolve || options->geoip))
		return 0;
	error = collect(groups, ret);
	if (!error && options->resolve && options->by.key != REPORT_BY_PREFIX)
		error = report_resolve(ret->names, ret->count, RESOLVE_SECONDS);
#ifdef HAVE_LIBMAXMINDDB
	if (!error && options->geoip)
		error = report_geoip(options->geoip, ret->names, ret->count, &report->why);
#endif
	if (ret->count)
		qsort(ret->names, ret->count, sizeof(*ret->names), by_key);
	return error;
}

const struct report_name *report_name_of(const struct report_names *names, const struct na_key *key)
{
	struct na_key wanted = without_bin(*key);

	if (!names->count)
		return NULL;
	return bsearch(&wanted, names->names, names->count, sizeof(*names->names), by_key);
}

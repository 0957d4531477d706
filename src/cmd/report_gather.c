// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_gather.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../history/calendar.h"
#include "../source/sentence.h"

#define ROWS_MAX 4000000 /* 350 MB of them */

#define STOPPED 1 /* what history_rows() is stopped with; it has a sentence for each errno */

#define WHY(gathering) (gathering)->why.text, sizeof((gathering)->why.text)

struct gathering {
	struct report *report;
	struct record_table *table;
	bool bins; /* a group of each bin */
	const struct flow_record *top; /* by key; NULL: all */
	size_t top_count;
	struct {
		int64_t row_start; /* of the row that it was found for */
		enum history_level level;
		uint32_t start, length;
	} bin; /* the last one: rows of a bin come together */
	struct na_count rx, tx;
	int error; /* of what stopped it */
	struct history_error why;
};

static int by_key(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct na_key));
}
_Static_assert(offsetof(struct flow_record, key) == 0, "records are found by their keys");

/* A bin that is coarser than what is asked for stays as it is: the finer ones are gone. */
static void find_bin(struct gathering *gathering, const struct history_row *row)
{
	enum history_level wanted = (enum history_level)gathering->report->options->bin;
	int64_t start = row->start, end = row->end;

	if (gathering->bin.length && gathering->bin.row_start == row->start &&
	    gathering->bin.level == row->level)
		return;
	if (row->level < wanted) {
		start = calendar_start(wanted, row->start);
		end = calendar_end(wanted, row->start);
	}
	gathering->bin.row_start = row->start;
	gathering->bin.level = row->level;
	gathering->bin.start = (uint32_t)start;
	gathering->bin.length = (uint32_t)(end - start);
}

static bool left_out(const struct gathering *gathering, const struct na_key *key)
{
	return gathering->top && key->remote[REPORT_KEY_KIND] == REPORT_GROUP &&
	       !bsearch(key, gathering->top, gathering->top_count, sizeof(*gathering->top), by_key);
}

static const struct na_key rest_key = {.what = NA_WHAT_SET,
				       .remote = {[REPORT_KEY_KIND] = REPORT_REST}};

static int too_fine(struct gathering *gathering, const struct history_row *row)
{
	const struct report *report = gathering->report;

	gathering->error = sentence(
		WHY(gathering), -EINVAL,
		"--by %s: the flows of %s have the key %s, which does not tell it; leave it out "
		"with --source",
		report_by_name(&report->options->by),
		quote(report_source_id(report, row->source)).text, key_kind_name(row->kind));
	return STOPPED;
}

static int too_many(struct gathering *gathering)
{
	gathering->error =
		sentence(WHY(gathering), -E2BIG,
			 "more than %d rows: ask for fewer with --top or a longer --bin", ROWS_MAX);
	return STOPPED;
}

static int add_row(void *context, const struct history_row *row)
{
	struct gathering *gathering = context;
	struct report *report = gathering->report;
	const struct report_by *by = &report->options->by;
	struct flow_record record = {.rx = row->rx, .tx = row->tx};

	if (!report_selected(report, row->source))
		return 0;
	if (!report_by_covers(by, row->kind))
		return too_fine(gathering, row);
	na_count_add(&gathering->rx, row->rx);
	na_count_add(&gathering->tx, row->tx);
	record.key = report_key(by, row);
	if (left_out(gathering, &record.key))
		record.key = rest_key;
	if (gathering->bins) {
		find_bin(gathering, row);
		record.key.remote[REPORT_KEY_START] = gathering->bin.start;
		record.key.remote[REPORT_KEY_LENGTH] = gathering->bin.length;
	}
	if (record_table_count(gathering->table) >= ROWS_MAX)
		return too_many(gathering);
	return record_table_merge(gathering->table, &record);
}

static int read_rows(struct gathering *gathering, struct report_groups *ret)
{
	struct report *report = gathering->report;
	int bin = report->options->bin;
	int error;

	error = record_table_new(&gathering->table, 0);
	if (!error)
		error = history_rows(report->history, report->frame.since, report->frame.until,
				     bin < 0 ? HISTORY_MONTH : (enum history_level)bin,
				     report->only, add_row, gathering, &report->why);
	if (error == STOPPED) {
		report->why = gathering->why;
		error = gathering->error;
	}
	if (!error) {
		ret->rows = record_table_take(gathering->table, &ret->count);
		ret->rx = gathering->rx;
		ret->tx = gathering->tx;
	}
	record_table_free(gathering->table);
	return error;
}

static uint64_t bytes_of(const struct flow_record *record)
{
	return record->rx.bytes + record->tx.bytes;
}

static int in_order(const void *left, const void *right)
{
	const struct flow_record *a = left, *b = right;
	const uint32_t *first = a->key.remote, *second = b->key.remote;

	if (first[REPORT_KEY_START] != second[REPORT_KEY_START])
		return first[REPORT_KEY_START] < second[REPORT_KEY_START] ? -1 : 1;
	if (first[REPORT_KEY_LENGTH] != second[REPORT_KEY_LENGTH])
		return first[REPORT_KEY_LENGTH] < second[REPORT_KEY_LENGTH] ? -1 : 1;
	if (first[REPORT_KEY_KIND] != second[REPORT_KEY_KIND])
		return first[REPORT_KEY_KIND] < second[REPORT_KEY_KIND] ? -1 : 1;
	if (bytes_of(a) != bytes_of(b))
		return bytes_of(a) < bytes_of(b) ? 1 : -1;
	return by_key(a, b);
}

static void sort(struct report_groups *groups)
{
	if (groups->count)
		qsort(groups->rows, groups->count, sizeof(*groups->rows), in_order);
}

/* How many of the sorted groups, of one bin, are no `other`. */
static size_t known(const struct report_groups *groups)
{
	size_t count = groups->count;

	while (count && groups->rows[count - 1].key.remote[REPORT_KEY_KIND] != REPORT_GROUP)
		count--;
	return count;
}

/* The groups behind the first `top` become one, behind `other`. */
static void fold(struct report_groups *groups, size_t top)
{
	struct flow_record rest = {.key = rest_key};
	size_t first = known(groups), others = groups->count - first;

	if (first <= top)
		return;
	for (size_t i = top; i < first; i++) {
		na_count_add(&rest.rx, groups->rows[i].rx);
		na_count_add(&rest.tx, groups->rows[i].tx);
	}
	memmove(&groups->rows[top], &groups->rows[first], others * sizeof(*groups->rows));
	groups->rows[top + others] = rest;
	groups->count = top + others + 1;
}

void report_groups_clear(struct report_groups *groups)
{
	free(groups->rows);
	*groups = (struct report_groups){};
}

/* The busiest of the whole time first; they are the rows of each bin then. */
static int gather_bins(struct report *report, struct report_groups *ret)
{
	struct gathering gathering = {.report = report, .bins = true};
	_cleanup_report_groups_ struct report_groups top = {};
	struct gathering first = {.report = report};
	int error;

	if (report->options->top) {
		error = read_rows(&first, &top);
		if (error)
			return error;
		sort(&top);
		gathering.top_count = known(&top);
		if (gathering.top_count > report->options->top)
			gathering.top_count = report->options->top;
		if (top.count)
			qsort(top.rows, gathering.top_count, sizeof(*top.rows), by_key);
		gathering.top = top.rows;
	}
	error = read_rows(&gathering, ret);
	sort(ret);
	return error;
}

int report_gather(struct report *report, struct report_groups *ret)
{
	struct gathering gathering = {.report = report};
	int error;

	if (report->options->bin >= 0)
		return gather_bins(report, ret);
	error = read_rows(&gathering, ret);
	if (error)
		return error;
	sort(ret);
	if (report->options->top)
		fold(ret, report->options->top);
	return 0;
}

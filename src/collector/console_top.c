// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "console_top.h"

void console_top_clear(struct console_top *top)
{
	free(top->rows);
	*top = (struct console_top){};
}

static uint64_t bytes_of(const struct flow_record *record)
{
	return record->rx.bytes + record->tx.bytes;
}

/* Into an order of few rows, from behind; most records are not even before the last one. */
static void offer(struct console_top *top, size_t most, const struct reading *reading,
		  const struct flow_record *record)
{
	size_t place = top->count;

	if (top->count == most && bytes_of(top->rows[most - 1].record) >= bytes_of(record))
		return;
	while (place && bytes_of(top->rows[place - 1].record) < bytes_of(record))
		place--;
	if (top->count < most)
		top->count++;
	memmove(&top->rows[place + 1], &top->rows[place],
		(top->count - 1 - place) * sizeof(*top->rows));
	top->rows[place] = (struct console_row){.reading = reading, .record = record};
}

/* The owner, a number in its meter, may be another by now, and is not in the books. */
static int compare_keys(const struct na_key *left, const struct na_key *right)
{
	uint32_t mask = (1u << NA_WHAT_OWNER_SHIFT) - 1;
	uint32_t left_what = left->what & mask, right_what = right->what & mask;
	int order = memcmp(left, right, offsetof(struct na_key, what));

	if (order)
		return order;
	return (left_what > right_what) - (left_what < right_what);
}

/* A row in the order of keys. */
struct entry {
	struct console_row *row;
};

static int compare_entries(const void *left, const void *right)
{
	const struct entry *one = left, *other = right;

	return compare_keys(&one->row->record->key, &other->row->record->key);
}

static bool same_source(const struct reading *left, const struct reading *right)
{
	return left->id && right->id && !strcmp(left->id, right->id);
}

static void add(struct console_row *row, const struct entry *sorted, size_t count)
{
	const struct entry key = {row};
	const struct entry *found = bsearch(&key, sorted, count, sizeof(*sorted), compare_entries);

	if (!found)
		return;
	/* several sources may have the key */
	while (found > sorted && !compare_entries(found - 1, &key))
		found--;
	for (; found < sorted + count && !compare_entries(found, &key); found++) {
		if (!same_source(found->row->reading, row->reading))
			continue;
		na_count_add(&found->row->rx, row->record->rx);
		na_count_add(&found->row->tx, row->record->tx);
	}
}

/* One pass over what the interval brought, however much that is. */
static int add_interval(const struct console_block *block, struct console_top *top)
{
	_cleanup_free_ struct entry *sorted = calloc(top->count + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < top->count; i++)
		sorted[i].row = &top->rows[i];
	qsort(sorted, top->count, sizeof(*sorted), compare_entries);
	for (size_t i = 0; i < block->interval_count; i++) {
		struct console_row row = {.reading = &block->interval[i]};

		for (size_t j = 0; j < block->interval[i].count; j++) {
			row.record = &block->interval[i].records[j];
			add(&row, sorted, top->count);
		}
	}
	return 0;
}

int console_top(const struct console_block *block, size_t most, struct console_top *ret)
{
	_cleanup_console_top_ struct console_top top = {};
	int error;

	top.rows = calloc(most + 1, sizeof(*top.rows));
	if (!top.rows)
		return -ENOMEM;
	for (size_t i = 0; most && i < block->cumulative_count; i++)
		for (size_t j = 0; j < block->cumulative[i].count; j++)
			offer(&top, most, &block->cumulative[i], &block->cumulative[i].records[j]);
	error = add_interval(block, &top);
	if (error)
		return error;
	*ret = top;
	top.rows = NULL;
	return 0;
}

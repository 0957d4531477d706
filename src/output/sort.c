// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

#include "sort.h"

#define KEY_WORDS 5
#define SMALL 24
#define TOP_SHARE 16

struct item {
	uint64_t rank;
	uint32_t record;
};

struct sorter {
	const struct flow_record *records;
	const struct column *column;
	struct column_context *context;
	struct item *items, *spare;
};

static uint64_t key_word(const struct na_key *key, unsigned int word)
{
	uint64_t part;

	if (word == 4)
		return (uint64_t)key->local_port << 48 | (uint64_t)key->remote_port << 32 |
		       key->what;
	memcpy(&part, (const char *)key->local + sizeof(part) * word, sizeof(part));
	return be64toh(part);
}

_Static_assert(offsetof(struct na_key, remote) == 16, "words 2 and 3 are the remote address");

static uint64_t rank_of(const struct sorter *sorter, uint32_t record, unsigned int word)
{
	const struct column *column = sorter->column;

	if (word < column->ranks)
		return column->rank(column, sorter->context, &sorter->records[record], word);
	return key_word(&sorter->records[record].key, word - column->ranks);
}

static bool is_before(const struct sorter *sorter, const struct item *left,
		      const struct item *right, unsigned int word)
{
	uint64_t left_rank = left->rank, right_rank = right->rank;

	while (left_rank == right_rank && ++word < sorter->column->ranks + KEY_WORDS) {
		left_rank = rank_of(sorter, left->record, word);
		right_rank = rank_of(sorter, right->record, word);
	}
	return left_rank < right_rank;
}

static void sort_few(struct sorter *sorter, size_t first, size_t count, unsigned int word)
{
	struct item *items = sorter->items + first, item;
	size_t i, j;

	for (i = 1; i < count; i++) {
		item = items[i];
		for (j = i; j && is_before(sorter, &item, &items[j - 1], word); j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

static void sort_by_byte(const struct item *from, struct item *to, size_t count, unsigned int shift)
{
	size_t place[256] = {0}, i, sum = 0, here;

	for (i = 0; i < count; i++)
		place[from[i].rank >> shift & 0xff]++;
	for (i = 0; i < ARRAY_SIZE(place); i++) {
		here = place[i];
		place[i] = sum;
		sum += here;
	}
	for (i = 0; i < count; i++)
		to[place[from[i].rank >> shift & 0xff]++] = from[i];
}

/* Least significant byte first; only the bytes in which ranks differ. */
static void sort_many(struct sorter *sorter, size_t first, size_t count, uint64_t differ)
{
	struct item *from = sorter->items + first, *to = sorter->spare + first, *swap;
	unsigned int shift;

	for (shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 0xff))
			continue;
		sort_by_byte(from, to, count, shift);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != sorter->items + first)
		memcpy(to, from, count * sizeof(*to));
}

static uint64_t rank_all(struct sorter *sorter, size_t first, size_t count, unsigned int word)
{
	struct item *items = sorter->items + first;
	uint64_t differ = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		items[i].rank = rank_of(sorter, items[i].record, word);
		differ |= items[i].rank ^ items[0].rank;
	}
	return differ;
}

/* Sorts by one word, and those that are equal in it by the next. */
static void sort_from(struct sorter *sorter, size_t first, size_t count, unsigned int word)
{
	size_t end = first + count, run;
	uint64_t differ = 0;

	for (; !differ; word++) {
		if (word == sorter->column->ranks + KEY_WORDS)
			return;
		differ = rank_all(sorter, first, count, word);
	}
	if (count <= SMALL) {
		sort_few(sorter, first, count, word - 1);
		return;
	}
	sort_many(sorter, first, count, differ);
	for (; first < end; first = run) {
		run = first + 1;
		while (run < end && sorter->items[run].rank == sorter->items[first].rank)
			run++;
		if (run - first > 1)
			sort_from(sorter, first, run - first, word);
	}
}

/* Moves each record once, along the cycles of the permutation. */
static void permute(struct flow_record *records, struct item *items, size_t count)
{
	struct flow_record kept;
	size_t i, to, from;

	for (i = 0; i < count; i++) {
		if (items[i].record == i)
			continue;
		kept = records[i];
		for (to = i; (from = items[to].record) != i; to = from) {
			records[to] = records[from];
			items[to].record = (uint32_t)to;
		}
		records[to] = kept;
		items[to].record = (uint32_t)to;
	}
}

/* The item that comes last of all stands on top, each one before those below it. */
static void sift_down(const struct sorter *sorter, size_t at, size_t count)
{
	struct item *heap = sorter->items, item = heap[at];
	size_t child;

	for (; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && is_before(sorter, &heap[child], &heap[child + 1], 0))
			child++;
		if (!is_before(sorter, &item, &heap[child], 0))
			break;
		heap[at] = heap[child];
	}
	heap[at] = item;
}

/* Leaves in items[0] to items[top - 1] the first ones of all, in no order. */
static void pick(struct sorter *sorter, size_t count, size_t top)
{
	struct item item;
	size_t i;

	for (i = 0; i < top; i++)
		sorter->items[i] = (struct item){rank_of(sorter, (uint32_t)i, 0), (uint32_t)i};
	for (i = top / 2; i--;)
		sift_down(sorter, i, top);
	for (i = top; i < count; i++) {
		item = (struct item){rank_of(sorter, (uint32_t)i, 0), (uint32_t)i};
		if (!is_before(sorter, &item, &sorter->items[0], 0))
			continue;
		sorter->items[0] = item;
		sift_down(sorter, 0, top);
	}
}

/*
 * Moves the picked ones, in their order, to the front: into a copy, then what
 * stood in front into the places that they left, then the copy.
 */
static void bring_forward(struct flow_record *records, const struct item *items, size_t top,
			  struct flow_record *copy, bool *picked)
{
	size_t i, free_place = 0;

	for (i = 0; i < top; i++) {
		copy[i] = records[items[i].record];
		if (items[i].record < top)
			picked[items[i].record] = true;
	}
	for (i = 0; i < top; i++) {
		if (picked[i])
			continue;
		while (items[free_place].record < top)
			free_place++;
		records[items[free_place++].record] = records[i];
	}
	memcpy(records, copy, top * sizeof(*records));
}

static int sort_top(struct sorter *sorter, struct flow_record *records, size_t count, size_t top)
{
	_cleanup_free_ struct item *items = malloc(top * sizeof(*items));
	_cleanup_free_ struct item *spare = malloc(top * sizeof(*spare));
	_cleanup_free_ struct flow_record *copy = malloc(top * sizeof(*copy));
	_cleanup_free_ bool *picked = calloc(top, sizeof(*picked));

	if (!items || !spare || !copy || !picked)
		return -ENOMEM;
	sorter->items = items;
	sorter->spare = spare;
	pick(sorter, count, top);
	sort_from(sorter, 0, top, 0);
	bring_forward(records, items, top, copy, picked);
	return 0;
}

static int sort_all(struct sorter *sorter, struct flow_record *records, size_t count)
{
	_cleanup_free_ struct item *items = malloc(count * sizeof(*items));
	_cleanup_free_ struct item *spare = malloc(count * sizeof(*spare));
	size_t i;

	if (!items || !spare)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		items[i].record = (uint32_t)i;
	sorter->items = items;
	sorter->spare = spare;
	sort_from(sorter, 0, count, 0);
	permute(records, items, count);
	return 0;
}

int records_sort(struct flow_record *records, size_t count, size_t top, const struct column *column,
		 struct column_context *context)
{
	struct sorter sorter = {.records = records, .column = column, .context = context};

	if (count < 2)
		return 0;
	if (count > UINT32_MAX || count > SIZE_MAX / sizeof(struct item))
		return -ENOMEM;
	/* A heap of many is slower than all of the sorting. */
	if (top && top <= count / TOP_SHARE)
		return sort_top(&sorter, records, count, top);
	return sort_all(&sorter, records, count);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "record.h"

#define CAPACITY_MIN 64

/*
 * The records lie in one array; `index` holds 1 + position (0: free) and is
 * kept at most half full. An entry has no hash of its own: most of what is
 * found is written to anyway, so that the record is fetched in any case.
 */
struct record_table {
	struct flow_record *records;
	size_t count, capacity;
	uint32_t *index;
	size_t mask;
	uint32_t last; /* position of what was found last: often the next is the same */
	struct hash_seed seed;
};

static size_t index_size(size_t records)
{
	size_t size = 2 * CAPACITY_MIN;

	while (size < 2 * records)
		size *= 2;
	return size;
}

static int grow_records(struct record_table *table, size_t capacity)
{
	struct flow_record *records;

	if (capacity >= UINT32_MAX || capacity > SIZE_MAX / sizeof(*records))
		return -ENOMEM;
	records = realloc(table->records, capacity * sizeof(*records));
	if (!records)
		return -ENOMEM;
	table->records = records;
	table->capacity = capacity;
	return 0;
}

static int grow_index(struct record_table *table, size_t size)
{
	uint32_t *index = calloc(size, sizeof(*index));
	size_t i, place;

	if (!index)
		return -ENOMEM;
	for (i = 0; i < table->count; i++) {
		place = hash_key(&table->seed, &table->records[i].key) & (size - 1);
		while (index[place])
			place = (place + 1) & (size - 1);
		index[place] = (uint32_t)i + 1;
	}
	free(table->index);
	table->index = index;
	table->mask = size - 1;
	return 0;
}

int record_table_new(struct record_table **ret, size_t expected)
{
	struct record_table *table = calloc(1, sizeof(*table));
	int err = -ENOMEM;

	if (!table)
		return -ENOMEM;
	if (expected < CAPACITY_MIN)
		expected = CAPACITY_MIN;
	hash_seed_draw(&table->seed);
	err = grow_records(table, expected);
	if (!err)
		err = grow_index(table, index_size(expected));
	if (err) {
		record_table_free(table);
		return err;
	}
	*ret = table;
	return 0;
}

void record_table_free(struct record_table *table)
{
	if (!table)
		return;
	free(table->records);
	free(table->index);
	free(table);
}

static int make_room(struct record_table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : CAPACITY_MIN;
	int err;

	if (table->count == table->capacity) {
		err = grow_records(table, capacity);
		if (err)
			return err;
	}
	if (2 * (table->count + 1) > table->mask + 1)
		return grow_index(table, (table->mask + 1) * 2);
	return 0;
}

/* Where the key is in the index, or else would be. */
static size_t place_of(const struct record_table *table, const struct na_key *key)
{
	size_t place = hash_key(&table->seed, key) & table->mask;

	for (; table->index[place]; place = (place + 1) & table->mask)
		if (!memcmp(&table->records[table->index[place] - 1].key, key, sizeof(*key)))
			break;
	return place;
}

/* The record of the key, made if there is none. */
static int find(struct record_table *table, const struct na_key *key, struct flow_record **ret)
{
	struct flow_record *record;
	size_t place;
	int err;

	if (table->last < table->count &&
	    !memcmp(&table->records[table->last].key, key, sizeof(*key))) {
		*ret = &table->records[table->last];
		return 0;
	}
	err = make_room(table);
	if (err)
		return err;
	place = place_of(table, key);
	if (table->index[place]) {
		table->last = table->index[place] - 1;
		*ret = &table->records[table->last];
		return 0;
	}
	table->last = (uint32_t)table->count;
	record = &table->records[table->count++];
	*record = (struct flow_record){.key = *key, .first_seen = UINT32_MAX};
	table->index[place] = (uint32_t)table->count;
	*ret = record;
	return 0;
}

void record_widen(struct flow_record *record, uint32_t first_seen, uint32_t last_seen)
{
	if (first_seen < record->first_seen)
		record->first_seen = first_seen;
	if (last_seen > record->last_seen)
		record->last_seen = last_seen;
}

void record_merge(struct flow_record *record, const struct flow_record *from)
{
	na_count_add(&record->rx, from->rx);
	na_count_add(&record->tx, from->tx);
	record_widen(record, from->first_seen, from->last_seen);
	record->tcp_flags |= from->tcp_flags;
}

int record_table_add(struct record_table *table, const struct na_key *key, struct na_count count,
		     uint32_t first_seen, uint32_t last_seen, uint8_t tcp_flags)
{
	struct flow_record *record;
	struct na_key both = *key;
	int err;

	both.what &= ~NA_WHAT_TX;
	err = find(table, &both, &record);
	if (err)
		return err;
	na_count_add(key->what & NA_WHAT_TX ? &record->tx : &record->rx, count);
	record_widen(record, first_seen, last_seen);
	record->tcp_flags |= tcp_flags;
	return 0;
}

int record_table_merge(struct record_table *table, const struct flow_record *from)
{
	struct flow_record *record;
	int err = find(table, &from->key, &record);

	if (err)
		return err;
	record_merge(record, from);
	return 0;
}

int record_table_merge_bounded(struct record_table *table, const struct flow_record *from,
			       size_t max)
{
	struct flow_record other = *from;

	if (table->count < max || table->index[place_of(table, &from->key)])
		return record_table_merge(table, from);
	other.key = (struct na_key){};
	other.tcp_flags = 0;
	return record_table_merge(table, &other);
}

const struct flow_record *record_table_find(const struct record_table *table,
					    const struct na_key *key)
{
	uint32_t position = table->index[place_of(table, key)];

	return position ? &table->records[position - 1] : NULL;
}

struct flow_record *record_table_records(struct record_table *table)
{
	return table->records;
}

size_t record_table_count(const struct record_table *table)
{
	return table->count;
}

struct flow_record *record_table_take(struct record_table *table, size_t *ret_count)
{
	struct flow_record *records = table->records, *exact;

	*ret_count = table->count;
	if (table->count) {
		exact = realloc(records, table->count * sizeof(*records));
		if (exact)
			records = exact;
	}
	memset(table->index, 0, (table->mask + 1) * sizeof(*table->index));
	table->records = NULL;
	table->count = 0;
	table->capacity = 0;
	return records;
}

void records_sum(const struct flow_record *records, size_t count,
		 struct na_count sum[static NA_DIRECTIONS])
{
	size_t i;

	for (i = 0; i < count; i++) {
		na_count_add(&sum[NA_RX], records[i].rx);
		na_count_add(&sum[NA_TX], records[i].tx);
	}
}

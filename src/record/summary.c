// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "hash.h"
#include "summary.h"

#define BLOCK 32
#define ENTRIES_MIN 1024

/*
 * A set of addresses: each entry is the upper half of a hash and 1 + the
 * number of a record that has the address, 0 where free. The hash lets
 * the set grow, and tell addresses apart, without a look at the records.
 */
struct address_set {
	const struct flow_record *records;
	size_t offset; /* of the address in a record */
	uint64_t *entries;
	size_t mask, used;
	struct hash_seed seed;
};

static const uint32_t *address_at(const struct address_set *set, size_t record)
{
	return (const uint32_t *)(const void *)((const char *)&set->records[record] + set->offset);
}

static int set_grow(struct address_set *set, size_t size)
{
	uint64_t *entries = calloc(size, sizeof(*entries));
	size_t i, place;

	if (!entries)
		return -ENOMEM;
	for (i = 0; set->entries && i <= set->mask; i++) {
		if (!set->entries[i])
			continue;
		place = (set->entries[i] >> 32) & (size - 1);
		while (entries[place])
			place = (place + 1) & (size - 1);
		entries[place] = set->entries[i];
	}
	free(set->entries);
	set->entries = entries;
	set->mask = size - 1;
	return 0;
}

static void set_add(struct address_set *set, uint32_t hash, size_t record)
{
	size_t place = hash & set->mask;
	uint64_t entry;

	if (record_is_other(&set->records[record]))
		return;
	for (; (entry = set->entries[place]); place = (place + 1) & set->mask) {
		if (entry >> 32 == hash &&
		    !memcmp(address_at(set, (uint32_t)entry - 1), address_at(set, record), 16))
			return;
	}
	set->entries[place] = (uint64_t)hash << 32 | (record + 1);
	set->used++;
}

/* The entries of a block are asked for together, so that their cache misses overlap. */
static int set_add_block(struct address_set *set, size_t first, size_t count)
{
	uint32_t hash[BLOCK];
	size_t i;
	int err;

	if (2 * (set->used + count) > set->mask + 1) {
		err = set_grow(set, (set->mask + 1) * 2);
		if (err)
			return err;
	}
	for (i = 0; i < count; i++) {
		hash[i] = (uint32_t)(hash_address(&set->seed, address_at(set, first + i)) >> 32);
		__builtin_prefetch(&set->entries[hash[i] & set->mask], 1);
	}
	for (i = 0; i < count; i++)
		set_add(set, hash[i], first + i);
	return 0;
}

static int count_distinct(const struct flow_record *records, size_t count, size_t offset,
			  size_t *ret)
{
	struct address_set set = {.records = records, .offset = offset};
	size_t i, block;
	int err;

	if (count >= UINT32_MAX)
		return -ENOMEM;
	hash_seed_draw(&set.seed);
	err = set_grow(&set, ENTRIES_MIN);
	for (i = 0; !err && i < count; i += block) {
		block = count - i < BLOCK ? count - i : BLOCK;
		err = set_add_block(&set, i, block);
	}
	free(set.entries);
	if (!err)
		*ret = set.used;
	return err;
}

static void total_up(const struct flow_record *records, size_t count, struct summary *summary)
{
	struct protocol_total *total;
	size_t i;

	for (i = 0; i < count; i++) {
		if (record_is_other(&records[i])) {
			na_count_add(&summary->rx, records[i].rx);
			na_count_add(&summary->tx, records[i].tx);
			continue;
		}
		total = &summary->protocol[records[i].key.what & NA_WHAT_PROTOCOL];
		total->count++;
		na_count_add(&total->rx, records[i].rx);
		na_count_add(&total->tx, records[i].tx);
	}
	for (i = 0; i < ARRAY_SIZE(summary->protocol); i++) {
		na_count_add(&summary->rx, summary->protocol[i].rx);
		na_count_add(&summary->tx, summary->protocol[i].tx);
	}
}

int records_summarise(const struct flow_record *records, size_t count, enum na_key_kind kind,
		      struct summary *ret)
{
	struct summary summary = {0};
	int err = 0;

	total_up(records, count, &summary);
	if (key_kind_covers(kind, NA_KEY_HOST))
		err = count_distinct(records, count, offsetof(struct flow_record, key.local),
				     &summary.locals);
	if (!err && key_kind_covers(kind, NA_KEY_REMOTE))
		err = count_distinct(records, count, offsetof(struct flow_record, key.remote),
				     &summary.remotes);
	if (!err)
		*ret = summary;
	return err;
}

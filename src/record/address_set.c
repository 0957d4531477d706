// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "address_set.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hash.h"

#define BLOCK 32
#define SIZE_MIN 64
/* Above it, memory comes from the system by the page, and zero. */
#define CALLOC_MAX 65536

/*
 * Two tables with open addressing, at most three quarters full. An IPv4
 * address is its own entry, claimed by one compare and exchange; 0 is free, so
 * that 0.0.0.0 stands apart. An IPv6 address is claimed by its tag, a byte of
 * its hash.
 */
enum tag { TAG_FREE, TAG_BUSY, TAG_FIRST };

struct address_set {
	size_t offset; /* of the address in a record */
	size_t size; /* entries of each table */
	struct hash_seed seed;
	uint32_t *entry4;
	uint32_t (*entry6)[4];
	uint8_t *tag6;
	uint8_t zero; /* 0.0.0.0 is there */
	void *memory;
	size_t length;
};

/* What a block of addresses is looked up by. */
struct place {
	uint32_t at;
	uint8_t tag; /* of IPv6, TAG_FREE: of IPv4 */
	const uint32_t *address; /* NULL: none */
};

static void *zeroed(size_t length)
{
	void *memory;

	if (length <= CALLOC_MAX)
		return calloc(1, length);
	memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

int address_set_new(struct address_set **ret, size_t room, size_t offset)
{
	struct address_set *set;

	if (room >= UINT32_MAX / 2)
		return -ENOMEM;
	set = calloc(1, sizeof(*set));
	if (!set)
		return -ENOMEM;
	set->offset = offset;
	set->size = room + room / 3 + SIZE_MIN;
	set->length = set->size * (sizeof(*set->entry6) + sizeof(*set->entry4) + 1);
	set->memory = zeroed(set->length);
	if (!set->memory) {
		free(set);
		return -ENOMEM;
	}
	set->entry6 = set->memory;
	set->entry4 = (uint32_t *)(set->entry6 + set->size);
	set->tag6 = (uint8_t *)(set->entry4 + set->size);
	hash_seed_draw(&set->seed);
	*ret = set;
	return 0;
}

void address_set_free(struct address_set *set)
{
	if (!set)
		return;
	if (set->length <= CALLOC_MAX)
		free(set->memory);
	else
		munmap(set->memory, set->length);
	free(set);
}

static size_t after(const struct address_set *set, size_t place)
{
	return place + 1 == set->size ? 0 : place + 1;
}

/* 1: new, 0: known; -ENOSPC. */
static int add4(struct address_set *set, uint32_t address, size_t place)
{
	uint32_t found;
	size_t tries;

	if (!address)
		return !__atomic_exchange_n(&set->zero, 1, __ATOMIC_RELAXED);
	for (tries = 0; tries < set->size; tries++, place = after(set, place)) {
		found = __atomic_load_n(&set->entry4[place], __ATOMIC_RELAXED);
		if (!found &&
		    __atomic_compare_exchange_n(&set->entry4[place], &found, address, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return 1;
		if (found == address)
			return 0;
	}
	return -ENOSPC;
}

static int add6(struct address_set *set, const uint32_t address[4], size_t place, uint8_t tag)
{
	uint8_t found;
	size_t tries;

	for (tries = 0; tries < set->size; tries++, place = after(set, place)) {
		found = __atomic_load_n(&set->tag6[place], __ATOMIC_ACQUIRE);
		if (found == TAG_FREE &&
		    __atomic_compare_exchange_n(&set->tag6[place], &found, TAG_BUSY, false,
						__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
			memcpy(set->entry6[place], address, sizeof(set->entry6[place]));
			__atomic_store_n(&set->tag6[place], tag, __ATOMIC_RELEASE);
			return 1;
		}
		/* Another thread is between its claim and the store behind it. */
		while (found == TAG_BUSY) {
			sched_yield();
			found = __atomic_load_n(&set->tag6[place], __ATOMIC_ACQUIRE);
		}
		if (found == tag &&
		    !memcmp(set->entry6[place], address, sizeof(set->entry6[place])))
			return 0;
	}
	return -ENOSPC;
}

/* By the address itself: it is one address with and without NA_WHAT_IPV4. */
static bool is_mapped(const uint32_t address[4])
{
	return !address[0] && !address[1] && address[2] == htonl(0xffff);
}

/* The upper half of the hash says where, times the size; the lowest byte is the tag. */
static void find_place(const struct address_set *set, const struct flow_record *record,
		       struct place *place)
{
	const void *address = (const char *)record + set->offset;
	uint64_t hash;

	place->tag = TAG_FREE;
	place->address = record_is_other(record) ? NULL : address;
	if (is_mapped(address)) {
		hash = hash_fold(((const uint32_t *)address)[3] ^ set->seed.word[0],
				 set->seed.word[1]);
		place->at = (uint32_t)((hash >> 32) * set->size >> 32);
		__builtin_prefetch(&set->entry4[place->at], 1);
		return;
	}
	hash = hash_address(&set->seed, address);
	place->at = (uint32_t)((hash >> 32) * set->size >> 32);
	place->tag = (uint8_t)hash < TAG_FIRST ? TAG_FIRST : (uint8_t)hash;
	__builtin_prefetch(&set->tag6[place->at], 1);
	__builtin_prefetch(&set->entry6[place->at], 1);
}

/* The entries of a block are asked for together, so that their cache misses overlap. */
static int add_block(struct address_set *set, const struct flow_record *records, size_t count,
		     size_t *ret_new)
{
	struct place places[BLOCK];
	size_t i, new = 0;
	int added = 0;

	for (i = 0; i < count; i++)
		find_place(set, &records[i], &places[i]);
	for (i = 0; i < count && added >= 0; i++) {
		if (!places[i].address)
			continue;
		if (places[i].tag == TAG_FREE)
			added = add4(set, places[i].address[3], places[i].at);
		else
			added = add6(set, places[i].address, places[i].at, places[i].tag);
		new += added > 0;
	}
	*ret_new += new;
	return added < 0 ? added : 0;
}

int address_set_add(struct address_set *set, const struct flow_record *records, size_t count,
		    size_t *ret_new)
{
	size_t i, block;
	int err = 0;

	for (i = 0; !err && i < count; i += block) {
		block = count - i < BLOCK ? count - i : BLOCK;
		err = add_block(set, records + i, block, ret_new);
	}
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hot table as user space sees it: one half of its entries, mapped.
 */
#ifndef NETACCT_HOT_H
#define NETACCT_HOT_H

#include "meter.h"

/* Memory of a map; the mapping begins at the page that holds `start`. */
struct mapping {
	void *start;
	void *page;
	size_t length; /* from `page` on */
};

/* `length` > 0 bytes of an mmapable map from `offset` on; -errno. */
int mapping_open(int fd, size_t offset, size_t length, int protection, struct mapping *ret);
void mapping_close(struct mapping *mapping);
#define _cleanup_mapping_ __attribute__((cleanup(mapping_close)))

struct hot_half {
	uint32_t number; /* of the half */
	uint32_t count; /* entries given out; 0: nothing is mapped */
	const struct na_entry *entries;
	const uint32_t *ticks; /* of each entry, as in struct na_first */
	struct mapping hot, first;
};

/* How many entries of a half were given out: those that are left are free. */
int hot_count(const struct meter *meter, uint32_t half, uint32_t *ret);

/* For reading; what is given out later is not in it. -errno. */
int hot_open(const struct meter *meter, uint32_t half, struct hot_half *ret);
void hot_close(struct hot_half *half);
#define _cleanup_hot_ __attribute__((cleanup(hot_close)))

/* Has entry i been published? What has can be read in whole. */
static inline bool hot_published(const struct hot_half *half, uint32_t i)
{
	return __atomic_load_n(&half->ticks[i], __ATOMIC_ACQUIRE);
}

/* A record as it lies in the kernel. */
struct scanned {
	const struct na_key *key; /* with its direction */
	struct na_count count;
	uint32_t first_seen, last_seen; /* ticks */
	uint8_t tcp_flags;
	uint32_t half; /* it came from */
};

/* Entry i; false: it is being filled, or has no packets. Under traffic a packet may be out. */
static inline bool hot_read(const struct hot_half *half, uint32_t i, struct scanned *ret)
{
	const struct na_entry *entry = &half->entries[i];

	if (!hot_published(half, i))
		return false;
	*ret = (struct scanned){
		.key = &entry->key,
		.count = {__atomic_load_n(&entry->packets, __ATOMIC_RELAXED),
			  __atomic_load_n(&entry->bytes, __ATOMIC_RELAXED)},
		.first_seen = half->ticks[i] - 1,
		.last_seen = __atomic_load_n(&entry->last_seen, __ATOMIC_RELAXED),
		.tcp_flags =
			(uint8_t)(__atomic_load_n(&entry->state, __ATOMIC_RELAXED) >> NA_TCP_SHIFT),
		.half = half->number,
	};
	return ret->count.packets;
}

/* Empties a half that no program counts into. */
int hot_zero(const struct meter *meter, uint32_t half);

#endif

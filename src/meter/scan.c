/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/mman.h>

struct mapping {
	void *start;
	size_t length;
};

static void cleanup_mapping(struct mapping *mapping)
{
	if (mapping->start)
		munmap(mapping->start, mapping->length);
}
#define _cleanup_mapping_ __attribute__((cleanup(cleanup_mapping)))

static int map_memory(int fd, size_t offset, size_t length, int protection, struct mapping *ret)
{
	void *start = mmap(NULL, length, protection, MAP_SHARED, fd, (off_t)offset);

	if (start == MAP_FAILED)
		return negative_errno();
	*ret = (struct mapping){start, length};
	return 0;
}

static int map_hot(const struct meter *meter, uint32_t half, int protection, struct mapping *ret)
{
	size_t length = (size_t)meter->meta.slots * sizeof(struct na_slot);

	return map_memory(meter->maps[MAP_HOT], half * length, length, protection, ret);
}

static int scan_hot(const struct meter *meter, uint32_t half, scan_function function, void *context,
		    struct fault *fault)
{
	_cleanup_mapping_ struct mapping hot = {}, first = {};
	uint32_t slots = meter->meta.slots, i;
	const struct na_slot *slot;
	const uint32_t *tick;
	int error = map_hot(meter, half, PROT_READ, &hot);

	if (!error)
		error = map_memory(meter->maps[MAP_FIRST], 0, (size_t)slots * 2 * sizeof(*tick),
				   PROT_READ, &first);
	if (!hot.start || !first.start)
		return fault_errno(fault, error, "cannot map the flow table");
	slot = hot.start;
	tick = (const uint32_t *)first.start + (size_t)half * slots;
	for (i = 0; i < slots && !error; i++) {
		uint32_t state = __atomic_load_n(&slot[i].state, __ATOMIC_ACQUIRE);
		struct scanned record = {
			.key = &slot[i].key,
			.first_seen = tick[i],
			.tcp_flags = (uint8_t)(state >> NA_TCP_SHIFT),
			.half = half,
		};

		if ((state & NA_STATE_MASK) != NA_STATE_READY)
			continue;
		record.count.packets = __atomic_load_n(&slot[i].packets, __ATOMIC_RELAXED);
		record.count.bytes = __atomic_load_n(&slot[i].bytes, __ATOMIC_RELAXED);
		record.last_seen = __atomic_load_n(&slot[i].last_seen, __ATOMIC_RELAXED);
		if (record.count.packets)
			error = function(context, &record);
	}
	return error;
}

struct spill_batch {
	struct na_key *keys; /* owned */
	struct na_spill *values; /* owned */
	uint32_t count;
};

static void cleanup_batch(struct spill_batch *batch)
{
	free(batch->keys);
	free(batch->values);
}
#define _cleanup_batch_ __attribute__((cleanup(cleanup_batch)))

/* All of it in one call: a batch with room for the whole map cannot meet ENOSPC. */
static int read_spill(const struct meter *meter, uint32_t half, struct spill_batch *ret)
{
	int fd = meter->maps[half ? MAP_SPILL_B : MAP_SPILL_A], error = 0;
	uint32_t room = meter->meta.spill, next = 0;
	struct na_key probe;

	if (bpf_map_get_next_key(fd, NULL, &probe)) {
		ret->count = 0; /* the usual case, without the memory */
		return errno == ENOENT ? 0 : -errno;
	}
	ret->keys = calloc(room, sizeof(*ret->keys));
	ret->values = calloc(room, sizeof(*ret->values));
	if (!ret->keys || !ret->values)
		return -ENOMEM;
	ret->count = room;
	if (bpf_map_lookup_batch(fd, NULL, &next, ret->keys, ret->values, &ret->count, NULL))
		error = errno == ENOENT ? 0 : -errno; /* ENOENT: that was the end */
	return error;
}

static uint8_t spill_tcp_flags(const struct na_spill *value)
{
	uint8_t flags = 0;
	int i;

	for (i = 0; i < 8; i++)
		flags |= (uint8_t)((value->tcp_seen[i] != 0) << i);
	return flags;
}

static int scan_spill(const struct meter *meter, uint32_t half, scan_function function,
		      void *context, struct fault *fault)
{
	_cleanup_batch_ struct spill_batch batch = {};
	int error = read_spill(meter, half, &batch);
	uint32_t i;

	if (error)
		return fault_errno(fault, error, "cannot read the spill map");
	for (i = 0; i < batch.count && !error; i++) {
		const struct na_spill *value = &batch.values[i];
		struct scanned record = {
			.key = &batch.keys[i],
			.count = {value->packets, value->bytes},
			.first_seen = value->first_seen,
			.last_seen = value->last_seen,
			.tcp_flags = spill_tcp_flags(value),
			.half = half,
		};

		if (value->packets)
			error = function(context, &record);
	}
	return error;
}

int scan_half(const struct meter *meter, uint32_t half, scan_function function, void *context,
	      struct fault *fault)
{
	int error = 0;

	if (meter->meta.slots)
		error = scan_hot(meter, half, function, context, fault);
	return error ? error : scan_spill(meter, half, function, context, fault);
}

void scan_carry_name(uint32_t number, char name[static 16])
{
	snprintf(name, 16, "carry-%u", number & 1);
}

int scan_carry(const struct meter *meter, const struct na_control *control, scan_function function,
	       void *context, struct fault *fault)
{
	_cleanup_mapping_ struct mapping memory = {};
	const struct na_carried *carried;
	_cleanup_close_ int fd = -1;
	char name[16];
	uint32_t i;
	int error;

	if (!control->carry || !control->carry_records)
		return 0;
	scan_carry_name(control->carry - 1, name);
	fd = pin_get(meter->directory, name);
	error = fd < 0 ? fd
		       : map_memory(fd, 0, control->carry_records * sizeof(*carried), PROT_READ,
				    &memory);
	if (!memory.start)
		return fault_errno(fault, error, "pin %s", name);
	carried = memory.start;
	for (i = 0; i < control->carry_records && !error; i++) {
		struct scanned record = {
			.key = &carried[i].key,
			.count = {carried[i].packets, carried[i].bytes},
			.first_seen = carried[i].first_seen,
			.last_seen = carried[i].last_seen,
			.tcp_flags = (uint8_t)carried[i].tcp_flags,
			.half = carried[i].half,
		};

		error = function(context, &record);
	}
	return error;
}

static int zero_hot(const struct meter *meter, uint32_t half)
{
	_cleanup_mapping_ struct mapping hot = {};
	struct na_slot *slot;
	uint32_t i;
	int error = map_hot(meter, half, PROT_READ | PROT_WRITE, &hot);

	if (!hot.start)
		return error;
	slot = hot.start;
	for (i = 0; i < meter->meta.slots; i++)
		if (slot[i].state)
			memset(&slot[i], 0, sizeof(slot[i]));
	return 0;
}

static int zero_spill(const struct meter *meter, uint32_t half)
{
	_cleanup_batch_ struct spill_batch batch = {};
	int fd = meter->maps[half ? MAP_SPILL_B : MAP_SPILL_A];
	int error = read_spill(meter, half, &batch);
	uint32_t i;

	for (i = 0; i < batch.count && !error; i++)
		if (bpf_map_delete_elem(fd, &batch.keys[i]) && errno != ENOENT)
			error = -errno;
	return error;
}

int scan_zero(const struct meter *meter, uint32_t half, struct fault *fault)
{
	int error = meter->meta.slots ? zero_hot(meter, half) : 0;

	if (!error)
		error = zero_spill(meter, half);
	return error ? fault_errno(fault, error, "cannot empty a drained half") : 0;
}

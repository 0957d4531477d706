/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <sys/mman.h>

#include "hot.h"

static int scan_hot(const struct meter *meter, uint32_t half, scan_function function, void *context,
		    struct fault *fault)
{
	_cleanup_hot_ struct hot_half hot = {};
	int error = hot_open(meter, half, &hot);
	struct scanned record;
	uint32_t i;

	if (error)
		return fault_errno(fault, error, "cannot map the flow table");
	for (i = 0; i < hot.count && !error; i++)
		if (hot_read(&hot, i, &record))
			error = function(context, &record);
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

int scan_spill(const struct meter *meter, uint32_t half, scan_function function, void *context,
	       struct fault *fault)
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
	int error = scan_hot(meter, half, function, context, fault);

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
		       : mapping_open(fd, 0, control->carry_records * sizeof(*carried), PROT_READ,
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
	int error = hot_zero(meter, half);

	if (!error)
		error = zero_spill(meter, half);
	return error ? fault_errno(fault, error, "cannot empty a drained half") : 0;
}

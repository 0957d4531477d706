/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "slot.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "drain.h"
#include "read.h"

bool slot_counted(const struct meter *meter, uint32_t number)
{
	struct half_balance sum;
	struct fault fault = {};

	return meter_read_balance_whole(meter, number, &sum, &fault) ||
	       sum.direction[NA_RX].bucket[NA_SEEN].packets ||
	       sum.direction[NA_TX].bucket[NA_SEEN].packets;
}

/*
 * What was accounted there has left the kernel. Where clearing was interrupted
 * more was taken than is accounted.
 */
static bool all_taken(const struct half_balance *sum, const struct na_taken *taken)
{
	int direction;

	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		const struct na_count *accounted = &sum->direction[direction].bucket[NA_ACCOUNTED];
		const struct na_count *handed = &taken->handed_out[direction];
		const struct na_count *collected = &taken->collected[direction];

		if (accounted->packets > handed->packets + collected->packets ||
		    accounted->bytes > handed->bytes + collected->bytes)
			return false;
	}
	return true;
}

static int clear_balance(const struct meter *meter, uint32_t number)
{
	int cpus = libbpf_num_possible_cpus();
	_cleanup_free_ struct na_balance *zero = NULL;
	uint32_t half, direction, index;

	if (cpus < 0)
		return cpus;
	zero = calloc((size_t)cpus, sizeof(*zero));
	if (!zero)
		return -ENOMEM;
	for (half = 0; half < NA_HALVES; half++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++) {
			index = (half * meter->meta.sources + number) * NA_DIRECTIONS + direction;
			if (bpf_map_update_elem(meter->maps[MAP_BALANCE], &index, zero, BPF_ANY))
				return -errno;
		}
	return 0;
}

/* Both copies, for a commit begins with the one that is valid. */
static int clear_taken(const struct meter *meter, uint32_t number)
{
	_cleanup_free_ struct na_taken *taken = calloc(meter->meta.sources, sizeof(*taken));
	uint32_t copy;

	if (!taken)
		return -ENOMEM;
	for (copy = 0; copy < 2; copy++) {
		if (bpf_map_lookup_elem(meter->maps[MAP_TAKEN], &copy, taken))
			return -errno;
		taken[number] = (struct na_taken){};
		if (bpf_map_update_elem(meter->maps[MAP_TAKEN], &copy, taken, BPF_ANY))
			return -errno;
	}
	return 0;
}

static int clear_locked(struct meter *meter, uint32_t number, struct fault *fault)
{
	_cleanup_free_ struct na_taken *taken = NULL;
	struct na_control control;
	struct half_balance sum;
	int error = meter_control(meter, &control, fault);

	if (!error)
		error = taken_load(meter, &control, &taken, fault);
	if (error)
		return error;
	error = meter_read_balance_whole(meter, number, &sum, fault);
	if (!error && !all_taken(&sum, &taken[number]))
		return 0;
	if (!error)
		error = clear_balance(meter, number);
	if (!error)
		error = clear_taken(meter, number);
	return error ? fault_errno(fault, error, "cannot clear its place") : 0;
}

int slot_clear(struct meter *meter, uint32_t number, struct fault *fault)
{
	int error = pin_lock_meter(meter->lock, fault);

	if (error)
		return error;
	error = clear_locked(meter, number, fault);
	pin_unlock_meter(meter->lock);
	return error;
}

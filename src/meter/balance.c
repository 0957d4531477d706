/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

#include "read.h"

static void add(struct na_balance *to, const struct na_balance *from)
{
	int bucket;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++)
		na_count_add(&to->bucket[bucket], from->bucket[bucket]);
	to->spilled += from->spilled;
	to->undecided += from->undecided;
	to->super += from->super;
}

int meter_read_balance(const struct meter *meter, uint32_t source, uint32_t half,
		       struct half_balance *ret, struct fault *fault)
{
	int cpus = libbpf_num_possible_cpus(), cpu, direction;
	_cleanup_free_ struct na_balance *values = NULL;
	struct half_balance sum = {};

	if (cpus < 0)
		return fault_errno(fault, cpus, "cannot tell the number of CPUs");
	values = calloc((size_t)cpus, sizeof(*values));
	if (!values)
		return fault_errno(fault, -ENOMEM, "pin balance");
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		uint32_t index =
			(half * meter->meta.sources + source) * NA_DIRECTIONS + (uint32_t)direction;

		if (bpf_map_lookup_elem(meter->maps[MAP_BALANCE], &index, values))
			return fault_errno(fault, negative_errno(), "pin balance");
		for (cpu = 0; cpu < cpus; cpu++)
			add(&sum.direction[direction], &values[cpu]);
	}
	*ret = sum;
	return 0;
}

int meter_read_balance_whole(const struct meter *meter, uint32_t source, struct half_balance *ret,
			     struct fault *fault)
{
	struct half_balance sum = {}, half = {};
	uint32_t i, direction;
	int error;

	for (i = 0; i < NA_HALVES; i++) {
		error = meter_read_balance(meter, source, i, &half, fault);
		if (error)
			return error;
		for (direction = 0; direction < NA_DIRECTIONS; direction++)
			add(&sum.direction[direction], &half.direction[direction]);
	}
	*ret = sum;
	return 0;
}

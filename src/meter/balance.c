/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

#include "read.h"

static void add(struct na_balance *to, const struct na_balance *from)
{
	int bucket;

	for (bucket = 0; bucket < NA_BUCKETS; bucket++) {
		to->bucket[bucket].packets += from->bucket[bucket].packets;
		to->bucket[bucket].bytes += from->bucket[bucket].bytes;
	}
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "taken.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

#include "../record/record.h"
#include "scan.h"

int taken_load(const struct meter *meter, const struct na_control *control, struct na_taken **ret,
	       struct fault *fault)
{
	_cleanup_free_ struct na_taken *taken = calloc(meter->meta.sources, sizeof(*taken));
	uint32_t copy = control->taken & 1;

	if (!taken)
		return fault_errno(fault, -ENOMEM, "pin taken");
	if (bpf_map_lookup_elem(meter->maps[MAP_TAKEN], &copy, taken))
		return fault_errno(fault, negative_errno(), "pin taken");
	*ret = TAKE_PTR(taken);
	return 0;
}

int taken_store(const struct meter *meter, struct na_control *control, const struct na_taken *taken,
		struct fault *fault)
{
	uint32_t copy = !(control->taken & 1);

	if (bpf_map_update_elem(meter->maps[MAP_TAKEN], &copy, taken, BPF_ANY))
		return fault_errno(fault, negative_errno(), "pin taken");
	control->taken = copy;
	return 0;
}

struct summing {
	const struct meter *meter;
	enum take take;
	bool from_half; /* records of a half, not of the carry */
	struct na_taken *taken;
};

static int sum_record(void *context, const struct scanned *record)
{
	const struct summing *summing = context;
	uint32_t source = record->key->what >> NA_WHAT_OWNER_SHIFT;
	int direction = record->key->what & NA_WHAT_TX ? NA_TX : NA_RX;
	struct na_taken *taken;

	if (source >= summing->meter->meta.sources)
		return 0;
	taken = &summing->taken[source];
	if (summing->from_half)
		na_count_add(&taken->half[record->half & 1][direction], record->count);
	if (summing->take == TAKE_HANDED_OUT)
		na_count_add(&taken->handed_out[direction], record->count);
	if (summing->take == TAKE_COLLECTED)
		na_count_add(&taken->collected[direction], record->count);
	return 0;
}

int taken_sum(const struct meter *meter, const struct na_control *control, enum take take,
	      struct na_taken *taken, struct fault *fault)
{
	struct summing summing = {.meter = meter, .take = take, .taken = taken};
	int error = 0;

	if (take != TAKE_HALF)
		error = scan_carry(meter, control, sum_record, &summing, fault);
	if (!error && (take == TAKE_HALF || control->flags & NA_CTL_FROZEN)) {
		summing.from_half = true;
		error = scan_half(meter, !control->active, sum_record, &summing, fault);
	}
	return error;
}

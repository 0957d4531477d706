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
	uint32_t sources;
	bool carry; /* records of the carry, not of a half */
	struct outgoing *outgoing;
};

static int sum_record(void *context, const struct scanned *record)
{
	const struct summing *summing = context;
	uint32_t source = record->key->what >> NA_WHAT_OWNER_SHIFT;
	int direction = record->key->what & NA_WHAT_TX ? NA_TX : NA_RX;
	struct outgoing *outgoing;

	if (source >= summing->sources)
		return 0;
	outgoing = &summing->outgoing[source];
	na_count_add(&(summing->carry ? outgoing->carry : outgoing->half)[direction],
		     record->count);
	return 0;
}

static int sum(const struct meter *meter, const struct na_control *control, bool carry, bool half,
	       struct outgoing **ret, struct fault *fault)
{
	_cleanup_free_ struct outgoing *outgoing = calloc(meter->meta.sources, sizeof(*outgoing));
	struct summing summing = {meter->meta.sources, true, outgoing};
	int error = 0;

	if (!outgoing)
		return fault_errno(fault, -ENOMEM, "the sums of its records");
	if (carry)
		error = scan_carry(meter, control, sum_record, &summing, fault);
	summing.carry = false;
	if (!error && half)
		error = scan_half(meter, !control->active, sum_record, &summing, fault);
	if (!error)
		*ret = TAKE_PTR(outgoing);
	return error;
}

int outgoing_half(const struct meter *meter, const struct na_control *control,
		  struct outgoing **ret, struct fault *fault)
{
	return sum(meter, control, false, true, ret, fault);
}

int outgoing_generation(const struct meter *meter, const struct na_control *control,
			struct outgoing **ret, struct fault *fault)
{
	return sum(meter, control, true, control->flags & NA_CTL_FROZEN, ret, fault);
}

void taken_add(const struct meter *meter, const struct na_control *control,
	       const struct outgoing *outgoing, enum take take, struct na_taken *taken)
{
	uint32_t idle = !control->active, i;
	int direction;

	for (i = 0; i < meter->meta.sources; i++) {
		struct na_count *total = NULL;

		if (take == TAKE_HANDED_OUT)
			total = taken[i].handed_out;
		if (take == TAKE_COLLECTED)
			total = taken[i].collected;
		for (direction = 0; direction < NA_DIRECTIONS; direction++) {
			na_count_add(&taken[i].half[idle][direction], outgoing[i].half[direction]);
			if (!total)
				continue;
			na_count_add(&total[direction], outgoing[i].half[direction]);
			na_count_add(&total[direction], outgoing[i].carry[direction]);
		}
	}
}

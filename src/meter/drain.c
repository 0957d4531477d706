/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drain.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "attach.h"
#include "barrier.h"
#include "clock.h"
#include "judge.h"
#include "read.h"
#include "scan.h"
#include "taken.h"

/* A new generation: everything counted up to the flip is in it. */
static int freeze(struct drain *drain, struct fault *fault)
{
	struct na_control *control = &drain->control;
	int error = 0;

	if (control->flags & NA_CTL_LEFTOVER)
		error = drain_absorb(drain->meter, control, fault);
	if (error)
		return error;
	control->flipped_at = clock_monotonic();
	control->flip_sequence = control->sequence + 1;
	return drain_flip(drain->meter, control, NA_CTL_DRAINING | NA_CTL_FROZEN, fault);
}

/* The balance of the half that the generation froze can be judged: say by how much it is out. */
static int judge(struct drain *drain, struct fault *fault)
{
	_cleanup_free_ struct judgement *judgements = NULL;
	size_t i;
	int error;

	if (!(drain->control.flags & NA_CTL_FROZEN))
		return 0;
	error = judge_half(drain->meter, &drain->control, drain->outgoing, &judgements, fault);
	for (i = 0; i < drain->count && !error; i++) {
		const struct judgement *found = &judgements[drain->readings[i].owner];

		drain->readings[i].balance.judged = true;
		drain->readings[i].balance.difference = found->buckets + found->records;
	}
	return error;
}

int drain_begin(struct meter *meter, enum read_how how, struct drain *ret, struct fault *fault)
{
	_cleanup_drain_ struct drain drain = {.meter = meter};
	int error = meter_control(meter, &drain.control, fault);

	if (!error)
		error = drain_recover(meter, &drain.control, fault);
	if (!error && drain.control.flags & NA_CTL_DRAINING) {
		drain.again = true;
		if ((error = barrier_wait()))
			fault_errno(fault, error, "cannot wait for RCU");
	} else if (!error) {
		error = freeze(&drain, fault);
	}
	if (!error)
		error = meter_load_sources(meter, fault);
	if (!error)
		error = outgoing_generation(meter, &drain.control, &drain.outgoing, fault);
	if (!error)
		error = meter_read_generation(meter, &drain.control, how, &drain.readings,
					      &drain.count, fault);
	if (!error)
		error = judge(&drain, fault);
	if (error)
		return error;
	*ret = drain;
	drain = (struct drain){};
	return 0;
}

/* Departed sources go free once a generation that began after them is booked. */
static int release_departed(struct drain *drain, struct fault *fault)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < drain->meter->meta.sources && !error; i++) {
		const struct na_source *source = &drain->meter->sources[i];

		if (source->state == NA_SOURCE_DEPARTED &&
		    source->departed_sequence < drain->control.flip_sequence)
			error = meter_release(drain->meter, i, fault);
	}
	return error;
}

int drain_commit(struct drain *drain, enum drain_kind kind, struct fault *fault)
{
	enum take take = kind == DRAIN_COLLECTED ? TAKE_COLLECTED : TAKE_HANDED_OUT;
	_cleanup_free_ struct na_taken *taken = NULL;
	struct na_control next = drain->control;
	bool frozen = next.flags & NA_CTL_FROZEN;
	int error = taken_load(drain->meter, &next, &taken, fault);

	if (!error) {
		taken_add(drain->meter, &next, drain->outgoing, take, taken);
		error = taken_store(drain->meter, &next, taken, fault);
	}
	if (error)
		return error;
	next.generation++;
	next.carry = next.carry_records = 0;
	next.drained_at = next.flipped_at;
	if (kind == DRAIN_HANDED_OUT)
		next.handed_at = next.flipped_at;
	next.flags &= ~(NA_CTL_DRAINING | NA_CTL_FROZEN);
	if (frozen)
		next.flags |= NA_CTL_TAKEN;
	error = drain_transition(drain->meter, &next, fault);
	if (error)
		return error;
	drain->control = next;
	error = drain_recover(drain->meter, &drain->control, fault);
	return error ? error : release_departed(drain, fault);
}

void drain_end(struct drain *drain)
{
	readings_free(drain->readings, drain->count);
	free(drain->outgoing);
	*drain = (struct drain){};
}

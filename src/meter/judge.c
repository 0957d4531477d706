/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdlib.h>

#include "drain.h"
#include "read.h"
#include "scan.h"
#include "taken.h"

static int64_t apart(struct na_count a, struct na_count b)
{
	return llabs((long long)(a.packets - b.packets)) + llabs((long long)(a.bytes - b.bytes));
}

static struct na_count sum(struct na_count a, struct na_count b)
{
	return (struct na_count){a.packets + b.packets, a.bytes + b.bytes};
}

static int64_t judge_buckets(const struct na_balance *balance)
{
	struct na_count all = {};
	int bucket;

	for (bucket = NA_SEEN + 1; bucket < NA_BUCKETS; bucket++)
		all = sum(all, balance->bucket[bucket]);
	return apart(balance->bucket[NA_SEEN], all);
}

int judge_half(const struct meter *meter, const struct na_control *control,
	       const struct outgoing *outgoing, struct judgement **ret, struct fault *fault)
{
	_cleanup_free_ struct judgement *judgements =
		calloc(meter->meta.sources, sizeof(*judgements));
	_cleanup_free_ struct na_taken *taken = NULL;
	uint32_t idle = !control->active, i;
	struct half_balance balance;
	int direction, error;

	if (!judgements)
		return fault_errno(fault, -ENOMEM, "the judgement");
	error = taken_load(meter, control, &taken, fault);
	if (!error) /* what the half holds on top of what has left it */
		taken_add(meter, control, outgoing, TAKE_HALF, taken);
	for (i = 0; i < meter->meta.sources && !error; i++) {
		if (!source_used(&meter->sources[i]))
			continue;
		error = meter_read_balance(meter, i, idle, &balance, fault);
		for (direction = 0; direction < NA_DIRECTIONS && !error; direction++) {
			const struct na_balance *books = &balance.direction[direction];

			judgements[i].buckets += judge_buckets(books);
			judgements[i].records +=
				apart(books->bucket[NA_ACCOUNTED], taken[i].half[idle][direction]);
		}
	}
	if (!error)
		*ret = TAKE_PTR(judgements);
	return error;
}

/* One half after the other; the flags say that the idle one holds what no drain has taken. */
static int flip_and_judge(struct meter *meter, struct na_control *control,
			  struct judgement *judgements, struct fault *fault)
{
	uint32_t flags = (control->flags & NA_CTL_DRAINING) | NA_CTL_LEFTOVER;
	_cleanup_free_ struct outgoing *outgoing = NULL;
	_cleanup_free_ struct judgement *half = NULL;
	int error = drain_flip(meter, control, flags, fault);
	uint32_t i;

	if (!error)
		error = outgoing_half(meter, control, &outgoing, fault);
	if (!error)
		error = judge_half(meter, control, outgoing, &half, fault);
	for (i = 0; half && i < meter->meta.sources; i++) {
		judgements[i].buckets += half[i].buckets;
		judgements[i].records += half[i].records;
	}
	return error;
}

static int count_record(void *context, const struct scanned *record)
{
	(void)record;
	++*(uint64_t *)context;
	return 0;
}

/* Without traffic the flips leave nothing behind: then the next drain has nothing to carry. */
static int drop_leftover(struct meter *meter, struct na_control *control, struct fault *fault)
{
	uint64_t records = 0;
	int error = scan_half(meter, !control->active, count_record, &records, fault);

	if (error || records)
		return error;
	control->flags &= ~NA_CTL_LEFTOVER;
	control->flags |= NA_CTL_TAKEN; /* excluded flows have entries without packets */
	error = drain_transition(meter, control, fault);
	return error ? error : drain_recover(meter, control, fault);
}

/* What the carry holds, per source and direction. */
struct carried {
	uint32_t sources;
	struct na_count (*count)[NA_DIRECTIONS]; /* an entry a source */
};

static int sum_carry(void *context, const struct scanned *record)
{
	struct carried *carried = context;
	uint32_t source = record->key->what >> NA_WHAT_OWNER_SHIFT;
	int direction = record->key->what & NA_WHAT_TX ? NA_TX : NA_RX;
	struct na_count *count;

	if (source >= carried->sources)
		return 0;
	count = &carried->count[source][direction];
	*count = sum(*count, record->count);
	return 0;
}

static int judge_taken(const struct meter *meter, const struct na_control *control,
		       struct judgement *judgements, struct fault *fault)
{
	_cleanup_free_ struct na_count(*count)[NA_DIRECTIONS] =
		calloc(meter->meta.sources, sizeof(*count));
	struct carried carried = {meter->meta.sources, count};
	_cleanup_free_ struct na_taken *taken = NULL;
	uint32_t i;
	int direction, error;

	if (!count)
		return fault_errno(fault, -ENOMEM, "the judgement");
	error = taken_load(meter, control, &taken, fault);
	if (!error)
		error = scan_carry(meter, control, sum_carry, &carried, fault);
	for (i = 0; i < meter->meta.sources && !error; i++)
		for (direction = 0; direction < NA_DIRECTIONS; direction++)
			judgements[i].taken +=
				apart(sum(taken[i].half[0][direction], taken[i].half[1][direction]),
				      sum(count[i][direction], sum(taken[i].handed_out[direction],
								   taken[i].collected[direction])));
	return error;
}

int judge_meter(struct meter *meter, struct judgement **ret, struct fault *fault)
{
	_cleanup_free_ struct judgement *judgements =
		calloc(meter->meta.sources, sizeof(*judgements));
	struct na_control control;
	int error, half;

	if (!judgements)
		return fault_errno(fault, -ENOMEM, "the judgement");
	error = meter_control(meter, &control, fault);
	if (!error)
		error = drain_recover(meter, &control, fault);
	/* a drain that was not committed: its records must stay as they were printed */
	if (!error && control.flags & NA_CTL_FROZEN)
		error = drain_absorb(meter, &control, fault);
	for (half = 0; half < NA_HALVES && !error; half++)
		error = flip_and_judge(meter, &control, judgements, fault);
	if (!error)
		error = drop_leftover(meter, &control, fault);
	if (!error)
		error = judge_taken(meter, &control, judgements, fault);
	if (!error)
		*ret = TAKE_PTR(judgements);
	return error;
}

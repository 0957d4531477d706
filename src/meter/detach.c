/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>

#include "attach.h"
#include "barrier.h"
#include "clock.h"
#include "group.h"
#include "programs.h"

/*
 * The clsact qdisc is ours to remove only while our filters are on it: an
 * ifindex is used again, and then the qdisc there is somebody else's.
 */
static void disown_qdisc(struct meter *meter, uint32_t number, struct visit *visit)
{
	struct na_source *source = &meter->sources[number];
	_cleanup_fault_ struct fault fault = {};
	struct hooks_state hooks = {};

	if (source->state == NA_SOURCE_LIVE && !visit_next(meter, number, visit, &fault) &&
	    !hooks_query(&visit->site, &hooks, &fault) && !hooks.in && !hooks.eg)
		source->flags &= ~NA_SOURCE_MADE_CLSACT;
}

static int detach_hooks(struct meter *meter, uint32_t number, struct visit *visit,
			struct fault *fault)
{
	int error = visit_next(meter, number, visit, fault);

	if (error) /* ENOENT: the namespace has gone, and its hooks with it */
		return error == -ENOENT ? 0 : error;
	return hooks_detach(&visit->site, fault);
}

/* Off its hooks. */
static int take_off(struct meter *meter, uint32_t number, struct visit *visit, struct fault *fault)
{
	int error;

	disown_qdisc(meter, number, visit);
	meter->sources[number].state = NA_SOURCE_DETACHING;
	error = meter_store_source(meter, number, fault);
	return error ? error : detach_hooks(meter, number, visit, fault);
}

int meter_depart(struct meter *meter, uint32_t number, struct fault *fault)
{
	struct na_source *source = &meter->sources[number];
	struct na_control control;
	int error = group_leave(meter, number, source->programs, fault);

	if (!error && source->next_in)
		error = group_leave(meter, number, source->next_programs, fault);
	if (!error)
		error = meter_control(meter, &control, fault);
	if (error)
		return error;
	source->state = NA_SOURCE_DEPARTED;
	source->departed_at = clock_realtime();
	source->departed_sequence = control.sequence;
	error = meter_store_source(meter, number, fault);
	if (!error)
		programs_drop_unused(meter, source->programs);
	return error;
}

/* Each that can be; of the others `off` is false. */
static int take_off_each(struct meter *meter, const bool *which, bool *off,
			 const struct detach_listener *listener)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	int first = 0;
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++) {
		_cleanup_fault_ struct fault fault = {};
		int error;

		if (!which[i] || !source_counts(&meter->sources[i]))
			continue;
		error = take_off(meter, i, &visit, &fault);
		off[i] = !error;
		if (error)
			listener->failed(listener->context, i, &fault);
		if (!first)
			first = error;
	}
	return first;
}

static int depart_each(struct meter *meter, const bool *off, const struct detach_listener *listener)
{
	int first = 0;
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++) {
		_cleanup_fault_ struct fault fault = {};
		int error = off[i] ? meter_depart(meter, i, &fault) : 0;

		if (error)
			listener->failed(listener->context, i, &fault);
		if (!first)
			first = error;
	}
	return first;
}

static bool any(const bool *which, uint32_t count)
{
	while (count--)
		if (which[count])
			return true;
	return false;
}

static uint32_t first_of(const struct meter *meter, const bool *which)
{
	uint32_t i = 0;

	while (i < meter->meta.sources - 1 && !which[i])
		i++;
	return i;
}

static int fail_first(const struct meter *meter, const bool *which,
		      const struct detach_listener *listener, int error, const char *what)
{
	_cleanup_fault_ struct fault fault = {};

	fault_errno(&fault, error, "%s", what);
	listener->failed(listener->context, first_of(meter, which), &fault);
	return error;
}

int meter_detach_each(struct meter *meter, const bool *which,
		      const struct detach_listener *listener)
{
	_cleanup_free_ bool *off = calloc(meter->meta.sources, sizeof(*off));
	int first, error = 0;

	if (!off)
		return fail_first(meter, which, listener, -ENOMEM, "its sources");
	first = take_off_each(meter, which, off, listener);
	if (any(off, meter->meta.sources))
		error = barrier_wait();
	if (error)
		error = fail_first(meter, which, listener, error, "cannot wait for RCU");
	else
		error = depart_each(meter, off, listener);
	return first ? first : error;
}

static void keep_first(void *context, uint32_t number, const struct fault *fault)
{
	struct fault *kept = context;

	(void)number;
	if (!kept->error)
		fault_set(kept, fault->error, "%s", fault->text);
}

int meter_detach_several(struct meter *meter, const bool *which, struct fault *fault)
{
	const struct detach_listener listener = {keep_first, fault};

	return meter_detach_each(meter, which, &listener);
}

int meter_detach(struct meter *meter, uint32_t number, struct fault *fault)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	int error;

	if (meter->sources[number].state == NA_SOURCE_DEPARTED)
		return 0;
	error = take_off(meter, number, &visit, fault);
	if (error)
		return error;
	error = barrier_wait();
	if (error)
		return fault_errno(fault, error, "cannot wait for RCU");
	return meter_depart(meter, number, fault);
}

int meter_release(struct meter *meter, uint32_t number, struct fault *fault)
{
	meter->sources[number] = (struct na_source){};
	return meter_store_source(meter, number, fault);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>

#include "attach.h"
#include "barrier.h"
#include "group.h"
#include "programs.h"
#include "visit.h"
#include "program.h"

/* Written before the hooks are touched: from now on either program is ours. */
static int announce(struct meter *meter, uint32_t number, const struct program_pair *fresh,
		    struct fault *fault)
{
	struct na_source *source = &meter->sources[number];
	int error = program_id(fresh->in, &source->next_in);

	if (!error)
		error = program_id(fresh->eg, &source->next_eg);
	if (error)
		return fault_errno(fault, error, "the new programs");
	source->next_programs = fresh->number;
	error = group_enter(meter, number, fresh->number, fault);
	return error ? error : meter_store_source(meter, number, fault);
}

/* The new ones are the ones, or (failed) never were. */
static int settle(struct meter *meter, uint32_t number, bool failed, struct fault *fault)
{
	struct na_source *source = &meter->sources[number];
	uint32_t gone = failed ? source->next_programs : source->programs;
	int error;

	if (!failed) {
		source->in.prog_id = source->next_in;
		source->eg.prog_id = source->next_eg;
		source->programs = source->next_programs;
	}
	source->next_in = source->next_eg = source->next_programs = 0;
	error = meter_store_source(meter, number, fault);
	if (error) { /* once more, or the replacement stays under way for everybody else */
		fault_clear(fault);
		error = meter_store_source(meter, number, fault);
	}
	if (error)
		return error; /* the pinned record still names both pairs */
	if ((error = barrier_wait()))
		fault_errno(fault, error, "cannot wait for RCU");
	if (!error)
		error = group_leave(meter, number, gone, fault);
	programs_drop_unused(meter, gone);
	return error;
}

/* A replacement that was interrupted goes to its end before another begins. */
static int finish(const struct hook_site *site, struct hook_programs old, struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair next = {.in = -1, .eg = -1};
	const struct na_source *source = hook_source(site);
	int error;

	if (!source->next_in)
		return 0;
	error = programs_open(site->meter, source->next_programs, &next);
	if (error)
		return fault_errno(fault, error, "the programs of a replacement that broke off");
	error = hooks_replace(site, old, (struct hook_programs){next.in, next.eg}, fault);
	return error ? error : settle(site->meter, site->number, false, fault);
}

static int exchange(const struct hook_site *site, bool verbose, struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair old = {.in = -1, .eg = -1};
	_cleanup_program_pair_ struct program_pair fresh = {.in = -1, .eg = -1};
	struct na_source *source = hook_source(site);
	struct fault second = {};
	int error = programs_open(site->meter, source->programs, &old);

	if (error)
		return fault_errno(fault, error, "its pinned programs");
	error = finish(site, (struct hook_programs){old.in, old.eg}, fault);
	if (error)
		return error;
	error = programs_get(site->meter, source, true, verbose, &fresh, fault);
	if (error)
		return error;
	error = announce(site->meter, site->number, &fresh, fault);
	if (!error)
		error = hooks_replace(site, (struct hook_programs){old.in, old.eg},
				      (struct hook_programs){fresh.in, fresh.eg}, fault);
	if (!error)
		return settle(site->meter, site->number, false, fault);
	if (!settle(site->meter, site->number, true, &second))
		programs_drop_unused(site->meter, fresh.number);
	return error;
}

int meter_replace(struct meter *meter, uint32_t number, bool verbose, struct fault *fault)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	int error = visit_begin(meter, number, &visit, fault);

	return error ? error : exchange(&visit.site, verbose, fault);
}

int meter_replace_finish(struct meter *meter, uint32_t number, struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair old = {.in = -1, .eg = -1};
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	int error = visit_begin(meter, number, &visit, fault);

	if (error)
		return error;
	error = programs_open(meter, meter->sources[number].programs, &old);
	if (error)
		return fault_errno(fault, error, "its pinned programs");
	return finish(&visit.site, (struct hook_programs){old.in, old.eg}, fault);
}

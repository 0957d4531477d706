/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>

#include "../meter/drain.h"
#include "../meter/hold.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "message.h"
#include "pick.h"
#include "show.h"
#include "since_attach.h"

#define COMMAND "drain"

static int refuse_held(const struct meter *meter, struct fault *fault)
{
	struct hold_state hold;
	int error = hold_query(meter->uuid, &hold, fault);

	if (!error && hold.held)
		return fault_set(fault, -EBUSY,
				 "a collector drains it into %s: see `netacct dump` and "
				 "`netacct report`",
				 quote(hold.history).text);
	return error;
}

/* What a collector stored, and ended before it could say so to the kernel, is not handed out. */
static int begin_drain(struct meter *meter, struct drain *drain, struct fault *fault)
{
	int error = drain_begin(meter, READ_STREAMS, drain, fault);

	if (error || !drain->again || !stored_before(COMMAND, meter, drain->control.generation))
		return error;
	error = drain_commit(drain, DRAIN_COLLECTED, fault);
	drain_end(drain);
	return error ? error : drain_begin(meter, READ_STREAMS, drain, fault);
}

/* Begins a generation on one meter and moves its readings into the list. */
static int begin(struct meter *meter, struct drain *drain, struct reading_list *list)
{
	_cleanup_fault_ struct fault fault = {};
	char title[METER_TITLE];
	int error = pin_lock_meter(meter->lock, &fault);

	meter_title(meter, title);
	if (!error)
		error = refuse_held(meter, &fault);
	if (!error) {
		message_step("%s: flipping the halves, then waiting for programs on the old one",
			     quote(title).text);
		error = begin_drain(meter, drain, &fault);
	}
	if (error) {
		say_fault(COMMAND, title, &fault);
		return error;
	}
	message_step("%s: read generation %u of %zu sources", quote(title).text,
		     drain->control.generation, drain->count);
	if (drain->again)
		message_warning(COMMAND, title,
				"generation %u was not delivered before and comes again; drain "
				"once more for what came since",
				drain->control.generation);
	error = reading_list_add(list, TAKE_PTR(drain->readings), drain->count, NULL);
	drain->count = 0;
	return error;
}

static int commit_one(struct drain *drain)
{
	_cleanup_fault_ struct fault fault = {};
	char title[METER_TITLE];

	meter_title(drain->meter, title);
	message_step("%s: committing generation %u", quote(title).text, drain->control.generation);
	if (drain_commit(drain, DRAIN_HANDED_OUT, &fault)) {
		say_fault(COMMAND, title, &fault);
		return STATUS_FAILED;
	}
	message_step("%s: committed, and its half zeroed", quote(title).text);
	return STATUS_DONE;
}

/* After the output has been flushed: only now is anything taken out. */
static int commit(struct drain *drains, size_t count)
{
	int status = STATUS_DONE;
	size_t i;

	for (i = 0; i < count; i++)
		if (drains[i].meter && commit_one(&drains[i]))
			status = STATUS_FAILED;
	return status;
}

static int drain_all(const struct show_options *options, struct picked *picked)
{
	_cleanup_free_ struct drain *drains = calloc(picked->list.count + 1, sizeof(*drains));
	_cleanup_reading_list_ struct reading_list list = {};
	int status = STATUS_DONE, shown;
	size_t i;

	if (!drains) {
		message_errno(COMMAND, NULL, ENOMEM, NULL);
		return STATUS_FAILED;
	}
	/* a wrong --sort or --by is found before anything is flipped */
	shown = show_select(COMMAND, options, NULL, 0);
	if (shown != STATUS_DONE)
		return shown;
	for (i = 0; i < picked->list.count; i++)
		if (picked_meter(picked, i) && begin(&picked->list.meters[i], &drains[i], &list))
			status = STATUS_FAILED;
	message_step("printing %zu sources", list.count);
	shown = show_readings(COMMAND, options, list.readings, list.count);
	if (shown == STATUS_DONE)
		shown = commit(drains, picked->list.count);
	for (i = 0; i < picked->list.count; i++)
		drain_end(&drains[i]);
	return shown == STATUS_DONE ? status : shown;
}

int cmd_drain(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "[METER...]",
		.summary = "Print the flow records since the last drain and start them anew.",
		.notes = "METER is an id (host--eth0), a tag, a source, a group or a UUID; without "
			 "one, all.\n"
			 "A group is drained whole. Nothing is taken out before the output is "
			 "written.\n",
		.rows = show_rows,
		.count = show_row_count,
		.arguments_max = SIZE_MAX,
	};
	struct show_options options = SHOW_DEFAULTS;
	_cleanup_picked_ struct picked picked = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments), drained;

	if (status != OPTIONS_RUN)
		return status;
	status = show_check(COMMAND, &options);
	if (status != STATUS_DONE)
		return status;
	status = pick_meters(COMMAND, &arguments, options.netns, &picked);
	if (status != STATUS_DONE)
		return status;
	drained = drain_all(&options, &picked);
	if (drained == STATUS_DONE && picked.incomplete)
		return STATUS_FAILED;
	return drained;
}

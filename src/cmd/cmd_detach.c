/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>

#include "../meter/attach.h"
#include "../meter/create.h"
#include "../meter/drain.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "detach_departed.h"
#include "message.h"
#include "pick.h"
#include "since_attach.h"
#include "show.h"

#define COMMAND "detach"

struct detach_options {
	const char *netns;
	bool all;
	bool drain;
	bool quiet;
	bool force;
	bool json;
	bool pretty;
};

static const struct option_row rows[] = {
	{.long_name = "all",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, all),
	 .help = "every meter of this system"},
	{.long_name = "drain",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, drain),
	 .help = "print the flow records too; of a group those of all its sources"},
	{.short_name = 'q',
	 .long_name = "quiet",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, quiet),
	 .help = "print no final totals"},
	{.long_name = "force",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, force),
	 .help = "those of a running collector too"},
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct detach_options, netns),
	 .help = "the network namespace of the sources: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct detach_options, netns),
	 .help = "the same"},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, json),
	 .help = "print the final totals as JSON"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct detach_options, pretty),
	 .help = "print it indented; implies --json"},
};

/* What happens to one meter. */
struct leaving {
	bool picked; /* some of its sources go */
	bool last; /* all of them: the meter goes too */
	struct drain drain; /* of a group that stays, with --drain */
};

static void say_failed(void *context, uint32_t number, const struct fault *fault)
{
	const struct meter *meter = context;

	say_fault(COMMAND, meter->sources[number].id, fault);
}

/* Programs off; the counters stay. */
static int take_off(struct meter *meter, const bool *picked)
{
	const struct detach_listener listener = {say_failed, meter};
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (picked[i] && source_used(&meter->sources[i]))
			message_step("detaching %s", quote(meter->sources[i].id).text);
	return meter_detach_each(meter, picked, &listener) ? STATUS_FAILED : STATUS_DONE;
}

/* What is printed of it: all of a meter that goes, else the sources that go. */
static int read_leaving(struct meter *meter, const bool *picked, bool drain,
			struct leaving *leaving, struct reading_list *list, struct fault *fault)
{
	struct reading *readings = NULL;
	size_t count = 0, i;
	int error;

	if (!leaving->last && drain) {
		error = drain_begin(meter, READ_STREAMS, &leaving->drain, fault);
		if (!error && leaving->drain.again)
			return fault_set(fault, -EAGAIN,
					 "an unfinished drain stands before: drain first");
		readings = TAKE_PTR(leaving->drain.readings);
		count = leaving->drain.count;
		leaving->drain.count = 0;
		picked = NULL;
	} else {
		error = read_since_attach(COMMAND, meter, READ_WHOLE, &readings, &count, fault);
	}
	if (error)
		return error;
	for (i = 0; !drain && i < count; i++)
		readings[i].shown = 0;
	error = reading_list_add(list, readings, count, leaving->last ? NULL : picked);
	return error ? fault_errno(fault, error, "its readings") : 0;
}

static int leave(struct meter *meter, const bool *picked, bool drain, struct leaving *leaving,
		 struct reading_list *list)
{
	_cleanup_fault_ struct fault fault = {};
	int status, error = pin_lock_meter(meter->lock, &fault);

	if (!error)
		error = meter_load_sources(meter, &fault);
	if (error) {
		say_meter_fault(COMMAND, meter, &fault);
		return STATUS_FAILED;
	}
	status = take_off(meter, picked);
	leaving->last = !meter_goes_on(meter, NULL);
	message_step("reading the final totals");
	if (read_leaving(meter, picked, drain, leaving, list, &fault)) {
		say_meter_fault(COMMAND, meter, &fault);
		return STATUS_FAILED;
	}
	leaving->picked = true;
	return status;
}

/* Only after what was counted has been printed. */
static int finish(int root, struct meter *meter, struct leaving *leaving)
{
	_cleanup_fault_ struct fault fault = {};
	char title[METER_TITLE];
	int error = 0;

	meter_title(meter, title);
	message_step("%s %s", leaving->last ? "removing the meter of" : "detached from",
		     quote(title).text);
	if (leaving->last)
		error = meter_remove(root, meter, &fault);
	else if (leaving->drain.meter)
		error = drain_commit(&leaving->drain, DRAIN_HANDED_OUT, &fault);
	if (!error)
		return STATUS_DONE;
	say_fault(COMMAND, title, &fault);
	return STATUS_FAILED;
}

static int print(const struct detach_options *options, const struct reading_list *list)
{
	const struct show_options show = {
		.format = OUTPUT_TABLE, .json = options->json, .pretty = options->pretty};

	if (options->quiet || !list->count)
		return STATUS_DONE;
	return show_print(&show, list->readings, list->count);
}

static int detach(const struct detach_options *options, int root, struct picked *picked)
{
	_cleanup_free_ struct leaving *leaving = calloc(picked->list.count + 1, sizeof(*leaving));
	_cleanup_reading_list_ struct reading_list list = {};
	int status = STATUS_DONE;
	bool printed;
	size_t i;

	if (!leaving) {
		message_errno(COMMAND, NULL, ENOMEM, NULL);
		return STATUS_FAILED;
	}
	status = options->force ? STATUS_DONE : leave_held(COMMAND, picked);
	if (leave_departed(COMMAND, picked) != STATUS_DONE)
		status = STATUS_FAILED;
	for (i = 0; i < picked->list.count; i++)
		if (picked_meter(picked, i) &&
		    leave(&picked->list.meters[i], picked->sources[i], options->drain, &leaving[i],
			  &list) != STATUS_DONE)
			status = STATUS_FAILED;
	printed = print(options, &list) == STATUS_DONE;
	for (i = 0; i < picked->list.count; i++) {
		if (printed && leaving[i].picked &&
		    finish(root, &picked->list.meters[i], &leaving[i]))
			status = STATUS_FAILED;
		drain_end(&leaving[i].drain);
	}
	if (printed)
		pin_remove_root();
	return printed ? status : STATUS_FAILED;
}

static int run(const struct detach_options *options, const struct arguments *arguments)
{
	_cleanup_picked_ struct picked picked = {};
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = pin_root(false, &fault);
	int status;

	if (root == -ENOENT && options->all)
		return STATUS_DONE;
	if (root >= 0 && pin_lock(&root, &fault)) {
		say_fault(COMMAND, NULL, &fault);
		return STATUS_FAILED;
	}
	status = pick_meters(COMMAND, arguments, options->netns, &picked);
	if (status != STATUS_DONE)
		return status;
	status = detach(options, root, &picked);
	return status == STATUS_DONE && picked.incomplete ? STATUS_FAILED : status;
}

int cmd_detach(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "SOURCE... | --all",
		.summary = "Take meters off and print their final totals.",
		.notes = "SOURCE is a source, an id (host--eth0), a tag, a group or a UUID.\n",
		.rows = rows,
		.count = ARRAY_SIZE(rows),
		.arguments_max = SIZE_MAX,
	};
	struct detach_options options = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	if (options.all == (arguments.count > 0)) {
		message_error(COMMAND, NULL, "%s",
			      options.all ? "--all leaves no room for a SOURCE"
					  : "a SOURCE or --all is needed");
		return STATUS_USAGE;
	}
	if (options.all && options.netns) {
		message_error(COMMAND, "--all", "leaves no room for --netns");
		return STATUS_USAGE;
	}
	return run(&options, &arguments);
}

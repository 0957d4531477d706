/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../source/sentence.h"
#include "cmd.h"
#ifdef HAVE_SQLITE3
#include "collect_remote.h"
#endif
#include "message.h"
#include "pick.h"
#include "since_attach.h"
#include "show.h"

#define COMMAND "dump"
#define TRIES 100

/* One meter's picked sources; -errno after saying why. */
static int read_meter(const struct picked *picked, size_t i, struct reading_list *list)
{
	const struct meter *meter = &picked->list.meters[i];
	_cleanup_fault_ struct fault fault = {};
	struct reading *readings = NULL;
	char title[METER_TITLE];
	size_t count = 0;
	int error;

	meter_title(meter, title);
	message_step("reading %s", quote(title).text);
	error = read_since_attach(COMMAND, meter, READ_STREAMS, &readings, &count, &fault);
	if (error) {
		say_fault(COMMAND, title, &fault);
		return error;
	}
	return reading_list_add(list, readings, count, picked->sources[i]);
}

/* Reads and prints; where a drain came in between, before anything was printed, once more. */
static int dump(const struct show_options *options, const struct picked *picked)
{
	int status, shown = SHOW_STALE, try;
	size_t i;

	for (try = 0; shown == SHOW_STALE && try < TRIES; try++) {
		_cleanup_reading_list_ struct reading_list list = {};

		status = STATUS_DONE;
		for (i = 0; i < picked->list.count; i++)
			if (picked_meter(picked, i) && read_meter(picked, i, &list))
				status = STATUS_FAILED;
		message_step("%zu sources read, printing", list.count);
		shown = show_readings(COMMAND, options, list.readings, list.count);
	}
	if (shown == SHOW_STALE) {
		message_error(COMMAND, NULL, "it is drained faster than it can be read");
		return STATUS_FAILED;
	}
	return shown == STATUS_DONE ? status : shown;
}

int cmd_dump(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "[METER...]",
		.summary = "Print the flow records since attach or the last drain; change nothing.",
		.notes = "METER is an id (host--eth0), a tag, a source, a group or a UUID; without "
			 "one, all.\n",
		.rows = show_rows,
		.count = show_row_count,
		.arguments_max = SIZE_MAX,
	};
	struct show_options options = SHOW_DEFAULTS;
	_cleanup_picked_ struct picked picked = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	status = show_check(COMMAND, &options);
	if (status != STATUS_DONE)
		return status;
#ifdef HAVE_SQLITE3
	if (collect_remote_wanted())
		return collect_remote(argc, argv);
#endif
	status = pick_meters(COMMAND, &arguments, options.netns, &picked);
	if (status != STATUS_DONE)
		return status;
	status = dump(&options, &picked);
	if (status == STATUS_DONE && picked.incomplete)
		return STATUS_FAILED;
	return status;
}

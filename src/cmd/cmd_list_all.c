/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <pthread.h>
#include <string.h>

#include "../meter/pin.h"
#include "../meter/first_tool.h"
#include "cmd.h"
#include "message.h"
#include "option.h"
#include "streams.h"
#include "survey_output.h"

#define COMMAND "list-all"

struct list_all_options {
	bool json;
	bool pretty;
};

static const struct option_row rows[] = {
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct list_all_options, json),
	 .help = "print one JSON document, schema netacct-list/1"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct list_all_options, pretty),
	 .help = "print it indented; implies --json"},
};

static const struct option_table table = {
	.command = COMMAND,
	.arguments = "",
	.summary = "Show every interface of every network namespace, and what is attached to it.",
	.notes = "Runs without root, and then says what it could not see.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
};

/* Of the meters bpffs itself can tell more: whose their directory is. */
static void say_why(enum survey_sight sight, int error, const char *hint)
{
	_cleanup_fault_ struct fault fault = {};

	if (sight == SIGHT_METERS) {
		_cleanup_close_ int root = pin_root(false, &fault);

		(void)root;
	}
	message_warning(COMMAND, survey_sight(sight), "not seen: %s%s",
			fault.error ? fault.text : strerror(-error), hint);
}

/* That root is needed is said once. */
static void say_unseen(const struct survey *survey)
{
	bool hinted = geteuid() == 0;

	for (enum survey_sight sight = 0; sight < SIGHTS; sight++) {
		int error = survey->blind[sight];
		bool denied = error == -EPERM || error == -EACCES;

		if (!error)
			continue;
		say_why(sight, error, denied && !hinted ? " (netacct " COMMAND " needs root)" : "");
		hinted |= denied;
	}
}

/* What the first tool has left: a walk over all programs of the system. */
struct left_over {
	pthread_t thread;
	bool started; /* it is looked for meanwhile */
	struct first_tool_object *objects; /* owned */
	size_t count;
};

static void *look_for_left_over(void *argument)
{
	struct left_over *left = argument;

	if (first_tool_find(false, &left->objects, &left->count))
		left->count = 0;
	return NULL;
}

static void left_over_begin(struct left_over *left)
{
	left->started = !pthread_create(&left->thread, NULL, look_for_left_over, left);
}

static void left_over_end(struct left_over *left)
{
	if (left->started)
		pthread_join(left->thread, NULL);
	else
		look_for_left_over(left);
	left->started = false;
}

/* Its filters and programs are in the list; what to do about them is doctor's to say. */
static void say_left_over(const struct left_over *left)
{
	if (left->count)
		message_warning(COMMAND, left->objects[0].name,
				"%zu programs and maps of the first Python tool are still there; "
				"'netacct doctor' prints how to remove them",
				left->count);
}

/* -errno of memory or of the write. */
static int print(const struct survey *survey, const struct list_all_options *options)
{
	_cleanup_free_ struct buffer *out = buffer_new(stdout);
	int error = 0;

	if (!out)
		return -ENOMEM;
	if (options->json || options->pretty)
		survey_json(out, survey, options->pretty);
	else
		error = survey_table(out, survey);
	return error ? error : buffer_flush(out);
}

int cmd_list_all(int argc, char **argv)
{
	struct list_all_options options = {0};
	_cleanup_survey_ struct survey survey = {0};
	struct left_over left = {0};
	struct arguments arguments;
	int error, status;

	status = options_parse(&table, argc, argv, &options, &arguments);
	if (status != OPTIONS_RUN)
		return status;
	message_step("looking into every network namespace");
	left_over_begin(&left);
	error = survey_take(&survey);
	left_over_end(&left);
	if (error) {
		free(left.objects);
		message_errno(COMMAND, NULL, error, NULL);
		return STATUS_FAILED;
	}
	message_step("%zu network namespaces found", survey.count);
	say_unseen(&survey);
	say_left_over(&left);
	free(left.objects);
	return streams_flush(print(&survey, &options)) ? STATUS_FAILED : STATUS_DONE;
}

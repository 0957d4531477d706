/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>

#include "../collector/config.h"
#include "../meter/sweep.h"
#include "cmd.h"
#include "message.h"
#include "option.h"
#include "pick.h"
#include "show.h"
#include "streams.h"

#define COMMAND "cleanup"

struct cleanup_options {
	bool dry_run;
	const char *config;
};

static const struct option_row rows[] = {
	{.long_name = "dry-run",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct cleanup_options, dry_run),
	 .help = "say what would be removed, and remove nothing"},
	{.short_name = 'c',
	 .long_name = "config",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct cleanup_options, config),
	 .help = "look only at the interfaces that this configuration names"},
};

struct context {
	const struct cleanup_options *options;
	struct config config;
};

static bool wanted(void *pointer, const char *id)
{
	const struct context *context = pointer;

	return !context->options->config || config_names(&context->config, id);
}

static void say(void *pointer, const char *where, const char *text)
{
	const struct context *context = pointer;
	char escaped[1280];

	message_escape(where, escaped, sizeof(escaped));
	printf("%s %s: %s\n", context->options->dry_run ? "would remove" : "removing", escaped,
	       text);
}

static void complain(void *pointer, const char *where, const struct fault *fault)
{
	(void)pointer;
	say_fault(COMMAND, where, fault);
}

/* What was counted is said once more before it goes. */
static int last_words(void *pointer, struct reading *readings, size_t count)
{
	const struct show_options show = {.format = OUTPUT_TABLE, .by = -1};

	(void)pointer;
	return show_print(&show, readings, count) == STATUS_DONE ? 0 : -EIO;
}

static int sweep(struct context *context)
{
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = pin_root(false, &fault);
	struct sweeper sweeper = {
		.dry_run = context->options->dry_run,
		.wanted = wanted,
		.say = say,
		.last_words = last_words,
		.complain = complain,
		.context = context,
	};
	int error = 0;

	if (root < 0 && root != -ENOENT)
		error = root;
	if (root >= 0)
		error = pin_lock(&root, &fault);
	sweeper.root = root;
	if (!error) {
		message_step("looking at the pinned meters");
		error = sweep_meters(&sweeper, &fault);
	}
	if (!error) {
		message_step("looking for programs without a meter, in every namespace");
		error = sweep_orphans(&sweeper, &fault);
	}
	if (error) {
		say_fault(COMMAND, NULL, &fault);
		return STATUS_FAILED;
	}
	if (root >= 0 && !sweeper.dry_run)
		pin_remove_root();
	if (!sweeper.found)
		message_step("nothing to clean up");
	else
		message_step("%zu found, %zu could not be removed", sweeper.found, sweeper.failed);
	return sweeper.failed ? STATUS_FAILED : STATUS_DONE;
}

int cmd_cleanup(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "",
		.summary =
			"Remove what a crash, a vanished interface or lost pins left of netacct.",
		.notes = "Never what is not netacct's, and never a meter that counts.\n",
		.rows = rows,
		.count = ARRAY_SIZE(rows),
	};
	struct cleanup_options options = {};
	struct context context = {.options = &options};
	struct config_error why = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	if (options.config && config_load(options.config, &context.config, &why)) {
		message_error(COMMAND, options.config, "%s", why.text);
		return STATUS_FAILED;
	}
	status = sweep(&context);
	config_clear(&context.config);
	return streams_flush(0) ? STATUS_FAILED : status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../collector/collector.h"
#include "../collector/files.h"
#include "../meter/pin.h"
#include "cmd.h"
#include "collect_voice.h"
#include "message.h"
#include "option.h"
#include "pick.h"
#include "streams.h"

#define COMMAND "collect"
#define YEARS (UINT64_C(100) * 366 * 86400)

struct collect_options {
	const char *config;
	const char *netns;
	int ingress; /* enum ingress_request, -1: not given */
	bool once;
	uint64_t duration; /* seconds */
	bool summary_only;
	bool create_example;
	bool debug;
	const char *history;
};

static const struct option_word xdp_words[] = {{"auto", INGRESS_XDP_AUTO},
					       {"native", INGRESS_XDP_NATIVE},
					       {"generic", INGRESS_XDP_GENERIC},
					       {}};

static const struct option_row rows[] = {
	{.short_name = 'c',
	 .long_name = "config",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct collect_options, config),
	 .help = "the configuration, netacct.json(5)",
	 .shown_default = CONFIG_PATH},
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct collect_options, netns),
	 .help = "the network namespace of IFACE: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct collect_options, netns),
	 .help = "the same"},
	{.long_name = "xdp",
	 .argument = "MODE",
	 .without = "auto",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct collect_options, ingress),
	 .words = xdp_words,
	 .help = "count what IFACE receives with XDP: auto, native or generic",
	 .shown_default = "tc"},
	{.long_name = "once",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct collect_options, once),
	 .help = "one drain, after an interval where counting begins with it, and end"},
	{.long_name = "duration",
	 .argument = "S",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct collect_options, duration),
	 .minimum = 1,
	 .maximum = YEARS,
	 .help = "end after S seconds"},
	{.long_name = "history",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct collect_options, history),
	 .help = "the database, whatever the configuration says"},
	{.long_name = "summary-only",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct collect_options, summary_only),
	 .help = "print the totals of all instances as their files say, and end"},
	{.long_name = "create-example",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct collect_options, create_example),
	 .help = "write an example configuration and whitelist into FOLDER (the working one)"},
	{.long_name = "debug",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct collect_options, debug),
	 .help = "say what each drain did, and why a source sees nothing"},
};

static const struct option_table table = {
	.command = COMMAND,
	.arguments = "[IFACE [OUTPUT [WHITELIST]] | FOLDER]",
	.summary = "Drain meters on an interval, keep the history, write the output files.",
	.notes = "Sources are those of the configuration, or IFACE alone. In the foreground, until "
		 "SIGTERM.\n"
		 "SIGHUP: configuration and whitelists anew; SIGUSR1: output files anew.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
	.arguments_max = 3,
};

static int usage(const char *what, const char *why)
{
	message_error(COMMAND, what, "%s", why);
	return STATUS_USAGE;
}

static const char *argument(const struct arguments *arguments, size_t number)
{
	return number < arguments->count ? arguments->values[number] : NULL;
}

static int create_example(const struct arguments *arguments)
{
	const char *folder = arguments->count ? arguments->values[0] : ".";
	struct config_error why = {};

	if (arguments->count > 1)
		return usage(arguments->values[1], "one FOLDER at most");
	if (config_write_example(folder, &why)) {
		message_error(COMMAND, folder, "%s", why.text);
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static int check(const struct collect_options *options, const struct arguments *arguments)
{
	if (arguments->count && options->config)
		return usage("-c", "the configuration names the interfaces: none may be given");
	if (!arguments->count && options->netns)
		return usage("--netns", "needs an IFACE");
	if (!arguments->count && options->ingress >= 0)
		return usage("--xdp", "needs an IFACE; in a configuration it is \"xdp\"");
	if (!arguments->count && !options->config && access(CONFIG_PATH, F_OK))
		return usage(NULL, "needs -c FILE or an IFACE: there is no " CONFIG_PATH);
	return STATUS_DONE;
}

/* The path of the database is also what others find it by: it must not depend on where one is. */
static int set_history(struct config *config, const char *path, struct config_error *why)
{
	_cleanup_free_ char *here = NULL;
	char *absolute = NULL;
	int error = 0;

	if (path[0] == '/')
		absolute = strdup(path);
	else if (!(here = getcwd(NULL, 0)))
		error = -errno;
	else if (asprintf(&absolute, "%s/%s", here, path) < 0)
		absolute = NULL;
	if (!error && !absolute)
		error = -ENOMEM;
	if (error) {
		snprintf(why->text, sizeof(why->text), "%s", strerror(-error));
		return error;
	}
	free(config->history);
	config->history = absolute;
	return 0;
}

static int load(const struct collect_options *options, const struct arguments *arguments,
		struct config *config)
{
	const char *path = options->config ? options->config : CONFIG_PATH;
	const char *what = arguments->count ? arguments->values[0] : path;
	struct config_error why = {};
	int error;

	if (!arguments->count)
		error = config_load(path, config, &why);
	else
		error = config_of_interface(options->netns, arguments->values[0],
					    argument(arguments, 1), argument(arguments, 2), config,
					    &why);
	if (!error && options->ingress >= 0)
		config->instances[0].hooks.ingress = (enum ingress_request)options->ingress;
	if (!error && options->history)
		error = set_history(config, options->history, &why);
	if (error)
		message_error(COMMAND, what, "%s", why.text);
	return error ? STATUS_FAILED : STATUS_DONE;
}

static int print_summary(const struct config *config)
{
	struct config_error why = {};
	int error = files_print_summary(config, stdout, &why);

	if (error)
		message_error(COMMAND, NULL, "%s", why.text);
	return streams_flush(0) || error ? STATUS_FAILED : STATUS_DONE;
}

static bool wants_debug(const struct collect_options *options, const struct config *config)
{
	bool debug = options->debug || message_level() > MESSAGE_QUIET;
	size_t i;

	for (i = 0; i < config->count && !debug; i++)
		debug = config->instances[i].debug;
	return debug;
}

static int collect(const struct collect_options *options, const struct arguments *arguments,
		   struct config *config)
{
	bool debug = wants_debug(options, config);
	struct collector_options settings = {
		.config = config,
		.config_path = arguments->count ? NULL : config->path,
		.duration = options->duration * NANOSECONDS,
		.once = options->once,
		.debug = options->debug,
		.console = isatty(STDOUT_FILENO) ? stdout : NULL,
		.voice = collect_voice(&debug),
		.answer = collect_answer,
	};
	_cleanup_free_ char *path = NULL;

	if (settings.config_path) {
		path = strdup(settings.config_path);
		if (!path)
			return STATUS_FAILED;
		settings.config_path = path;
	}
	return collector_run(&settings) ? STATUS_FAILED : STATUS_DONE;
}

int cmd_collect(int argc, char **argv)
{
	struct collect_options options = {.ingress = -1};
	_cleanup_config_ struct config config = {};
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = -1;
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	if (options.create_example)
		return create_example(&arguments);
	status = check(&options, &arguments);
	if (status == STATUS_DONE)
		status = load(&options, &arguments, &config);
	if (status != STATUS_DONE)
		return status;
	if (options.summary_only)
		return print_summary(&config);
	root = pin_root(true, &fault);
	if (root < 0) {
		say_fault(COMMAND, NULL, &fault);
		return STATUS_FAILED;
	}
	status = collect(&options, &arguments, &config);
	pin_remove_root();
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "cmd.h"
#include "doctor.h"
#include "message.h"
#include "option.h"
#include "pick.h"
#include "streams.h"

#define COMMAND "doctor"

struct doctor_options {
	const char *try;
	const char *netns;
	bool json;
	bool pretty;
};

static const struct option_row rows[] = {
	{.long_name = "try",
	 .argument = "IFACE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct doctor_options, try),
	 .help = "attach and detach each hook of an interface for a moment instead"},
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct doctor_options, netns),
	 .help = "the network namespace of IFACE: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct doctor_options, netns),
	 .help = "the same"},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct doctor_options, json),
	 .help = "print one JSON document, schema netacct-doctor/1"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct doctor_options, pretty),
	 .help = "print it indented; implies --json"},
};

static const struct option_table table = {
	.command = COMMAND,
	.arguments = "",
	.summary = "Can this system run netacct? Each condition is tried, and what to do is said.",
	.notes = "Runs without root, and then names what it could not see.\n"
		 "With -v the verifier's log of what the kernel refuses is shown, too.\n"
		 "Exit status 3 where something that is needed is missing.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
};

/* An exit status, after saying why; STATUS_DONE where the source is one interface. */
static int find(const struct doctor_options *options, struct source_list *list)
{
	struct source_error why = {};
	struct source_name name;

	if (source_parse(options->try, options->netns, &name, &why)) {
		message_error(COMMAND, options->try, "%s", why.text);
		return STATUS_USAGE;
	}
	if (source_resolve(&name, list, &why)) {
		message_error(COMMAND, options->try, "%s", why.text);
		return STATUS_FAILED;
	}
	if (list->count > 1) {
		message_error(COMMAND, options->try, "%zu interfaces match: --try takes one",
			      list->count);
		return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static int try_interface(const struct doctor_options *options, struct source_list *list,
			 struct probes *probes)
{
	_cleanup_fault_ struct fault fault = {};
	int status = find(options, list);

	if (status != STATUS_DONE)
		return status;
	message_step("trying the hooks of %s", list->sources[0].id);
	if (doctor_try(probes, &list->sources[0], &fault)) {
		say_fault(COMMAND, list->sources[0].id, &fault);
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static int look_at_system(struct probes *probes)
{
	int error;

	message_step("looking at the system");
	doctor_system(probes);
	doctor_privilege(probes);
	message_step("trying maps and programs");
	probe_maps(probes);
	probe_programs(probes);
	message_step("trying the hooks in a network namespace of our own");
	probe_own_netns(probes);
	doctor_cgroup(probes);
	doctor_netns(probes);
	message_step("looking for what the first tool left");
	error = doctor_first_tool(probes);
	if (!error)
		return STATUS_DONE;
	message_errno(COMMAND, NULL, error, NULL);
	return STATUS_FAILED;
}

static int print(const struct doctor_options *options, const struct probes *probes,
		 const char *source)
{
	_cleanup_free_ struct buffer *out = buffer_new(stdout);
	int error = out ? probes->error : -ENOMEM;

	if (error) {
		message_errno(COMMAND, NULL, error, NULL);
		return STATUS_FAILED;
	}
	if (options->json || options->pretty)
		doctor_json(out, probes, source, options->pretty);
	else
		error = doctor_table(out, probes, source, message_level() > MESSAGE_QUIET);
	return streams_flush(error ? error : buffer_flush(out)) ? STATUS_FAILED : STATUS_DONE;
}

int cmd_doctor(int argc, char **argv)
{
	_cleanup_source_list_ struct source_list list = {};
	_cleanup_probes_ struct probes probes = {};
	struct doctor_options options = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	if (options.netns && !options.try) {
		message_error(COMMAND, "--netns", "goes with --try IFACE");
		return STATUS_USAGE;
	}
	status = options.try ? try_interface(&options, &list, &probes) : look_at_system(&probes);
	if (status == STATUS_DONE)
		status = print(&options, &probes, list.count ? list.sources[0].id : NULL);
	if (status == STATUS_DONE && !doctor_good(&probes))
		status = STATUS_FOUND;
	return status;
}

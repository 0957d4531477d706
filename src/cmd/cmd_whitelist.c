/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/whitelist.h"
#include "../output/json_writer.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "message.h"
#include "option.h"
#include "streams.h"

#define COMMAND "whitelist"

struct whitelist_options {
	const char *check;
	bool json;
	bool pretty;
};

static const struct option_row rows[] = {
	{.long_name = "check",
	 .argument = "FILE",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct whitelist_options, check),
	 .help = "validate a whitelist and print what it comes to"},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct whitelist_options, json),
	 .help = "print that as one JSON document, schema netacct-whitelist/1"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct whitelist_options, pretty),
	 .help = "print it indented; implies --json"},
};

static const struct option_table table = {
	.command = COMMAND,
	.arguments = "",
	.summary = "Validate a whitelist file; nothing is attached or changed.",
	.notes = "The file's format: netacct-attach(8), WHITELIST FILE.\n",
	.rows = rows,
	.count = ARRAY_SIZE(rows),
};

static void put_json(struct buffer *out, const char *file, const struct whitelist *whitelist,
		     bool pretty)
{
	struct json json = {.buffer = out, .pretty = pretty};

	json_open(&json, NULL, '{');
	json_string(&json, "schema", "netacct-whitelist/1");
	json_string(&json, "file", file);
	json_number(&json, "count", whitelist->listed);
	json_number(&json, "prefixes", whitelist->count);
	json_boolean(&json, "auto_reload", whitelist->auto_reload);
	json_open(&json, "sample_ips", '[');
	for (size_t i = 0; i < ARRAY_SIZE(whitelist->sample) && whitelist->sample[i][0]; i++)
		json_string(&json, NULL, whitelist->sample[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_char(out, '\n');
}

static void put_text(struct buffer *out, const char *file, const struct whitelist *whitelist)
{
	char escaped[4096];

	message_escape(file, escaped, sizeof(escaped));
	buffer_text(out, escaped);
	buffer_text(out, ": ");
	buffer_number(out, whitelist->listed);
	buffer_text(out, " addresses and networks, ");
	buffer_number(out, whitelist->count);
	buffer_text(out, " without duplicates");
	for (size_t i = 0; i < ARRAY_SIZE(whitelist->sample) && whitelist->sample[i][0]; i++) {
		buffer_text(out, i ? ", " : ": ");
		buffer_text(out, whitelist->sample[i]);
	}
	buffer_text(out, whitelist->count > ARRAY_SIZE(whitelist->sample) ? " ...\n" : "\n");
}

static int check(const struct whitelist_options *options)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	_cleanup_free_ struct buffer *out = NULL;
	struct whitelist_error why = {""};
	int error;

	message_step("reading %s", quote(options->check).text);
	error = whitelist_load(options->check, &whitelist, &why);
	if (error) {
		if (why.text[0])
			message_error(COMMAND, options->check, "%s", why.text);
		else
			message_errno(COMMAND, options->check, error, NULL);
		return STATUS_FAILED;
	}
	out = buffer_new(stdout);
	if (!out) {
		message_errno(COMMAND, options->check, -ENOMEM, NULL);
		return STATUS_FAILED;
	}
	if (options->json || options->pretty)
		put_json(out, options->check, &whitelist, options->pretty);
	else
		put_text(out, options->check, &whitelist);
	return streams_flush(buffer_flush(out)) ? STATUS_FAILED : STATUS_DONE;
}

int cmd_whitelist(int argc, char **argv)
{
	struct whitelist_options options = {0};
	struct arguments arguments;
	int status;

	status = options_parse(&table, argc, argv, &options, &arguments);
	if (status != OPTIONS_RUN)
		return status;
	if (!options.check) {
		message_error(COMMAND, NULL, "needs --check FILE (see 'netacct whitelist --help')");
		return STATUS_USAGE;
	}
	return check(&options);
}

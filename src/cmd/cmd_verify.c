/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/verify.h"
#include "../output/json_writer.h"
#include "../source/sentence.h"
#include "cmd.h"
#include "message.h"
#include "pick.h"
#include "streams.h"
#include "verify_plugin.h"

#define COMMAND "verify"

struct verify_options {
	const char *netns;
	bool json;
	bool pretty;
	bool plugin;
	uint64_t max_use;
	uint64_t max_age;
};

static const struct option_row rows[] = {
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct verify_options, netns),
	 .help = "the network namespace of the sources: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct verify_options, netns),
	 .help = "the same"},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct verify_options, json),
	 .help = "print JSON"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct verify_options, pretty),
	 .help = "print it indented; implies --json"},
	{.long_name = "plugin",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct verify_options, plugin),
	 .help = "one line for monitoring systems: OK, WARNING or CRITICAL, exit 0, 1 or 2"},
	{.long_name = "max-use",
	 .argument = "P",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct verify_options, max_use),
	 .minimum = 1,
	 .maximum = 100,
	 .help = "with --plugin: WARNING over P percent of the flows in use",
	 .shown_default = "80"},
	{.long_name = "max-age",
	 .argument = "S",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct verify_options, max_age),
	 .minimum = 1,
	 .maximum = UINT32_MAX,
	 .help = "with --plugin: WARNING where the last drain is over S seconds ago"},
};

static const char *state_word(enum finding_state state)
{
	switch (state) {
	case FINDING_OK:
		return "ok";
	case FINDING_NOTE:
		return "note";
	default:
		return "WRONG";
	}
}

/* What is printed on: a line each finding, or a document. */
struct report {
	bool documents;
	struct json json;
	size_t meters;
};

static void put_lines(struct buffer *out, const struct meter *meter,
		      const struct findings *findings)
{
	char id[sizeof(meter->sources->id) * 4], text[1024];

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		message_escape(meter->sources[finding->source].id, id, sizeof(id));
		message_escape_sentence(finding->text, text, sizeof(text));
		buffer_text(out, state_word(finding->state));
		buffer_spaces(out, strlen("WRONG") - strlen(state_word(finding->state)) + 2);
		buffer_text(out, id);
		buffer_text(out, "  ");
		buffer_text(out, finding->check);
		buffer_text(out, ": ");
		buffer_text(out, text);
		buffer_char(out, '\n');
	}
}

static void put_checks(struct json *json, const struct findings *findings, uint32_t source)
{
	json_open(json, "checks", '[');
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		bool wrong = finding->state == FINDING_WRONG;

		if (finding->source != source)
			continue;
		json_open(json, NULL, '{');
		json_string(json, "check", finding->check);
		json_string(json, "state", wrong ? "wrong" : state_word(finding->state));
		json_string(json, "text", finding->text);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_sources(struct json *json, const struct meter *meter,
			const struct findings *findings)
{
	for (uint32_t i = 0; i < meter->meta.sources; i++) {
		if (!source_used(&meter->sources[i]))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "id", meter->sources[i].id);
		json_string(json, "meter", meter->uuid);
		put_checks(json, findings, i);
		json_close(json, '}');
	}
}

static bool found_wrong(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].state == FINDING_WRONG)
			return true;
	return false;
}

/* Judges one meter and says whether all is well. */
static int verify_one(struct report *report, struct meter *meter)
{
	_cleanup_findings_ struct findings findings = {};
	_cleanup_fault_ struct fault fault = {};
	char title[METER_TITLE];

	meter_title(meter, title);
	message_step("checking %s", quote(title).text);
	report->meters++;
	if (meter_verify(meter, &findings, &fault)) {
		say_fault(COMMAND, title, &fault);
		return STATUS_FAILED;
	}
	if (report->documents)
		put_sources(&report->json, meter, &findings);
	else
		put_lines(report->json.buffer, meter, &findings);
	return found_wrong(&findings) ? STATUS_FOUND : STATUS_DONE;
}

static void begin(struct report *report)
{
	if (!report->documents)
		return;
	json_open(&report->json, NULL, '{');
	json_string(&report->json, "schema", "netacct-verify/1");
	json_open(&report->json, "sources", '[');
}

static void end(struct report *report, int status)
{
	if (report->documents) {
		json_close(&report->json, ']');
		json_boolean(&report->json, "good", status == STATUS_DONE);
		json_close(&report->json, '}');
		buffer_char(report->json.buffer, '\n');
	} else if (!report->meters && status == STATUS_DONE) {
		buffer_text(report->json.buffer, "no meters\n");
	}
}

/* `status` is what is known before the first meter is looked at. */
static int verify(const struct verify_options *options, struct picked *picked, int status)
{
	_cleanup_free_ struct buffer *out = buffer_new(stdout);
	struct report report = {.documents = options->json || options->pretty,
				.json = {.buffer = out, .pretty = options->pretty}};

	if (!out) {
		message_errno(COMMAND, NULL, ENOMEM, NULL);
		return STATUS_FAILED;
	}
	begin(&report);
	for (size_t i = 0; i < picked->list.count; i++) {
		int one;

		if (!picked_meter(picked, i))
			continue;
		one = verify_one(&report, &picked->list.meters[i]);
		if (one == STATUS_FAILED || status == STATUS_DONE)
			status = one;
	}
	end(&report, status);
	return streams_flush(buffer_flush(out)) ? STATUS_FAILED : status;
}

int cmd_verify(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "[METER...]",
		.summary = "Check that the books balance and that what counts is really attached.",
		.notes = "METER is an id (host--eth0), a tag, a source, a group or a UUID; without "
			 "one, all.\n"
			 "Exit status 3 where a check found something.\n",
		.rows = rows,
		.count = ARRAY_SIZE(rows),
		.arguments_max = SIZE_MAX,
	};
	struct verify_options options = {};
	struct plugin_limits limits;
	_cleanup_picked_ struct picked picked = {};
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments);

	if (status != OPTIONS_RUN)
		return status;
	if (!options.plugin && (options.max_use || options.max_age)) {
		message_error(COMMAND, options.max_use ? "--max-use" : "--max-age",
			      "goes with --plugin");
		return STATUS_USAGE;
	}
	limits = (struct plugin_limits){options.max_use ? options.max_use : 80, options.max_age};
	status = pick_meters(COMMAND, &arguments, options.netns, &picked);
	if (options.plugin)
		return verify_plugin(&limits, status == STATUS_DONE ? &picked : NULL);
	if (status != STATUS_DONE)
		return status;
	if (picked.incomplete)
		status = arguments.count ? STATUS_FAILED : STATUS_FOUND;
	return verify(&options, &picked, status);
}

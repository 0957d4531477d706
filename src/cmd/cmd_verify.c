/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <json-c/json.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/verify.h"
#include "cmd.h"
#include "message.h"
#include "pick.h"
#include "streams.h"

#define COMMAND "verify"

struct verify_options {
	const char *netns;
	bool json;
	bool pretty;
};

static const struct option_row rows[] = {
	{ .short_name = 'n', .long_name = "netns", .argument = "NS", .type = OPTION_STRING,
	  OPTION_FIELD(struct verify_options, netns),
	  .help = "the network namespace of the sources: a name, pid:N or a path" },
	{ .long_name = "namespace", .argument = "NS", .type = OPTION_STRING,
	  OPTION_FIELD(struct verify_options, netns), .help = "the same" },
	{ .short_name = 'j', .long_name = "json", .type = OPTION_FLAG,
	  OPTION_FIELD(struct verify_options, json), .help = "print JSON" },
	{ .short_name = 'p', .long_name = "pretty", .type = OPTION_FLAG,
	  OPTION_FIELD(struct verify_options, pretty),
	  .help = "print it indented; implies --json" },
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

/* One meter judged: its findings, or why it could not be. */
struct judged {
	struct findings findings;
	struct fault fault;
	int error;
};

static void print_lines(const struct meter *meter, const struct judged *judged)
{
	char id[sizeof(meter->sources->id) * 4], text[1024];
	size_t i;

	for (i = 0; i < judged->findings.count; i++) {
		const struct finding *finding = &judged->findings.items[i];

		message_escape(meter->sources[finding->source].id, id, sizeof(id));
		message_escape(finding->text, text, sizeof(text));
		printf("%-5s  %s  %s: %s\n", state_word(finding->state), id, finding->check, text);
	}
}

/* A string that is not UTF-8 would not be JSON. */
static struct json_object *text_object(const char *text)
{
	char escaped[2048];

	message_escape(text, escaped, sizeof(escaped));
	return json_object_new_string(escaped);
}

static struct json_object *checks_object(const struct judged *judged, uint32_t source)
{
	struct json_object *checks = json_object_new_array();
	size_t i;

	for (i = 0; i < judged->findings.count; i++) {
		const struct finding *finding = &judged->findings.items[i];
		struct json_object *object;

		if (finding->source != source)
			continue;
		object = json_object_new_object();
		json_object_object_add(object, "check", json_object_new_string(finding->check));
		json_object_object_add(object, "state",
				       json_object_new_string(finding->state == FINDING_WRONG ?
								      "wrong" :
								      state_word(finding->state)));
		json_object_object_add(object, "text", text_object(finding->text));
		json_object_array_add(checks, object);
	}
	return checks;
}

static void add_json(struct json_object *sources, const struct meter *meter,
		     const struct judged *judged)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++) {
		struct json_object *object;

		if (!source_used(&meter->sources[i]))
			continue;
		object = json_object_new_object();
		json_object_object_add(object, "id", text_object(meter->sources[i].id));
		json_object_object_add(object, "meter", json_object_new_string(meter->uuid));
		json_object_object_add(object, "checks", checks_object(judged, i));
		json_object_array_add(sources, object);
	}
}

static bool found_wrong(const struct judged *judged)
{
	size_t i;

	for (i = 0; i < judged->findings.count; i++)
		if (judged->findings.items[i].state == FINDING_WRONG)
			return true;
	return false;
}

static int print_json(struct json_object *sources, bool good, bool pretty)
{
	struct json_object *document = json_object_new_object();
	int flags = pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
			     JSON_C_TO_STRING_PLAIN;

	json_object_object_add(document, "schema", json_object_new_string("netacct-verify/1"));
	json_object_object_add(document, "good", json_object_new_boolean(good));
	json_object_object_add(document, "sources", sources);
	puts(json_object_to_json_string_ext(document, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
	return streams_flush(0) ? STATUS_FAILED : STATUS_DONE;
}

/* Judges, prints or collects, and says whether all is well. */
static int verify_one(const struct verify_options *options, struct meter *meter,
		      struct json_object *sources)
{
	_cleanup_fault_ struct fault fault = {};
	struct judged judged = {};
	int status = STATUS_DONE;

	if (meter_verify(meter, &judged.findings, &fault)) {
		say_fault(COMMAND, meter->directory, &fault);
		return STATUS_FAILED;
	}
	if (options->json || options->pretty)
		add_json(sources, meter, &judged);
	else
		print_lines(meter, &judged);
	if (found_wrong(&judged))
		status = STATUS_FOUND;
	findings_clear(&judged.findings);
	return status;
}

int cmd_verify(int argc, char **argv)
{
	const struct option_table table = {
		.command = COMMAND,
		.arguments = "[METER...]",
		.summary = "Check that the books balance and that what counts is really attached.",
		.notes = "METER is an id (host--eth0), a tag or a source; without one, all.\n"
			 "Exit status 3 where a check found something.\n",
		.rows = rows,
		.count = ARRAY_SIZE(rows),
		.arguments_max = SIZE_MAX,
	};
	struct verify_options options = {};
	_cleanup_picked_ struct picked picked = {};
	struct json_object *sources;
	struct arguments arguments;
	int status = options_parse(&table, argc, argv, &options, &arguments), one;
	size_t i;

	if (status != OPTIONS_RUN)
		return status;
	status = pick_meters(COMMAND, &arguments, options.netns, &picked);
	if (status != STATUS_DONE)
		return status;
	if (picked.list.broken && !arguments.count)
		status = STATUS_FOUND;
	sources = json_object_new_array();
	for (i = 0; i < picked.list.count; i++) {
		if (!picked_meter(&picked, i))
			continue;
		one = verify_one(&options, &picked.list.meters[i], sources);
		if (one == STATUS_FAILED || status == STATUS_DONE)
			status = one;
	}
	if (options.json || options.pretty)
		return print_json(sources, status == STATUS_DONE, options.pretty) ?
			       STATUS_FAILED :
			       status;
	json_object_put(sources);
	return streams_flush(0) ? STATUS_FAILED : status;
}

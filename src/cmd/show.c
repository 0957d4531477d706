/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "show.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <time.h>

#include "../output/output.h"
#include "cmd.h"
#include "message.h"
#include "streams.h"

static const struct option_word formats[] = {{"json", OUTPUT_JSON},
					     {"ndjson", OUTPUT_NDJSON},
					     {"csv", OUTPUT_CSV},
					     {"table", OUTPUT_TABLE},
					     {}};
static const struct option_word keys[] = {
	{"total", NA_KEY_TOTAL},	 {"host", NA_KEY_HOST}, {"remote", NA_KEY_REMOTE},
	{"host-pair", NA_KEY_HOST_PAIR}, {"flow", NA_KEY_FLOW}, {}};

const struct option_row show_rows[] = {
	{.short_name = 'n',
	 .long_name = "netns",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct show_options, netns),
	 .help = "the network namespace of the sources: a name, pid:N or a path"},
	{.long_name = "namespace",
	 .argument = "NS",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct show_options, netns),
	 .help = "the same"},
	{.short_name = 'j',
	 .long_name = "json",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct show_options, json),
	 .help = "print JSON"},
	{.short_name = 'p',
	 .long_name = "pretty",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct show_options, pretty),
	 .help = "print it indented; implies --json"},
	{.long_name = "format",
	 .argument = "FORMAT",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct show_options, format),
	 .words = formats,
	 .help = "json, ndjson, csv or table",
	 .shown_default = "json"},
	{.long_name = "top",
	 .argument = "N",
	 .type = OPTION_UINT,
	 OPTION_FIELD(struct show_options, top),
	 .minimum = 1,
	 .maximum = UINT32_MAX,
	 .help = "only the first N records of each source"},
	{.long_name = "sort",
	 .argument = "FIELD",
	 .type = OPTION_STRING,
	 OPTION_FIELD(struct show_options, sort),
	 .help = "sort the records; --top and the table always do",
	 .shown_default = "total_bytes"},
	{.long_name = "by",
	 .argument = "KEY",
	 .type = OPTION_ENUM,
	 OPTION_FIELD(struct show_options, by),
	 .words = keys,
	 .help = "add up to a coarser key: total, host, remote, host-pair"},
	{.long_name = "string-counters",
	 .type = OPTION_FLAG,
	 OPTION_FIELD(struct show_options, string_counters),
	 .help = "counters as strings in JSON, for readers that round above 2^53"},
};
const size_t show_row_count = ARRAY_SIZE(show_rows);

void reading_list_clear(struct reading_list *list)
{
	readings_free(list->readings, list->count);
	*list = (struct reading_list){};
}

int reading_list_add(struct reading_list *list, struct reading *readings, size_t count,
		     const bool *wanted)
{
	struct reading *grown =
		reallocarray(list->readings, list->count + count + 1, sizeof(*grown));
	size_t i;

	if (!grown) {
		readings_free(readings, count);
		return -ENOMEM;
	}
	list->readings = grown;
	for (i = 0; i < count; i++) {
		if (!wanted || wanted[readings[i].owner])
			grown[list->count++] = readings[i];
		else
			reading_clear(&readings[i]);
	}
	free(readings);
	return 0;
}

int show_check(const char *command, const struct show_options *options)
{
	if (options->format == OUTPUT_JSON || !(options->json || options->pretty))
		return STATUS_DONE;
	message_error(command, options->pretty ? "--pretty" : "--json",
		      "leaves no room for another --format");
	return STATUS_USAGE;
}

static enum output_format format_of(const struct show_options *options)
{
	if (options->json || options->pretty)
		return OUTPUT_JSON;
	return (enum output_format)options->format;
}

/* Which one it is, it says itself once more. */
static void say_stale(const char *command, const struct reading *readings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct record_stream *stream = readings[i].stream;

		if (!stream || stream->check(stream) != -ESTALE)
			continue;
		message_error(command, readings[i].id,
			      "a drain took records away while they were printed: what was "
			      "printed is not whole: run it again");
		return;
	}
	message_errno(command, NULL, ESTALE, NULL);
}

int show_select(const char *command, const struct show_options *options, struct reading *readings,
		size_t count)
{
	struct selection selection = {.by_set = options->by >= 0,
				      .by = (enum na_key_kind)(options->by < 0 ? 0 : options->by),
				      .sort = options->sort,
				      .any_order = !options->sort && !options->top &&
						   format_of(options) != OUTPUT_TABLE,
				      .top = options->top};
	char why[256] = "";
	int error = output_select(readings, count, &selection, why);

	if (error == -EINVAL)
		message_error(command, NULL, "%s", why);
	else if (error == -ESTALE)
		return SHOW_STALE;
	else if (error)
		message_errno(command, NULL, error, NULL);
	if (error)
		return error == -EINVAL ? STATUS_USAGE : STATUS_FAILED;
	return STATUS_DONE;
}

static int print(const char *command, const struct show_options *options,
		 const struct reading *readings, size_t count)
{
	struct output_options output = {.format = format_of(options),
					.pretty = options->pretty,
					.string_counters = options->string_counters};
	struct timespec now;
	int error;

	clock_gettime(CLOCK_REALTIME, &now);
	output.timestamp = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	error = output_readings(stdout, &output, readings, count);
	if (error != -ESTALE)
		return streams_flush(error) ? STATUS_FAILED : STATUS_DONE;
	if (!streams_flush(0))
		say_stale(command, readings, count);
	return STATUS_FAILED;
}

int show_print(const struct show_options *options, const struct reading *readings, size_t count)
{
	return print(NULL, options, readings, count);
}

int show_readings(const char *command, const struct show_options *options, struct reading *readings,
		  size_t count)
{
	int status = show_select(command, options, readings, count);

	return status == STATUS_DONE ? print(command, options, readings, count) : status;
}

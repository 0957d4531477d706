// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The outputs: readings with any names and any figures. JSON and NDJSON are
 * read back by json-c's strict parser and by our own, names and figures are
 * the same again; the table moves no cursor.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../../src/meter/json_strict.h"
#include "../../src/output/output.h"
#include "fuzz.h"
#include "readings.h"

#define READINGS_MAX 3
#define DEPTH_MAX 8

static struct json_object *read_strictly(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root, *again;
	struct json_problem why;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)length);
	MUST(json_tokener_get_error(tokener) == json_tokener_success);
	MUST(json_object_is_type(root, json_type_object));
	json_tokener_free(tokener);
	MUST(!json_parse_strict(text, length, DEPTH_MAX, &again, &why));
	MUST(json_object_equal(root, again));
	json_object_put(again);
	return root;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	MUST(json_object_object_get_ex(object, name, &value));
	return value;
}

static void check_name(struct json_object *object, const char *name, const char *text)
{
	struct json_object *value = member(object, name);

	MUST(json_object_is_type(value, text ? json_type_string : json_type_null));
	if (text && is_utf8(text, strlen(text)))
		MUST(!strcmp(json_object_get_string(value), text));
}

static void check_figure(struct json_object *object, const char *name, uint64_t figure,
			 bool strings)
{
	struct json_object *value = member(object, name);
	char text[32];

	MUST(json_object_is_type(value, strings ? json_type_string : json_type_int));
	if (!strings)
		MUST(json_object_get_uint64(value) == figure);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)figure);
	MUST(!strings || !strcmp(json_object_get_string(value), text));
}

static void check_address(struct json_object *object, const char *name,
			  const struct flow_record *record, const uint32_t address[4])
{
	const char *text = json_object_get_string(member(object, name));
	uint32_t again[4];

	if (record->key.what & NA_WHAT_IPV4)
		MUST(inet_pton(AF_INET, text, again) == 1 && again[0] == address[3]);
	else
		MUST(inet_pton(AF_INET6, text, again) == 1 && !memcmp(again, address, 16));
}

static void check_record(struct json_object *object, const struct reading *reading,
			 const struct flow_record *record, bool strings)
{
	enum na_key_kind key = reading->key;

	check_figure(object, "rx_packets", record->rx.packets, strings);
	check_figure(object, "rx_bytes", record->rx.bytes, strings);
	check_figure(object, "tx_packets", record->tx.packets, strings);
	check_figure(object, "tx_bytes", record->tx.bytes, strings);
	if (key == NA_KEY_HOST || key >= NA_KEY_HOST_PAIR)
		check_address(object, "source_ip", record, record->key.local);
	if (key >= NA_KEY_REMOTE)
		check_address(object, "destination_ip", record, record->key.remote);
	if (key == NA_KEY_FLOW) {
		check_figure(object, "source_port", record->key.local_port, false);
		check_figure(object, "destination_port", record->key.remote_port, false);
	}
}

static void check_document(const char *text, size_t length, const struct output_options *options,
			   const struct reading *readings, size_t count)
{
	struct json_object *root = read_strictly(text, length), *sources = member(root, "sources");
	size_t i, j;

	check_name(root, "hostname", options->hostname);
	MUST(json_object_array_length(sources) == count);
	for (i = 0; i < count; i++) {
		struct json_object *source = json_object_array_get_idx(sources, i);
		struct json_object *metadata = member(source, "metadata");
		struct json_object *data = member(source, "traffic_data");

		check_name(source, "id", readings[i].id);
		check_name(metadata, "interface", readings[i].interface);
		check_name(metadata, "namespace", readings[i].namespace);
		check_name(metadata, "tag", readings[i].tag);
		check_name(metadata, "cgroup", readings[i].cgroup);
		MUST(json_object_array_length(data) == readings[i].shown);
		for (j = 0; j < readings[i].shown; j++)
			check_record(json_object_array_get_idx(data, j), &readings[i],
				     &readings[i].records[j], options->string_counters);
	}
	json_object_put(root);
}

/* A line for each source, and behind it one for each of its records. */
static void check_lines(const char *text, const struct output_options *options,
			const struct reading *readings, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j <= readings[i].shown; j++) {
			const char *end = strchr(text, '\n');
			struct json_object *line;

			MUST(end);
			line = read_strictly(text, (size_t)(end - text));
			check_name(line, "type", j ? "flow" : "source");
			check_name(line, "id", readings[i].id);
			check_name(line, "interface", readings[i].interface);
			check_name(line, "hostname", options->hostname);
			if (j)
				check_record(line, &readings[i], &readings[i].records[j - 1],
					     options->string_counters);
			json_object_put(line);
			text = end + 1;
		}
	}
	MUST(!*text);
}

/* Every line is a sentence. */
static void check_table(char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")))
		MUST(!*line || is_sentence(line, strlen(line) + 1));
}

static void check_output(const struct output_options *options, const struct reading *readings,
			 size_t count)
{
	size_t length = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &length);

	MUST(file);
	MUST(!output_readings(file, options, readings, count));
	MUST(!fclose(file) && strlen(text) == length);
	switch (options->format) {
	case OUTPUT_JSON:
		check_document(text, length, options, readings, count);
		break;
	case OUTPUT_NDJSON:
		check_lines(text, options, readings, count);
		break;
	case OUTPUT_TABLE:
		check_table(text);
		break;
	case OUTPUT_CSV:
		break;
	}
	free(text);
}

/* As --by, --sort and --top have it; only a finer key than the meter's is refused. */
static void select_some(struct input *input, struct reading *readings, size_t count)
{
	struct selection selection = {.by_set = input_number(input, 1) & 1};
	char why[256];

	selection.by = (enum na_key_kind)(input_number(input, 1) % NA_KEY_KINDS);
	selection.top = input_number(input, 1);
	if (output_select(readings, count, &selection, why))
		MUST(is_sentence(why, sizeof(why)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uint64_t bits = input_number(&input, 1);
	_cleanup_free_ char *hostname = input_string(&input);
	const struct output_options options = {
		.format = (enum output_format)(bits & 3),
		.pretty = bits & 4,
		.string_counters = bits & 8,
		.hostname = hostname,
		.timestamp = input_number(&input, 8),
	};
	struct reading readings[READINGS_MAX] = {{0}};
	size_t i, count = (bits >> 4) % (READINGS_MAX + 1);

	for (i = 0; i < count; i++)
		reading_make(&input, &readings[i]);
	if (bits & 0x80)
		select_some(&input, readings, count);
	check_output(&options, readings, count);
	for (i = 0; i < count; i++)
		reading_clear(&readings[i]);
	return 0;
}

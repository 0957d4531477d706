// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_record.h"
#include "json_source.h"
#include "render.h"

static void put_records(struct json *json, const struct rendering *rendering,
			const struct reading *reading)
{
	struct column_context context;
	struct record_form form;
	size_t i;

	column_context_init(&context, reading, rendering->services);
	json_open(json, "traffic_data", '[');
	record_form_init(&form, json, reading->key, json->depth + 1);
	for (i = 0; i < reading->shown; i++) {
		json_open(json, NULL, '{');
		record_write(json->buffer, &form, &context, &reading->records[i], true);
		json->comma = true;
		json_close(json, '}');
	}
	json_close(json, ']');
}

static int put_source(struct json *json, const struct rendering *rendering,
		      const struct reading *reading)
{
	struct summary summary;
	int err = records_summarise(reading->records, reading->count, reading->key, &summary);

	if (err)
		return err;
	json_open(json, NULL, '{');
	json_string(json, "id", reading->id);
	json_source_head(json, reading, &summary);
	put_records(json, rendering, reading);
	json_source_whitelist(json, reading);
	json_close(json, '}');
	return 0;
}

int render_json(const struct rendering *rendering, const struct reading *readings, size_t count)
{
	struct json json = {.buffer = rendering->buffer,
			    .pretty = rendering->options->pretty,
			    .string_counters = rendering->options->string_counters};
	size_t i;
	int err = 0;

	json_open(&json, NULL, '{');
	json_string(&json, "schema", "netacct/1");
	json_microseconds(&json, "timestamp", rendering->options->timestamp);
	json_string(&json, "hostname", rendering->options->hostname);
	json_open(&json, "sources", '[');
	for (i = 0; !err && i < count; i++)
		err = put_source(&json, rendering, &readings[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_char(rendering->buffer, '\n');
	return err;
}

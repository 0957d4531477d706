// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

#include "json_record.h"
#include "json_source.h"
#include "render.h"

/* An object of its own: whose it is stands in every line. */
static void begin_line(struct json *json, const char *type, const struct rendering *rendering,
		       const struct reading *reading)
{
	json->comma = false;
	json_open(json, NULL, '{');
	json_string(json, "type", type);
	json_string(json, "schema", "netacct/1");
	json_microseconds(json, "timestamp", reading->read_at);
	json_string(json, "hostname", rendering->options->hostname);
	json_string(json, "id", reading->id);
	json_string(json, "interface", reading->interface);
	json_string(json, "namespace", reading->namespace);
	json_string(json, "tag", reading->tag);
	json_string(json, "meter", reading->uuid);
	json_number(json, "generation", reading->generation);
}

static int put_source(struct json *json, const struct rendering *rendering,
		      const struct reading *reading)
{
	struct summary summary;
	int err = records_summarise(reading->records, reading->count, reading->key, &summary);

	if (err)
		return err;
	begin_line(json, "source", rendering, reading);
	json_source_head(json, reading, &summary);
	json_source_whitelist(json, reading);
	json_close(json, '}');
	buffer_char(json->buffer, '\n');
	return 0;
}

static int put_records(struct json *json, const struct rendering *rendering,
		       const struct reading *reading)
{
	_cleanup_free_ struct buffer *begin = buffer_new(NULL);
	struct column_context context;
	struct record_form form;
	struct json line = *json;
	size_t i;

	if (!begin)
		return -ENOMEM;
	line.buffer = begin;
	begin_line(&line, "flow", rendering, reading);
	if (begin->error)
		return begin->error;
	column_context_init(&context, reading, rendering->services);
	record_form_init(&form, json, reading->key, 0);
	for (i = 0; i < reading->shown; i++) {
		buffer_bytes(json->buffer, begin->data, begin->used);
		record_write(json->buffer, &form, &context, &reading->records[i], false);
		buffer_bytes(json->buffer, "}\n", 2);
	}
	return 0;
}

int render_ndjson(const struct rendering *rendering, const struct reading *readings, size_t count)
{
	struct json json = {.buffer = rendering->buffer,
			    .string_counters = rendering->options->string_counters};
	size_t i;
	int err = 0;

	for (i = 0; !err && i < count; i++) {
		err = put_source(&json, rendering, &readings[i]);
		if (!err)
			err = put_records(&json, rendering, &readings[i]);
	}
	return err;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_form.h"
#include "json_source.h"
#include "rows.h"

static int put_records(struct json *json, const struct rendering *rendering,
		       const struct reading *reading, struct summary *summary)
{
	struct record_form form;
	int err;

	json_open(json, "traffic_data", '[');
	json_form_elements(&form, json, reading->key);
	err = rows_write(rendering, reading, &form, summary);
	json->comma = reading->stream ? summary->records : reading->shown;
	json_close(json, ']');
	return err;
}

/* Of a stream it is known what it comes to when it has been read. */
static int put_source(struct json *json, const struct rendering *rendering,
		      const struct reading *reading)
{
	struct summary summary = {0};
	int err = 0;

	json_open(json, NULL, '{');
	json_string(json, "id", reading->id);
	if (reading->stream)
		err = put_records(json, rendering, reading, &summary);
	else
		err = records_summarise(reading->records, reading->count, reading->key, &summary);
	if (err)
		return err;
	json_source_head(json, reading, &summary);
	if (!reading->stream)
		err = put_records(json, rendering, reading, &summary);
	if (err)
		return err;
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

#include "json_form.h"
#include "json_source.h"
#include "rows.h"

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

static void put_source(struct json *json, const struct rendering *rendering,
		       const struct reading *reading, const struct summary *summary)
{
	begin_line(json, "source", rendering, reading);
	json_source_head(json, reading, summary);
	json_source_whitelist(json, reading);
	json_close(json, '}');
	buffer_char(json->buffer, '\n');
}

static int put_records(struct json *json, const struct rendering *rendering,
		       const struct reading *reading, struct summary *summary)
{
	_cleanup_free_ struct buffer *head = buffer_new(NULL);
	struct record_form form;
	struct json line = *json;

	if (!head)
		return -ENOMEM;
	line.buffer = head;
	begin_line(&line, "flow", rendering, reading);
	if (head->error)
		return head->error;
	json_form_lines(&form, json, reading->key, head);
	return rows_write(rendering, reading, &form, summary);
}

/* The line of a stream comes last: only then is it known what it comes to. */
static int put_lines(struct json *json, const struct rendering *rendering,
		     const struct reading *reading)
{
	struct summary summary = {0};
	int err;

	if (reading->stream) {
		err = put_records(json, rendering, reading, &summary);
		if (!err)
			put_source(json, rendering, reading, &summary);
		return err;
	}
	err = records_summarise(reading->records, reading->count, reading->key, &summary);
	if (err)
		return err;
	put_source(json, rendering, reading, &summary);
	return put_records(json, rendering, reading, &summary);
}

int render_ndjson(const struct rendering *rendering, const struct reading *readings, size_t count)
{
	struct json json = {.buffer = rendering->buffer,
			    .string_counters = rendering->options->string_counters};
	size_t i;
	int err = 0;

	for (i = 0; !err && i < count; i++)
		err = put_lines(&json, rendering, &readings[i]);
	return err;
}

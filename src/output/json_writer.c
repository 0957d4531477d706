// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "escape.h"
#include "json_writer.h"

static void new_line(struct json *json)
{
	if (!json->pretty)
		return;
	buffer_char(json->buffer, '\n');
	buffer_spaces(json->buffer, (size_t)JSON_INDENT * json->depth);
}

void json_separate(struct json *json)
{
	if (json->comma)
		buffer_char(json->buffer, ',');
	if (json->depth)
		new_line(json);
	json->comma = true;
}

static void begin(struct json *json, const char *name)
{
	json_separate(json);
	if (!name)
		return;
	buffer_char(json->buffer, '"');
	buffer_text(json->buffer, name);
	buffer_text(json->buffer, json->pretty ? "\": " : "\":");
}

void json_open(struct json *json, const char *name, char bracket)
{
	begin(json, name);
	buffer_char(json->buffer, bracket);
	json->depth++;
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->comma)
		new_line(json);
	buffer_char(json->buffer, bracket);
	json->comma = true;
}

void json_string(struct json *json, const char *name, const char *text)
{
	begin(json, name);
	if (text)
		escape_json(json->buffer, text, strlen(text));
	else
		buffer_text(json->buffer, "null");
}

void json_number(struct json *json, const char *name, uint64_t number)
{
	begin(json, name);
	buffer_number(json->buffer, number);
}

void json_counter(struct json *json, const char *name, uint64_t number)
{
	begin(json, name);
	if (json->string_counters)
		buffer_char(json->buffer, '"');
	buffer_number(json->buffer, number);
	if (json->string_counters)
		buffer_char(json->buffer, '"');
}

void json_boolean(struct json *json, const char *name, bool value)
{
	begin(json, name);
	buffer_text(json->buffer, value ? "true" : "false");
}

void json_null(struct json *json, const char *name)
{
	json_string(json, name, NULL);
}

static void put_time(struct json *json, const char *name, uint64_t nanoseconds,
		     char *end(struct rfc3339 *, uint64_t, char *), uint64_t unit)
{
	char text[RFC3339_WRITE_MAX + 1];

	if (nanoseconds)
		*end(&json->time, nanoseconds / unit, text) = '\0';
	json_string(json, name, nanoseconds ? text : NULL);
}

void json_seconds(struct json *json, const char *name, uint64_t nanoseconds)
{
	put_time(json, name, nanoseconds, rfc3339_seconds, 1000000000);
}

void json_microseconds(struct json *json, const char *name, uint64_t nanoseconds)
{
	put_time(json, name, nanoseconds, rfc3339_microseconds, 1);
}

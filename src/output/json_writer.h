/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) written as it comes, straight into a buffer: commas and
 * indentation are kept here. `name` is NULL inside of an array and for the
 * outermost value; else plain ASCII, written as it is.
 */
#ifndef NETACCT_JSON_WRITER_H
#define NETACCT_JSON_WRITER_H

#include <stdbool.h>

#include "buffer.h"
#include "rfc3339.h"

#define JSON_INDENT 2

struct json {
	struct buffer *buffer;
	bool pretty; /* indented by JSON_INDENT */
	bool string_counters;
	bool comma; /* something stands before, on this level */
	unsigned int depth;
	struct rfc3339 time;
};

void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
/* Where the next value begins: comma, line and indentation. */
void json_separate(struct json *json);

void json_string(struct json *json, const char *name, const char *text); /* NULL: null */
void json_number(struct json *json, const char *name, uint64_t number);
void json_counter(struct json *json, const char *name, uint64_t number);
void json_boolean(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);
/* From CLOCK_REALTIME ns; 0: null. */
void json_seconds(struct json *json, const char *name, uint64_t nanoseconds);
void json_microseconds(struct json *json, const char *name, uint64_t nanoseconds);

#endif

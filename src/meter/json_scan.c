// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../record/utf8.h"
#include "../source/sentence.h"

struct scan {
	const char *text;
	size_t length;
	bool in_string;
	int depth, depth_max;
	size_t names;
	struct json_problem *why;
};

int json_fail_at(const char *text, size_t offset, struct json_problem *why, const char *what)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if ((text[i] & 0xc0) != 0x80) { /* counts characters, not bytes */
			column++;
		}
	}
	return sentence(why->text, sizeof(why->text), -EINVAL, "line %zu, column %zu: %s", line,
			column, what);
}

static int fail(const struct scan *scan, size_t at, const char *what)
{
	return json_fail_at(scan->text, at, scan->why, what);
}

/* '\0' before the first and behind the last byte */
static char byte_at(const struct scan *scan, size_t at)
{
	return at < scan->length ? scan->text[at] : '\0';
}

static bool digit_at(const struct scan *scan, size_t at)
{
	return isdigit((unsigned char)byte_at(scan, at));
}

/* Returns how many bytes were looked at. */
static int scan_string(struct scan *scan, size_t at)
{
	const char *here = scan->text + at;

	if (*here >= 0 && *here < 0x20)
		return fail(scan, at, "a control character in a string");
	if (*here == '"')
		scan->in_string = false;
	if (*here != '\\')
		return 1;
	if (scan->length - at >= 6 && memcmp(here, "\\u0000", 6) == 0)
		return fail(scan, at, "a NUL (\\u0000) in a string");
	return byte_at(scan, at + 1) == '"' || byte_at(scan, at + 1) == '\\' ? 2 : 1;
}

/* RFC 8259, section 6: digits follow a point, and a zero in front stands alone. */
static bool number_slips(const struct scan *scan, size_t at)
{
	char before = byte_at(scan, at - 1);

	if (scan->text[at] == '.')
		return !digit_at(scan, at + 1);
	return scan->text[at] == '-' && before != 'e' && before != 'E' &&
	       byte_at(scan, at + 1) == '0' && digit_at(scan, at + 2);
}

static int scan_outside(struct scan *scan, size_t at)
{
	char here = scan->text[at];
	char what[64];

	if (!strchr(" \t\r\n{}[]:,\"0123456789+-.Eaeflnrstu", here))
		return fail(scan, at, "unexpected character");
	if (number_slips(scan, at))
		return fail(scan, at, "not a number");
	if (here == '{' || here == '[')
		scan->depth++;
	else if (here == '}' || here == ']')
		scan->depth--;
	else if (here == ':')
		scan->names++;
	else if (here == '"')
		scan->in_string = true;
	if (scan->depth <= scan->depth_max)
		return 1;
	snprintf(what, sizeof(what), "nested deeper than %d levels", scan->depth_max);
	return fail(scan, at, what);
}

int json_scan(const char *text, size_t length, int depth_max, size_t *ret_names,
	      struct json_problem *why)
{
	struct scan scan = {.text = text, .length = length, .depth_max = depth_max, .why = why};
	int width;

	for (size_t at = 0; at < length; at += (size_t)width) {
		width = (int)utf8_sequence(text + at, length - at);
		if (width == 0)
			return fail(&scan, at, "not UTF-8");
		if (text[at] == '\0')
			return fail(&scan, at, "a NUL byte");
		if (width > 1 && scan.in_string)
			continue;
		width = scan.in_string ? scan_string(&scan, at) : scan_outside(&scan, at);
		if (width < 0)
			return width;
	}
	*ret_names = scan.names;
	return 0;
}

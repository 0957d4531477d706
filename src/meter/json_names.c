// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that stand twice in one object: json-c keeps the last and says nothing. */
#include "json_scan.h"

#include <errno.h>
#include <json-c/linkhash.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <netacct/cleanup.h>
#include "../source/sentence.h"

struct name {
	size_t object; /* number of the object, by where it begins */
	size_t at; /* of its first byte behind the quote */
	size_t length;
	const char *text; /* the whole */
};

static size_t count_members(struct json_object *value)
{
	size_t count = 0;

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, member)
		{
			(void)key;
			count += 1 + count_members(member);
		}
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count += count_members(json_object_array_get_idx(value, i));
	}
	return count;
}

static int compare(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	int order;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	order = memcmp(a->text + a->at, b->text + b->at, a->length);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* Offset of the quote that ends the string which begins behind `at`. */
static size_t string_end(const char *text, size_t at)
{
	while (text[at] != '"')
		at += text[at] == '\\' ? 2 : 1;
	return at;
}

static bool colon_follows(const char *text, size_t length, size_t at)
{
	while (at < length && strchr(" \t\r\n", text[at]))
		at++;
	return at < length && text[at] == ':';
}

/* The text is known to be valid. `open` has room for every container that can be open at once. */
static size_t collect(const char *text, size_t length, size_t *open, struct name *names)
{
	size_t depth = 0, containers = 0, count = 0;

	for (size_t at = 0; at < length; at++) {
		size_t end;

		if (text[at] == '{' || text[at] == '[')
			open[depth++] = ++containers;
		if (text[at] == '}' || text[at] == ']')
			depth--;
		if (text[at] != '"')
			continue;
		end = string_end(text, at + 1);
		if (colon_follows(text, length, end + 1))
			names[count++] = (struct name){open[depth - 1], at + 1, end - at - 1, text};
		at = end;
	}
	return count;
}

int json_check_names(const char *text, size_t length, size_t names, struct json_object *root,
		     struct json_problem *why)
{
	_cleanup_free_ struct name *found = NULL;
	_cleanup_free_ size_t *open = NULL;
	char what[256];
	size_t count;

	if (count_members(root) == names)
		return 0;
	found = calloc(names, sizeof(*found));
	open = calloc(length, sizeof(*open));
	if (!found || !open)
		return -ENOMEM;
	count = collect(text, length, open, found);
	qsort(found, count, sizeof(*found), compare);
	for (size_t i = 1; i < count; i++) {
		const struct name *name = &found[i];

		if (name->object != found[i - 1].object || name->length != found[i - 1].length ||
		    memcmp(text + name->at, text + found[i - 1].at, name->length) != 0)
			continue;
		snprintf(what, sizeof(what), "%s is there twice in one object",
			 quote_bytes(text + name->at, name->length).text);
		return json_fail_at(text, name->at - 1, why, what);
	}
	return sentence(why->text, sizeof(why->text), -EINVAL,
			"a name is there twice in one object, once with an escape (\\u…)");
}

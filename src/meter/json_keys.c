// SPDX-License-Identifier: GPL-2.0-or-later
/* The names that an object of ours may hold. */
#include "json_strict.h"

#include <errno.h>
#include <json-c/linkhash.h>
#include <stdint.h>
#include <string.h>

#include "../record/nearest.h"
#include "../source/sentence.h"

static const char *nearest(const char *name, const struct json_key *keys, size_t count)
{
	const char *best = "";
	size_t shortest = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t away = word_distance(name, keys[i].name);

		if (away < shortest) {
			shortest = away;
			best = keys[i].name;
		}
	}
	return best;
}

static const struct json_key *find(const char *name, const struct json_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, keys[i].name) == 0)
			return &keys[i];
	}
	return NULL;
}

const char *json_type_words(enum json_type type)
{
	static const char *const words[] = {
		[json_type_null] = "null",	  [json_type_boolean] = "true or false",
		[json_type_double] = "a number",  [json_type_int] = "a number",
		[json_type_object] = "an object", [json_type_array] = "a list",
		[json_type_string] = "a string",
	};

	return words[type];
}

int json_check_keys(struct json_object *object, const struct json_key *keys, size_t count,
		    const char *where, struct json_problem *why)
{
	json_object_object_foreach(object, name, value)
	{
		const struct json_key *key = find(name, keys, count);

		if (!key)
			return sentence(why->text, sizeof(why->text), -EINVAL,
					"%sunknown key %s, the nearest known one is \"%s\"", where,
					quote(name).text, nearest(name, keys, count));
		if (key->type != json_type_null && !json_object_is_type(value, key->type))
			return sentence(why->text, sizeof(why->text), -EINVAL,
					"%s\"%s\" must be %s, not %s", where, key->name,
					json_type_words(key->type),
					json_type_words(json_object_get_type(value)));
	}
	return 0;
}

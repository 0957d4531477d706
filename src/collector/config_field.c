// SPDX-License-Identifier: GPL-2.0-or-later
#include "config_field.h"

#include <stdarg.h>
#include <string.h>

#include "../meter/json_strict.h"
#include "../source/sentence.h"
#include "config_units.h"

#define FIELDS_MAX 32
#define DOUBLE_WHOLE_MAX 9007199254740992.0 /* 2^53: whole numbers are exact up to there */

/* One key of an object, being read. */
struct reader {
	const struct field *field;
	struct json_object *value;
	const char *where;
	void *into; /* the field */
	struct config_error *why;
};

int config_fail(struct config_error *why, const char *where, const char *format, ...)
{
	va_list arguments;
	size_t used;

	snprintf(why->text, sizeof(why->text), "%s", where);
	used = strlen(why->text);
	va_start(arguments, format);
	vsnprintf(why->text + used, sizeof(why->text) - used, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static int wrong_type(const struct reader *reader, const char *wanted)
{
	return config_fail(reader->why, reader->where, "\"%s\" must be %s, not %s",
			   reader->field->name, wanted,
			   json_type_words(json_object_get_type(reader->value)));
}

static int read_text(const struct reader *reader)
{
	char **text = reader->into, *copy = NULL;

	if (reader->value) {
		if (!json_object_is_type(reader->value, json_type_string))
			return wrong_type(reader, "a string or null");
		copy = strdup(json_object_get_string(reader->value));
		if (!copy)
			return config_no_memory(reader->why);
	}
	free(*text);
	*text = copy;
	return 0;
}

static int read_flag(const struct reader *reader)
{
	if (!json_object_is_type(reader->value, json_type_boolean))
		return wrong_type(reader, "true or false");
	*(bool *)reader->into = json_object_get_boolean(reader->value);
	return 0;
}

static void store(const struct reader *reader, uint64_t number)
{
	uint32_t small = (uint32_t)number;

	if (reader->field->size == sizeof(bool))
		*(bool *)reader->into = number;
	else if (reader->field->size == sizeof(small))
		memcpy(reader->into, &small, sizeof(small));
	else
		memcpy(reader->into, &number, sizeof(number));
}

static bool in_range(const struct field *field, uint64_t number)
{
	return (number >= field->minimum && number <= field->maximum) ||
	       (!number && field->or_zero);
}

static int out_of_range(const struct reader *reader, const char *unit)
{
	const struct field *field = reader->field;

	return config_fail(reader->why, reader->where, "\"%s\": %s is not %sfrom %llu to %llu%s",
			   field->name, quote(json_object_get_string(reader->value)).text,
			   field->or_zero ? "0 or " : "", (unsigned long long)field->minimum,
			   (unsigned long long)field->maximum, unit);
}

/* A whole number, however it is written (1e5); false: it is none, or below 0. */
static bool whole_number(struct json_object *value, uint64_t *ret)
{
	double number;
	int64_t integer;

	if (json_object_is_type(value, json_type_int)) {
		integer = json_object_get_int64(value);
	} else {
		number = json_object_get_double(value);
		if (!(number >= 0 && number <= DOUBLE_WHOLE_MAX))
			return false;
		integer = (int64_t)number;
		if ((double)integer != number)
			return false;
	}
	*ret = (uint64_t)integer;
	return integer >= 0;
}

static bool is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static int read_number(const struct reader *reader)
{
	uint64_t number;

	if (!is_number(reader->value))
		return wrong_type(reader, "a whole number");
	if (!whole_number(reader->value, &number) || !in_range(reader->field, number))
		return out_of_range(reader, "");
	store(reader, number);
	return 0;
}

static int read_seconds(const struct reader *reader)
{
	const struct field *field = reader->field;
	double seconds, least = (double)field->minimum / NANOSECONDS;
	double most = (double)field->maximum / NANOSECONDS;

	if (!is_number(reader->value))
		return wrong_type(reader, "a number of seconds");
	seconds = json_object_get_double(reader->value);
	if (!(seconds >= least && seconds <= most))
		return config_fail(reader->why, reader->where,
				   "\"%s\": %s is not from %g to %g seconds", field->name,
				   quote(json_object_get_string(reader->value)).text, least, most);
	store(reader, (uint64_t)(seconds * NANOSECONDS + 0.5));
	return 0;
}

static int read_amount(const struct reader *reader)
{
	bool size = reader->field->type == FIELD_SIZE;
	const char *unit = size ? " bytes" : " seconds", *text;
	uint64_t number;
	int error;

	if (is_number(reader->value)) {
		if (!whole_number(reader->value, &number))
			return out_of_range(reader, unit);
	} else {
		if (!json_object_is_type(reader->value, json_type_string))
			return wrong_type(reader,
					  size ? "a number of bytes or a text like \"4G\""
					       : "a number of seconds or a text like \"30d\"");
		text = json_object_get_string(reader->value);
		error = size ? config_parse_size(text, &number)
			     : config_parse_duration(text, &number);
		if (error == -EINVAL)
			return config_fail(reader->why, reader->where,
					   "\"%s\": %s is not a number with one of the units %s",
					   reader->field->name, quote(text).text,
					   size ? "k, M, G, T, P (1000), Ki, Mi, Gi, Ti, Pi (1024)"
						: "s, min, h, d, w, month, y");
		if (error)
			return out_of_range(reader, unit);
	}
	if (!in_range(reader->field, number))
		return out_of_range(reader, unit);
	store(reader, number);
	return 0;
}

static int unknown_word(const struct reader *reader)
{
	char list[256] = "";

	for (const struct field_word *word = reader->field->words; word->word; word++)
		sentence_append(list, sizeof(list), word->boolean ? "%s%s" : "%s\"%s\"",
				*list ? ", " : "", word->word);
	return config_fail(reader->why, reader->where, "\"%s\": %s is none of %s",
			   reader->field->name, quote(json_object_get_string(reader->value)).text,
			   list);
}

static int read_word(const struct reader *reader)
{
	bool boolean = json_object_is_type(reader->value, json_type_boolean);

	if (!boolean && !json_object_is_type(reader->value, json_type_string))
		return wrong_type(reader, "a string");
	for (const struct field_word *word = reader->field->words; word->word; word++)
		if (word->boolean == boolean &&
		    !strcmp(word->word, json_object_get_string(reader->value))) {
			store(reader, (uint64_t)word->value);
			return 0;
		}
	return unknown_word(reader);
}

static int read_field(const struct reader *reader)
{
	switch (reader->field->type) {
	case FIELD_TEXT:
		return read_text(reader);
	case FIELD_FLAG:
		return read_flag(reader);
	case FIELD_NUMBER:
		return read_number(reader);
	case FIELD_SECONDS:
		return read_seconds(reader);
	case FIELD_SIZE:
	case FIELD_DURATION:
		return read_amount(reader);
	case FIELD_WORD:
		return read_word(reader);
	case FIELD_OBJECT:
	case FIELD_LIST:
	case FIELD_ANY:
		break;
	}
	return 0;
}

static int check_keys(struct json_object *object, const struct field *fields, size_t count,
		      const char *where, struct config_error *why)
{
	struct json_key keys[FIELDS_MAX] = {};
	struct json_problem problem;

	for (size_t i = 0; i < count && i < FIELDS_MAX; i++) {
		keys[i].name = fields[i].name;
		if (fields[i].type == FIELD_OBJECT)
			keys[i].type = json_type_object;
		if (fields[i].type == FIELD_LIST)
			keys[i].type = json_type_array;
	}
	if (json_check_keys(object, keys, count, where, &problem))
		return config_fail(why, "", "%s", problem.text);
	return 0;
}

int config_read_object(struct json_object *object, const struct field *fields, size_t count,
		       const char *where, void *into, struct config_error *why)
{
	int error;

	if (!json_object_is_type(object, json_type_object))
		return config_fail(why, where, "there must be an object, not %s",
				   json_type_words(json_object_get_type(object)));
	error = check_keys(object, fields, count, where, why);
	for (size_t i = 0; !error && i < count; i++) {
		struct reader reader = {&fields[i], NULL, where, (char *)into + fields[i].offset,
					why};

		if (json_object_object_get_ex(object, fields[i].name, &reader.value))
			error = read_field(&reader);
	}
	return error;
}

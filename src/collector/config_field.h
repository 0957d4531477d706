/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects of a configuration, read by table: a row a key, with its type, its
 * range and the field it fills. What is not in the table is an unknown key.
 * -EINVAL and -ENOMEM, with a sentence in `why` that begins with `where`.
 */
#ifndef NETACCT_CONFIG_FIELD_H
#define NETACCT_CONFIG_FIELD_H

#include <json-c/json_object.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "config.h"

enum field_type {
	FIELD_TEXT, /* char *, owned; NULL for null */
	FIELD_FLAG, /* bool */
	FIELD_NUMBER, /* uint32_t, int or uint64_t: a whole number, minimum to maximum */
	FIELD_SECONDS, /* uint64_t ns; the JSON has seconds, minimum and maximum are ns */
	FIELD_SIZE, /* uint64_t bytes: a number, or a text with a unit */
	FIELD_DURATION, /* uint64_t seconds: likewise */
	FIELD_WORD, /* bool, int or an enum: value of one of `words` */
	FIELD_OBJECT, /* its type is checked, the caller reads it */
	FIELD_LIST, /* the same */
	FIELD_ANY, /* not even that */
};

struct field_word {
	const char *word; /* NULL ends the array */
	int value;
	bool boolean; /* the JSON has true or false, not a string */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset, size; /* of the field, see FIELD() */
	uint64_t minimum, maximum;
	bool or_zero; /* 0 is valid besides: without a bound */
	const struct field_word *words;
};

#define FIELD(type, member) offsetof(type, member), sizeof(((type *)NULL)->member)

#define CONFIG_WHERE 192

/* Fields that the object has not stay as they are. */
int config_read_object(struct json_object *object, const struct field *fields, size_t count,
		       const char *where, void *into, struct config_error *why);

/* -EINVAL with the sentence "WHERE…". */
__attribute__((format(printf, 3, 4))) int config_fail(struct config_error *why, const char *where,
						      const char *format, ...);
static inline int config_no_memory(struct config_error *why)
{
	(void)config_fail(why, "", "%s", strerror(ENOMEM));
	return -ENOMEM;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON outputs, read back by a strict parser. */
#ifndef SAMPLE_JSON_H
#define SAMPLE_JSON_H

#include "sample.h"

#include <json-c/json.h>

static inline struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text, (int)length);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	return object;
}

static inline struct json_object *document(const struct output_options *options,
					   const struct reading *readings, size_t count)
{
	char *text = sample_output(options, readings, count);
	struct json_object *object = parse(text, strlen(text));

	free(text);
	return object;
}

/* By a path such as "sources/0/id". */
static inline struct json_object *at(struct json_object *object, const char *path)
{
	char *copy = strdup(path), *rest = NULL, *part;

	for (part = strtok_r(copy, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
		if (json_object_is_type(object, json_type_array))
			object = json_object_array_get_idx(object, (size_t)atoi(part));
		else if (!json_object_object_get_ex(object, part, &object))
			fail_msg("no %s in %s", part, path);
	}
	free(copy);
	return object;
}

static inline const char *text_at(struct json_object *object, const char *path)
{
	assert_true(json_object_is_type(at(object, path), json_type_string));
	return json_object_get_string(at(object, path));
}

static inline uint64_t number_at(struct json_object *object, const char *path)
{
	assert_true(json_object_is_type(at(object, path), json_type_int));
	return json_object_get_uint64(at(object, path));
}

/* The names of an object's members, in their order. */
static inline void check_names(struct json_object *object, const char *expected)
{
	char names[1024] = "";

	json_object_object_foreach(object, name, value)
	{
		(void)value;
		strcat(names, name);
		strcat(names, " ");
	}
	assert_string_equal(names, expected);
}

static inline struct reading sample_flows(void)
{
	struct flow_record records[] = {
		sample_record(sample_key("192.168.1.100", "8.8.8.8", 17, 40000, 53), 1024, 512),
		sample_record(sample_key("2001:db8::1", "2001:db8:0:1::2", 6, 443, 55555), 700, 0),
		sample_record(sample_key("10.0.0.1", "10.0.0.2", 200, 0, 0), 0, 100),
	};
	struct reading reading;

	records[1].tcp_flags = 0x12;
	records[2].key.what |= NA_WHAT_FRAGMENT;
	reading = sample_reading(NA_KEY_FLOW, records, 3);
	reading.balance.bucket[NA_SEEN][NA_TX] = (struct na_count){UINT64_MAX, 1ull << 53};
	reading.balance.handed_out[NA_RX].packets = 3;
	reading.balance.collected[NA_TX].bytes = 4;
	return reading;
}

#endif

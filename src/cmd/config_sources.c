/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "config_sources.h"

#include <errno.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../meter/json_strict.h"

#define DEPTH_MAX 32

static int fail(struct config_error *why, size_t instance, const char *text)
{
	snprintf(why->text, sizeof(why->text), "instance %zu: %s", instance + 1, text);
	return -EINVAL;
}

/* "NAMESPACE--INTERFACE", patterns as they are written; the namespace may be null or absent. */
static int instance_pattern(struct json_object *instance, size_t number, char **ret,
			    struct config_error *why)
{
	struct json_object *interface = NULL, *namespace = NULL;
	const char *place = "host";

	if (!json_object_is_type(instance, json_type_object))
		return fail(why, number, "not an object");
	json_object_object_get_ex(instance, "interface", &interface);
	json_object_object_get_ex(instance, "namespace", &namespace);
	if (!json_object_is_type(interface, json_type_string))
		return fail(why, number, "\"interface\" is missing or no string");
	if (namespace && !json_object_is_type(namespace, json_type_string))
		return fail(why, number, "\"namespace\" is neither null nor a string");
	if (namespace && json_object_get_string_len(namespace))
		place = json_object_get_string(namespace);
	if (asprintf(ret, "%s--%s", place, json_object_get_string(interface)) < 0)
		return -ENOMEM;
	return 0;
}

static int read_instances(struct json_object *document, struct config_sources *ret,
			  struct config_error *why)
{
	struct json_object *instances = NULL;
	size_t count, i;
	int error = 0;

	if (!json_object_is_type(document, json_type_object) ||
	    !json_object_object_get_ex(document, "instances", &instances) ||
	    !json_object_is_type(instances, json_type_array)) {
		snprintf(why->text, sizeof(why->text), "no array \"instances\" in it");
		return -EINVAL;
	}
	count = json_object_array_length(instances);
	ret->patterns = calloc(count + 1, sizeof(*ret->patterns));
	if (!ret->patterns)
		return -ENOMEM;
	for (i = 0; i < count && !error; i++) {
		error = instance_pattern(json_object_array_get_idx(instances, i), i,
					 &ret->patterns[i], why);
		ret->count += !error;
	}
	return error;
}

int config_sources_parse(const char *text, size_t length, struct config_sources *ret,
			 struct config_error *why)
{
	_cleanup_config_sources_ struct config_sources sources = {};
	_cleanup_json_ struct json_object *document = NULL;
	struct json_problem problem = {};
	int error = json_parse_strict(text, length, DEPTH_MAX, &document, &problem);

	if (error) {
		memcpy(why->text, problem.text, sizeof(why->text));
		return error;
	}
	error = read_instances(document, &sources, why);
	if (error)
		return error;
	*ret = sources;
	sources = (struct config_sources){};
	return 0;
}

int config_sources_load(const char *path, struct config_sources *ret, struct config_error *why)
{
	_cleanup_free_ char *text = NULL;
	struct json_problem problem = {};
	size_t length = 0;
	int error = json_file_read(path, &text, &length, &problem);

	if (!error)
		return config_sources_parse(text, length, ret, why);
	memcpy(why->text, problem.text, sizeof(why->text));
	return error;
}

bool config_sources_match(const struct config_sources *sources, const char *id)
{
	size_t i;

	for (i = 0; i < sources->count; i++)
		if (!fnmatch(sources->patterns[i], id, FNM_NOESCAPE))
			return true;
	return false;
}

void config_sources_clear(struct config_sources *sources)
{
	size_t i;

	for (i = 0; i < sources->count; i++)
		free(sources->patterns[i]);
	free(sources->patterns);
	*sources = (struct config_sources){};
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "../meter/json_strict.h"
#include "../meter/prefix.h"
#include "../source/sentence.h"
#include "config_part.h"

#define LIMITS_MAX 1024
#define ARGUMENTS_MAX 256
#define BYTES_MAX (1ull << 62)
#define PERCENT_MAX 1000

static const struct field_word period_words[] = {{"day", CONFIG_DAY, false},
						 {"month", CONFIG_MONTH, false},
						 {"billing", CONFIG_BILLING, false},
						 {}};
static const struct field_word direction_words[] = {
	{"in", CONFIG_IN, false}, {"out", CONFIG_OUT, false}, {"both", CONFIG_BOTH, false}, {}};

#define MEMBER(member) FIELD(struct config_limit, member)

static const struct field fields[] = {
	{"name", FIELD_TEXT, MEMBER(name), 0, 0, false, NULL},
	{"source", FIELD_TEXT, MEMBER(source), 0, 0, false, NULL},
	{"host", FIELD_TEXT, MEMBER(host), 0, 0, false, NULL},
	{"period", FIELD_WORD, MEMBER(period), 0, 0, false, period_words},
	{"direction", FIELD_WORD, MEMBER(direction), 0, 0, false, direction_words},
	{"bytes", FIELD_SIZE, MEMBER(bytes), 1, BYTES_MAX, false, NULL},
	{"at", FIELD_LIST, 0, 0, 0, 0, false, NULL},
	{"command", FIELD_LIST, 0, 0, 0, 0, false, NULL},
};

void config_limit_clear(struct config_limit *limit)
{
	free(limit->name);
	free(limit->source);
	free(limit->host);
	for (char **argument = limit->command; argument && *argument; argument++)
		free(*argument);
	free(limit->command);
	*limit = (struct config_limit){};
}

static int read_thresholds(struct json_object *list, const char *where, struct config_limit *limit,
			   struct config_error *why)
{
	size_t count = json_object_array_length(list);
	struct json_object *value;
	int64_t percent;

	if (!count || count > CONFIG_THRESHOLDS)
		return config_fail(why, where, "\"at\": there must be 1 to %d percentages, not %zu",
				   CONFIG_THRESHOLDS, count);
	for (limit->percents = 0; limit->percents < count; limit->percents++) {
		value = json_object_array_get_idx(list, limit->percents);
		percent = json_object_is_type(value, json_type_int) ? json_object_get_int64(value)
								    : 0;
		if (percent < 1 || percent > PERCENT_MAX)
			return config_fail(why, where,
					   "\"at\" must hold whole numbers from 1 to %d (percent)",
					   PERCENT_MAX);
		if (limit->percents && percent <= limit->percent[limit->percents - 1])
			return config_fail(why, where,
					   "\"at\": each percentage must be above the "
					   "one before it");
		limit->percent[limit->percents] = (uint32_t)percent;
	}
	return 0;
}

static int read_command(struct json_object *list, const char *where, struct config_limit *limit,
			struct config_error *why)
{
	size_t count = json_object_array_length(list);
	struct json_object *argument;

	if (!count || count > ARGUMENTS_MAX)
		return config_fail(why, where,
				   "\"command\": there must be a program and at most %d arguments",
				   ARGUMENTS_MAX - 1);
	limit->command = calloc(count + 1, sizeof(*limit->command));
	if (!limit->command)
		return config_no_memory(why);
	for (size_t i = 0; i < count; i++) {
		argument = json_object_array_get_idx(list, i);
		if (!json_object_is_type(argument, json_type_string))
			return config_fail(why, where,
					   "\"command\" holds %s where there must be "
					   "a string",
					   json_type_words(json_object_get_type(argument)));
		limit->command[i] = strdup(json_object_get_string(argument));
		if (!limit->command[i])
			return config_no_memory(why);
	}
	if (limit->command[0][0] != '/')
		return config_fail(why, where,
				   "\"command\": %s must be the absolute path of a program; no "
				   "shell looks for it",
				   quote(limit->command[0]).text);
	return 0;
}

static int check_host(const struct config_limit *limit, const char *where, struct config_error *why)
{
	struct prefix_error problem;
	struct na_prefix prefix;
	int error;

	if (!limit->host)
		return 0;
	error = strchr(limit->host, '/') ? prefix_parse_network(limit->host, &prefix, &problem)
					 : prefix_parse_address(limit->host, &prefix, &problem);
	return error ? config_fail(why, where, "\"host\": %s: %s", quote(limit->host).text,
				   problem.text)
		     : 0;
}

static int make_name(struct config_limit *limit, const char *where, struct config_error *why)
{
	if (limit->name && *limit->name)
		return 0;
	if (limit->name)
		return config_fail(why, where, "\"name\" must not be empty");
	if (asprintf(&limit->name, "%s%s%s %s%s%s", limit->source ? limit->source : "",
		     limit->source && limit->host ? " " : "",
		     limit->host ? limit->host : (limit->source ? "" : "all"),
		     period_words[limit->period].word, limit->direction == CONFIG_BOTH ? "" : " ",
		     limit->direction == CONFIG_BOTH
			     ? ""
			     : direction_words[limit->direction].word) < 0) {
		limit->name = NULL;
		return config_no_memory(why);
	}
	return 0;
}

static int read_limit(const struct config_reading *reading, struct json_object *object,
		      const char *where, struct config_limit *limit)
{
	struct json_object *list;
	int error;

	*limit = (struct config_limit){.period = CONFIG_MONTH,
				       .direction = CONFIG_BOTH,
				       .percent = {80, 90, 100},
				       .percents = 3};
	error = config_read_object(object, fields, ARRAY_SIZE(fields), where, limit, reading->why);
	if (!error && !limit->bytes)
		error = config_fail(reading->why, where, "\"bytes\" is missing");
	if (!error && json_object_object_get_ex(object, "at", &list))
		error = read_thresholds(list, where, limit, reading->why);
	if (!error && json_object_object_get_ex(object, "command", &list))
		error = read_command(list, where, limit, reading->why);
	if (!error)
		error = check_host(limit, where, reading->why);
	return error ? error : make_name(limit, where, reading->why);
}

/* By their names users and the history tell limits apart. */
static int check_name(const struct config *config, size_t number, const char *where,
		      struct config_error *why)
{
	for (size_t i = 0; i < number; i++)
		if (!strcmp(config->limits[i].name, config->limits[number].name))
			return config_fail(why, where,
					   "limit %zu is called %s too: give them different names",
					   i + 1, quote(config->limits[i].name).text);
	return 0;
}

int config_read_limits(const struct config_reading *reading, struct json_object *list)
{
	size_t count = json_object_array_length(list);
	struct config *config = reading->config;
	struct json_object *object, *name = NULL;
	char where[CONFIG_WHERE];
	int error = 0;

	if (count > LIMITS_MAX)
		return config_fail(reading->why, "", "\"limits\": there are %zu, at most %d may be",
				   count, LIMITS_MAX);
	config->limits = calloc(count + 1, sizeof(*config->limits));
	if (!config->limits)
		return config_no_memory(reading->why);
	for (size_t i = 0; !error && i < count; i++) {
		object = json_object_array_get_idx(list, i);
		name = NULL;
		if (json_object_is_type(object, json_type_object))
			json_object_object_get_ex(object, "name", &name);
		config_where(where, "limit", i + 1,
			     json_object_is_type(name, json_type_string)
				     ? json_object_get_string(name)
				     : NULL);
		config->limit_count++;
		error = read_limit(reading, object, where, &config->limits[i]);
		if (!error)
			error = check_name(config, i, where, reading->why);
	}
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../meter/json_strict.h"
#include "../meter/layout.h"
#include "../source/sentence.h"
#include "config_part.h"

#define DEPTH_MAX 32
#define SOCKET_PATH "/run/netacct/netacct.sock"
#define SOCKET_FOLDER "/run/netacct"
#define SOCKET_LENGTH_MAX 107 /* sockaddr_un.sun_path with its NUL, unix(7) */
#define INTERVAL_MIN (NANOSECONDS / 10)
#define INTERVAL_MAX (86400 * NANOSECONDS)
#define INTERVAL_DEFAULT (5 * NANOSECONDS)
#define WHITELIST_MAX (1u << 24)

/* performance_config is the first tool's. */
struct performance {
	uint32_t max_flows, whitelist_size;
	uint64_t interval; /* ns, 0: none said */
};

static const struct field document_fields[] = {
	{"instances", FIELD_LIST, 0, 0, 0, 0, false, NULL},
	{"performance_config", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
	{"polling_interval", FIELD_SECONDS, FIELD(struct config, polling_interval), INTERVAL_MIN,
	 INTERVAL_MAX, false, NULL},
	{"history", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
	{"billing", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
	{"limits", FIELD_LIST, 0, 0, 0, 0, false, NULL},
	{"anomalies", FIELD_FLAG, FIELD(struct config, anomalies), 0, 0, false, NULL},
	{"socket", FIELD_ANY, 0, 0, 0, 0, false, NULL},
};

static const struct field billing_fields[] = {
	{"reset_day", FIELD_NUMBER, FIELD(struct config, reset_day), 1, 31, false, NULL},
};

static const struct field performance_fields[] = {
	{"map_sizes", FIELD_OBJECT, 0, 0, 0, 0, false, NULL},
	{"polling_interval", FIELD_SECONDS, FIELD(struct performance, interval), INTERVAL_MIN,
	 INTERVAL_MAX, false, NULL},
	{"batch_processing", FIELD_ANY, 0, 0, 0, 0, false, NULL},
	{"memory_optimization", FIELD_ANY, 0, 0, 0, 0, false, NULL},
};

static const struct field map_fields[] = {
	{"traffic_map", FIELD_NUMBER, FIELD(struct performance, max_flows), 1, FLOWS_MAX, false,
	 NULL},
	{"whitelist_map", FIELD_NUMBER, FIELD(struct performance, whitelist_size), 1, WHITELIST_MAX,
	 true, NULL},
};

void config_clear(struct config *config)
{
	for (size_t i = 0; i < config->count; i++)
		config_instance_clear(&config->instances[i]);
	for (size_t i = 0; i < config->limit_count; i++)
		config_limit_clear(&config->limits[i]);
	for (size_t i = 0; i < config->notice_count; i++)
		free(config->notices[i]);
	free(config->path);
	free(config->instances);
	free(config->history);
	free(config->socket);
	free(config->limits);
	free(config->notices);
	*config = (struct config){};
}

int config_init(struct config *config, struct config_error *why)
{
	*config = (struct config){
		.polling_interval = INTERVAL_DEFAULT,
		.history = strdup(HISTORY_PATH),
		.reset_day = 1,
		.anomalies = true,
		.socket = strdup(SOCKET_PATH),
	};
	config->history_settings = history_defaults;
	return config->history && config->socket ? 0 : config_no_memory(why);
}

int config_notice(struct config *config, const char *notice)
{
	char **grown, *copy;

	for (size_t i = 0; i < config->notice_count; i++)
		if (!strcmp(config->notices[i], notice))
			return 0;
	grown = reallocarray(config->notices, config->notice_count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	config->notices = grown;
	copy = strdup(notice);
	if (!copy)
		return -ENOMEM;
	config->notices[config->notice_count++] = copy;
	return 0;
}

static int note_without_effect(const struct config_reading *reading, struct json_object *object)
{
	static const char *const keys[] = {"batch_processing", "memory_optimization"};
	char notice[128];

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!json_object_object_get_ex(object, keys[i], NULL))
			continue;
		snprintf(notice, sizeof(notice),
			 "\"%s\" has no effect: netacct always does so where the kernel can",
			 keys[i]);
		if (config_notice(reading->config, notice))
			return config_no_memory(reading->why);
	}
	return 0;
}

static int read_performance(struct config_reading *reading, struct json_object *object,
			    bool interval_said)
{
	struct performance performance = {.max_flows = reading->max_flows};
	static const char where[] = "\"performance_config\": ";
	struct config *config = reading->config;
	struct json_object *sizes;
	int error = config_read_object(object, performance_fields, ARRAY_SIZE(performance_fields),
				       where, &performance, reading->why);

	if (!error && json_object_object_get_ex(object, "map_sizes", &sizes))
		error = config_read_object(sizes, map_fields, ARRAY_SIZE(map_fields),
					   "\"performance_config\": \"map_sizes\": ", &performance,
					   reading->why);
	if (error)
		return error;
	reading->max_flows = performance.max_flows;
	reading->whitelist_size = performance.whitelist_size;
	if (performance.interval) {
		if (interval_said && performance.interval != config->polling_interval)
			return config_fail(reading->why, where,
					   "\"polling_interval\" is there twice, and not the same");
		config->polling_interval = performance.interval;
	}
	return note_without_effect(reading, object);
}

static int read_socket(const struct config_reading *reading, struct json_object *value)
{
	struct config *config = reading->config;
	int error;

	free(config->socket);
	config->socket = NULL;
	if (!value ||
	    (json_object_is_type(value, json_type_boolean) && !json_object_get_boolean(value)))
		return 0;
	if (!json_object_is_type(value, json_type_string))
		return config_fail(reading->why, "", "\"socket\" must be a path, null or false");
	config->socket = strdup(json_object_get_string(value));
	if (!config->socket)
		return config_no_memory(reading->why);
	error = config_path_replace(&config->socket, SOCKET_FOLDER, reading->folder, "", "socket",
				    reading->why);
	if (!error && strlen(config->socket) > SOCKET_LENGTH_MAX)
		error = config_fail(reading->why, "", "\"socket\": %s is longer than %d bytes",
				    quote(config->socket).text, SOCKET_LENGTH_MAX);
	return error;
}

static int read_parts(struct config_reading *reading, struct json_object *document)
{
	struct json_object *part;
	int error = 0;

	if (json_object_object_get_ex(document, "performance_config", &part))
		error = read_performance(reading, part,
					 json_object_object_get_ex(document, "polling_interval",
								   NULL));
	if (!error && json_object_object_get_ex(document, "history", &part))
		error = config_read_history(reading, part);
	if (!error && json_object_object_get_ex(document, "billing", &part))
		error = config_read_object(part, billing_fields, ARRAY_SIZE(billing_fields),
					   "\"billing\": ", reading->config, reading->why);
	if (!error && json_object_object_get_ex(document, "socket", &part))
		error = read_socket(reading, part);
	if (!error && json_object_object_get_ex(document, "limits", &part))
		error = config_read_limits(reading, part);
	if (error)
		return error;
	if (!json_object_object_get_ex(document, "instances", &part))
		return config_fail(reading->why, "", "\"instances\" is missing");
	return config_read_instances(reading, part);
}

/* path: NULL where the text has none. */
static int parse(const char *text, size_t length, const char *path, const char *folder,
		 struct config *ret, struct config_error *why)
{
	_cleanup_json_ struct json_object *document = NULL;
	_cleanup_config_ struct config config = {};
	struct config_reading reading = {folder, config_instance_defaults().max_flows, 0, &config,
					 why};
	struct json_problem problem = {};
	int error = json_parse_strict(text, length, DEPTH_MAX, &document, &problem);

	if (error)
		return sentence(why->text, sizeof(why->text), error, "%s",
				error == -ENOMEM ? strerror(ENOMEM) : problem.text);
	error = config_init(&config, why);
	if (!error && path) {
		config.path = strdup(path);
		error = config.path ? 0 : config_no_memory(why);
	}
	if (!error)
		error = config_read_object(document, document_fields, ARRAY_SIZE(document_fields),
					   "", &config, why);
	if (!error)
		error = read_parts(&reading, document);
	if (!error)
		error = config_check_instances(&config, why);
	if (error)
		return error;
	*ret = config;
	config = (struct config){};
	return 0;
}

int config_parse(const char *text, size_t length, const char *folder, struct config *ret,
		 struct config_error *why)
{
	return parse(text, length, NULL, folder, ret, why);
}

int config_load(const char *path, struct config *ret, struct config_error *why)
{
	_cleanup_free_ char *text = NULL, *absolute = NULL, *folder = NULL, *here = NULL;
	struct json_problem problem = {};
	size_t length = 0;
	int error = json_file_read(path, &text, &length, &problem);

	if (error)
		return sentence(why->text, sizeof(why->text), error, "%s", problem.text);
	error = config_working_directory(&here, why);
	if (error)
		return error;
	error = config_path(path, here, here, &absolute);
	if (error)
		return sentence(why->text, sizeof(why->text), error, "%s", strerror(-error));
	folder = strndup(absolute, (size_t)(strrchr(absolute, '/') - absolute));
	if (!folder)
		return config_no_memory(why);
	return parse(text, length, absolute, folder, ret, why);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../meter/layout.h"
#include "../source/sentence.h"
#include "../source/source.h"
#include "config_part.h"

#define INSTANCES_MAX 4096

static const struct field_word xdp_words[] = {{"false", INGRESS_TC, true},
					      {"true", INGRESS_XDP_AUTO, true},
					      {"auto", INGRESS_XDP_AUTO, false},
					      {"native", INGRESS_XDP_NATIVE, false},
					      {"generic", INGRESS_XDP_GENERIC, false},
					      {}};
static const struct field_word hook_words[] = {{"auto", HOOK_REQUEST_AUTO, false},
					       {"clsact", HOOK_REQUEST_CLSACT, false},
					       {"tcx", HOOK_REQUEST_TCX, false},
					       {}};
static const struct field_word order_words[] = {{"head", 0, false}, {"tail", 1, false}, {}};
static const struct field_word key_words[] = {
	{"total", NA_KEY_TOTAL, false},	  {"host", NA_KEY_HOST, false},
	{"remote", NA_KEY_REMOTE, false}, {"host-pair", NA_KEY_HOST_PAIR, false},
	{"flow", NA_KEY_FLOW, false},	  {}};
static const struct field_word perspective_words[] = {
	{"interface", 0, false}, {"peer", 1, false}, {}};
static const struct field_word byte_words[] = {{"l2", 0, false}, {"l3", 1, false}, {}};
static const struct field_word format_words[] = {
	{"json", CONFIG_JSON, false}, {"ndjson", CONFIG_NDJSON, false}, {}};

#define MEMBER(member) FIELD(struct config_instance, member)

static const struct field fields[] = {
	{"tag", FIELD_TEXT, MEMBER(tag), 0, 0, false, NULL},
	{"namespace", FIELD_TEXT, MEMBER(namespace), 0, 0, false, NULL},
	{"interface", FIELD_TEXT, MEMBER(interface), 0, 0, false, NULL},
	{"output_file", FIELD_TEXT, MEMBER(output_file), 0, 0, false, NULL},
	{"whitelist_file", FIELD_TEXT, MEMBER(whitelist_file), 0, 0, false, NULL},
	{"output_format", FIELD_WORD, MEMBER(output_format), 0, 0, false, format_words},
	{"object_file", FIELD_ANY, 0, 0, 0, 0, false, NULL},
	{"xdp", FIELD_WORD, MEMBER(hooks.ingress), 0, 0, false, xdp_words},
	{"hook", FIELD_WORD, MEMBER(hooks.hook), 0, 0, false, hook_words},
	{"order", FIELD_WORD, MEMBER(hooks.tail), 0, 0, false, order_words},
	{"key", FIELD_WORD, MEMBER(key), 0, 0, false, key_words},
	{"bytes", FIELD_WORD, MEMBER(layer3), 0, 0, false, byte_words},
	{"perspective", FIELD_WORD, MEMBER(peer), 0, 0, false, perspective_words},
	{"debug", FIELD_FLAG, MEMBER(debug), 0, 0, false, NULL},
	{"persist", FIELD_FLAG, MEMBER(persist), 0, 0, false, NULL},
	{"max_flows", FIELD_NUMBER, MEMBER(max_flows), 1, FLOWS_MAX, false, NULL},
	{"max_sources", FIELD_NUMBER, MEMBER(max_sources), 2, SOURCES_MAX, false, NULL},
};

struct config_instance config_instance_defaults(void)
{
	return (struct config_instance){
		.output_format = CONFIG_JSON,
		.hooks = {INGRESS_TC, HOOK_REQUEST_AUTO, false},
		.key = NA_KEY_HOST_PAIR,
		.max_flows = 65536,
		.max_sources = 1024,
	};
}

void config_instance_clear(struct config_instance *instance)
{
	free(instance->name);
	free(instance->tag);
	free(instance->namespace);
	free(instance->interface);
	free(instance->output_file);
	free(instance->whitelist_file);
	*instance = (struct config_instance){};
}

static int check_tag(const char *tag, const char *where, struct config_error *why)
{
	size_t length = strlen(tag);
	size_t good = strspn(tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789-_.");

	if (length && good == length && length < sizeof(((struct na_source *)NULL)->tag))
		return 0;
	return config_fail(why, where,
			   "\"tag\": %s: 1 to 63 letters, digits, '-', '_' and '.' are allowed",
			   quote(tag).text);
}

/* The interface alone first: what is wrong with it is not the namespace's fault. */
static int check_source(const struct config_instance *instance, const char *where,
			struct config_error *why)
{
	struct source_name name;
	struct source_error problem;

	if (strchr(instance->interface, '/'))
		return config_fail(why, where,
				   "\"interface\": there is a slash in %s: the namespace belongs "
				   "into \"namespace\"",
				   quote(instance->interface).text);
	if (source_parse(instance->interface, NULL, &name, &problem))
		return config_fail(why, where, "\"interface\": %s", problem.text);
	if (source_parse(instance->interface, instance->namespace, &name, &problem))
		return config_fail(why, where, "\"namespace\": %s", problem.text);
	return 0;
}

int config_instance_name(struct config_instance *instance, const char *folder, const char *where,
			 struct config_error *why)
{
	int error = 0;

	if (!instance->interface)
		return config_fail(why, where, "\"interface\" is missing");
	if (instance->namespace && !*instance->namespace) {
		free(instance->namespace);
		instance->namespace = NULL;
	}
	if (instance->tag)
		error = check_tag(instance->tag, where, why);
	if (!error)
		error = check_source(instance, where, why);
	if (error)
		return error;
	if (instance->tag)
		instance->name = strdup(instance->tag);
	else if (asprintf(&instance->name, "%s--%s",
			  instance->namespace ? instance->namespace : "host",
			  instance->interface) < 0)
		instance->name = NULL;
	if (!instance->name)
		return config_no_memory(why);
	if (!instance->namespace || !strchr(instance->namespace, '/'))
		return 0;
	return config_path_replace(&instance->namespace, folder, folder, where, "namespace", why);
}

/* What a message calls it: its tag, else its interface, where that is a text at all. */
static const char *label(struct json_object *object)
{
	static const char *const keys[] = {"tag", "interface"};
	struct json_object *value;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (json_object_is_type(object, json_type_object) &&
		    json_object_object_get_ex(object, keys[i], &value) &&
		    json_object_is_type(value, json_type_string))
			return json_object_get_string(value);
	return NULL;
}

static int resolve_paths(const struct config_reading *reading, struct json_object *object,
			 struct config_instance *instance, const char *where)
{
	int error = config_path_replace(&instance->output_file, CONFIG_OUTPUT_FOLDER,
					reading->folder, where, "output_file", reading->why);

	if (!error)
		error = config_path_replace(&instance->whitelist_file, CONFIG_WHITELIST_FOLDER,
					    reading->folder, where, "whitelist_file", reading->why);
	if (error || json_object_object_get_ex(object, "whitelist_file", NULL) ||
	    access(CONFIG_WHITELIST, F_OK))
		return error;
	instance->whitelist_file = strdup(CONFIG_WHITELIST);
	return instance->whitelist_file ? 0 : config_no_memory(reading->why);
}

static int read_instance(const struct config_reading *reading, struct json_object *object,
			 size_t number, struct config_instance *instance)
{
	char where[CONFIG_WHERE];
	int error;

	config_where(where, "instance", number, label(object));
	*instance = config_instance_defaults();
	instance->max_flows = reading->max_flows;
	instance->whitelist_size = reading->whitelist_size;
	error = config_read_object(object, fields, ARRAY_SIZE(fields), where, instance,
				   reading->why);
	if (!error)
		error = config_instance_name(instance, reading->folder, where, reading->why);
	if (!error)
		error = resolve_paths(reading, object, instance, where);
	if (!error && json_object_object_get_ex(object, "object_file", NULL) &&
	    config_notice(reading->config, "\"object_file\" has no effect: the programs are "
					   "part of netacct"))
		error = config_no_memory(reading->why);
	return error;
}

int config_read_instances(const struct config_reading *reading, struct json_object *list)
{
	size_t count = json_object_array_length(list);
	struct config *config = reading->config;
	int error = 0;

	if (!count || count > INSTANCES_MAX)
		return config_fail(reading->why, "",
				   "\"instances\": there must be 1 to %d, not %zu", INSTANCES_MAX,
				   count);
	config->instances = calloc(count, sizeof(*config->instances));
	if (!config->instances)
		return config_no_memory(reading->why);
	for (; !error && config->count < count; config->count++)
		error = read_instance(reading, json_object_array_get_idx(list, config->count),
				      config->count + 1, &config->instances[config->count]);
	return error;
}

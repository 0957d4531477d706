// SPDX-License-Identifier: GPL-2.0-or-later
/* The collector's configuration: taken whole and checked, or refused with a sentence. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/collector/config.h"
#include "fuzz.h"

static bool is_absolute(const char *path)
{
	return path[0] == '/' && !strstr(path, "//") && !strstr(path, "/./");
}

static void check_instance(const struct config *config, const struct config_instance *instance)
{
	char id[1024];

	MUST(instance->name && *instance->name && is_utf8(instance->name, strlen(instance->name)));
	MUST(instance->interface && *instance->interface);
	MUST(!instance->namespace || *instance->namespace);
	MUST(!instance->output_file || is_absolute(instance->output_file));
	MUST(!instance->whitelist_file || is_absolute(instance->whitelist_file));
	MUST(!instance->output_file || !instance->whitelist_file ||
	     strcmp(instance->output_file, instance->whitelist_file));
	MUST(instance->output_format == CONFIG_JSON || instance->output_format == CONFIG_NDJSON);
	MUST(instance->key < NA_KEY_KINDS);
	MUST(instance->max_flows && instance->max_sources >= 2);
	/* what is no pattern stands for itself, backslashes too */
	if (instance->namespace || strpbrk(instance->interface, "*?[@"))
		return;
	snprintf(id, sizeof(id), "host--%s", instance->interface);
	MUST(config_names(config, id));
}

static void check_limit(const struct config_limit *limit)
{
	size_t i;

	MUST(limit->name && *limit->name);
	MUST(limit->bytes);
	MUST(limit->percents && limit->percents <= CONFIG_THRESHOLDS);
	for (i = 0; i < limit->percents; i++)
		MUST(limit->percent[i] > (i ? limit->percent[i - 1] : 0));
	MUST(!limit->command || (limit->command[0] && limit->command[0][0] == '/'));
}

static void check_taken(const struct config *config)
{
	size_t i, j;

	MUST(config->count);
	MUST(config->polling_interval >= 100000000ull);
	MUST(config->polling_interval <= 86400000000000ull);
	MUST(config->reset_day >= 1 && config->reset_day <= 31);
	MUST(is_absolute(config->history));
	MUST(!config->socket || is_absolute(config->socket));
	for (i = 0; i < config->count; i++) {
		check_instance(config, &config->instances[i]);
		for (j = 0; j < i; j++)
			MUST(strcmp(config->instances[i].name, config->instances[j].name));
	}
	for (i = 0; i < config->limit_count; i++)
		check_limit(&config->limits[i]);
	for (i = 0; i < config->notice_count; i++)
		MUST(is_sentence(config->notices[i], strlen(config->notices[i]) + 1));
	(void)config_names(config, "host--eth0");
	(void)config_names(config, "blue--a-rather-lon");
	(void)config_names(config, "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct config config;
	struct config_error why = {""};
	char *text = input_rest(&input);
	int error;

	fuzz_mark(&config, sizeof(config));
	error = config_parse(text, size, "/folder", &config, &why);
	if (error) {
		MUST(error == -EINVAL);
		MUST(is_sentence(why.text, sizeof(why.text)));
		MUST(is_marked(&config, sizeof(config)));
	} else {
		check_taken(&config);
		config_clear(&config);
	}
	free(text);
	return 0;
}

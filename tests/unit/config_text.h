/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations to try, taken and refused. */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/collector/config.h"

#define SECOND 1000000000ull

/* As users of the first tool have it. */
#define FIRST_TOOL                                                                               \
	"{\"performance_config\": {\"map_sizes\": {\"traffic_map\": 131072, \"whitelist_map\": " \
	"2048}, \"polling_interval\": 1, \"batch_processing\": true, \"memory_optimization\": "  \
	"true},\n"                                                                               \
	" \"instances\": [{\"tag\": \"eth0\", \"namespace\": \"mynamespace\", \"interface\": "   \
	"\"eth0\", \"output_file\": \"eth0_traffic_stats.json\", \"whitelist_file\": "           \
	"\"eth0_whitelist.json\",\n"                                                             \
	"                \"object_file\": \"network_accounting_eth0.bpf.o\", \"xdp\": false, "   \
	"\"debug\": true},\n"                                                                    \
	"               {\"tag\": \"host\", \"namespace\": null, \"interface\": \"eth0\", "      \
	"\"output_file\": \"host_traffic_stats.json\", \"whitelist_file\": "                     \
	"\"host_whitelist.json\", \"xdp\": false, \"debug\": true}]}\n"

/* A document with one good instance and `more` behind it, which begins with a comma or is "". */
#define WITH(more) "{\"instances\": [{\"interface\": \"eth0\", \"whitelist_file\": null}]" more "}"
/* One instance with more in it. */
#define INSTANCE(more) \
	"{\"instances\": [{\"interface\": \"eth0\", \"whitelist_file\": null" more "}]}"

static inline void take(const char *text, struct config *ret)
{
	struct config_error why = {""};

	if (config_parse(text, strlen(text), "/folder", ret, &why))
		fail_msg("%s\nis refused: %s", text, why.text);
}

/* -EINVAL, with a sentence that is `expected`, and the result untouched. */
static inline void refuse(const char *text, const char *expected)
{
	struct config_error why = {""};
	struct config config, before;

	memset(&config, 0x5a, sizeof(config));
	before = config;
	assert_int_equal(config_parse(text, strlen(text), "/folder", &config, &why), -EINVAL);
	assert_string_equal(why.text, expected);
	assert_memory_equal(&config, &before, sizeof(config));
}

#endif

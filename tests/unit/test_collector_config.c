// SPDX-License-Identifier: GPL-2.0-or-later
/* Configurations as they are meant: what is taken, and what holds where nothing is said. */
#include "config_text.h"

#include <unistd.h>

static void takes_that_of_the_first_tool(void **state)
{
	_cleanup_config_ struct config config = {0};
	const struct config_instance *one, *two;

	(void)state;
	take(FIRST_TOOL, &config);
	assert_int_equal(config.count, 2);
	assert_true(config.polling_interval == SECOND);
	one = &config.instances[0];
	assert_string_equal(one->name, "eth0");
	assert_string_equal(one->tag, "eth0");
	assert_string_equal(one->namespace, "mynamespace");
	assert_string_equal(one->interface, "eth0");
	assert_string_equal(one->output_file, "/var/log/netacct/eth0_traffic_stats.json");
	assert_string_equal(one->whitelist_file, "/etc/netacct/eth0_whitelist.json");
	assert_int_equal(one->max_flows, 131072);
	assert_int_equal(one->whitelist_size, 2048);
	assert_int_equal(one->hooks.ingress, INGRESS_TC);
	assert_true(one->debug);
	two = &config.instances[1];
	assert_string_equal(two->name, "host");
	assert_null(two->namespace);
	assert_string_equal(two->output_file, "/var/log/netacct/host_traffic_stats.json");
	/* what has no effect is said once each */
	assert_int_equal(config.notice_count, 3);
	assert_non_null(strstr(config.notices[0], "\"batch_processing\" has no effect"));
	assert_non_null(strstr(config.notices[1], "\"memory_optimization\" has no effect"));
	assert_non_null(strstr(config.notices[2], "\"object_file\" has no effect"));
}

static void says_a_notice_once(void **state)
{
	_cleanup_config_ struct config config = {0};

	(void)state;
	take("{\"instances\": [{\"interface\": \"a\", \"object_file\": null},"
	     "{\"interface\": \"b\", \"object_file\": \"b.o\"}]}",
	     &config);
	assert_int_equal(config.notice_count, 1);
}

static void has_defaults(void **state)
{
	_cleanup_config_ struct config config = {0};
	const struct config_instance *instance;

	(void)state;
	take(WITH(""), &config);
	assert_null(config.path);
	assert_true(config.polling_interval == 5 * SECOND);
	assert_string_equal(config.history, "/var/lib/netacct/history.db");
	assert_memory_equal(&config.history_settings, &history_defaults, sizeof(history_defaults));
	assert_int_equal(config.reset_day, 1);
	assert_true(config.anomalies);
	assert_string_equal(config.socket, "/run/netacct/netacct.sock");
	assert_int_equal(config.limit_count, 0);
	assert_int_equal(config.notice_count, 0);
	assert_int_equal(config.count, 1);
	instance = &config.instances[0];
	assert_string_equal(instance->name, "host--eth0");
	assert_null(instance->tag);
	assert_null(instance->namespace);
	assert_null(instance->output_file);
	assert_null(instance->whitelist_file);
	assert_int_equal(instance->output_format, CONFIG_JSON);
	assert_false(instance->debug || instance->persist || instance->peer || instance->layer3);
	assert_int_equal(instance->hooks.ingress, INGRESS_TC);
	assert_int_equal(instance->hooks.hook, HOOK_REQUEST_AUTO);
	assert_false(instance->hooks.tail);
	assert_int_equal(instance->key, NA_KEY_HOST_PAIR);
	assert_int_equal(instance->max_flows, 65536);
	assert_int_equal(instance->max_sources, 1024);
	assert_int_equal(instance->whitelist_size, 0);
}

static void fills_an_instance(void **state)
{
	_cleanup_config_ struct config config = {0};
	const struct config_instance *instance;

	(void)state;
	take("{\"performance_config\": {\"map_sizes\": {\"traffic_map\": 7}}, \"instances\": ["
	     "{\"interface\": \"veth*\", \"namespace\": \"*\", \"output_format\": \"ndjson\","
	     " \"persist\": true, \"hook\": \"tcx\", \"order\": \"tail\", \"key\": \"flow\","
	     " \"max_flows\": 1e5, \"max_sources\": 2, \"perspective\": \"peer\","
	     " \"bytes\": \"l3\", \"xdp\": \"native\", \"tag\": null}]}",
	     &config);
	instance = &config.instances[0];
	assert_string_equal(instance->name, "*--veth*");
	assert_int_equal(instance->output_format, CONFIG_NDJSON);
	assert_true(instance->persist && instance->peer && instance->layer3);
	assert_false(instance->debug);
	assert_int_equal(instance->hooks.hook, HOOK_REQUEST_TCX);
	assert_true(instance->hooks.tail);
	assert_int_equal(instance->hooks.ingress, INGRESS_XDP_NATIVE);
	assert_int_equal(instance->key, NA_KEY_FLOW);
	assert_int_equal(instance->max_flows, 100000);
	assert_int_equal(instance->max_sources, 2);
}

static enum ingress_request ingress_of(const char *text)
{
	_cleanup_config_ struct config config = {0};

	take(text, &config);
	return config.instances[0].hooks.ingress;
}

static void knows_the_ways_of_xdp(void **state)
{
	(void)state;
	assert_int_equal(ingress_of(INSTANCE(", \"xdp\": false")), INGRESS_TC);
	assert_int_equal(ingress_of(INSTANCE(", \"xdp\": true")), INGRESS_XDP_AUTO);
	assert_int_equal(ingress_of(INSTANCE(", \"xdp\": \"auto\"")), INGRESS_XDP_AUTO);
	assert_int_equal(ingress_of(INSTANCE(", \"xdp\": \"generic\"")), INGRESS_XDP_GENERIC);
}

static void takes_fractions_of_a_second(void **state)
{
	_cleanup_config_ struct config least = {0}, most = {0}, same = {0};

	(void)state;
	take(WITH(", \"polling_interval\": 0.1"), &least);
	assert_true(least.polling_interval == SECOND / 10);
	take(WITH(", \"polling_interval\": 86400"), &most);
	assert_true(most.polling_interval == 86400 * SECOND);
	take(WITH(", \"polling_interval\": 2.5, \"performance_config\": {\"polling_interval\": "
		  "2.5}"),
	     &same);
	assert_true(same.polling_interval == 5 * SECOND / 2);
}

static void reads_the_history(void **state)
{
	_cleanup_config_ struct config config = {0};
	const struct history_settings *settings = &config.history_settings;

	(void)state;
	take(WITH(", \"history\": {\"path\": \"db/h.db\", \"max_size\": \"1.5Gi\", \"max_totals\": "
		  "10, \"retention\": {\"minute\": \"36h\", \"5min\": 7200, \"day\": \"400 d\", "
		  "\"month\": 0}, \"top\": {\"5min\": 0, \"month\": 12}}, \"billing\": "
		  "{\"reset_day\": 31}, \"anomalies\": false"),
	     &config);
	assert_string_equal(config.history, "/folder/db/h.db");
	assert_true(settings->max_size == 3ull << 29);
	assert_int_equal(settings->max_totals, 10);
	assert_int_equal(settings->retention[HISTORY_MINUTE], 36 * 3600);
	assert_int_equal(settings->retention[HISTORY_5MIN], 7200);
	assert_true(settings->retention[HISTORY_HOUR] == history_defaults.retention[HISTORY_HOUR]);
	assert_int_equal(settings->retention[HISTORY_DAY], 400 * 86400);
	assert_int_equal(settings->retention[HISTORY_MONTH], 0);
	assert_int_equal(settings->top[HISTORY_5MIN], 0);
	assert_true(settings->top[HISTORY_HOUR] == history_defaults.top[HISTORY_HOUR]);
	assert_int_equal(settings->top[HISTORY_MONTH], 12);
	assert_int_equal(config.reset_day, 31);
	assert_false(config.anomalies);
}

static char *socket_of(const char *text)
{
	_cleanup_config_ struct config config = {0};
	char *path;

	take(text, &config);
	path = config.socket;
	config.socket = NULL;
	return path;
}

static void may_do_without_a_socket(void **state)
{
	char *path = socket_of(WITH(", \"socket\": \"/tmp/s\""));

	(void)state;
	assert_string_equal(path, "/tmp/s");
	free(path);
	path = socket_of(WITH(", \"socket\": \"s\""));
	assert_string_equal(path, "/run/netacct/s");
	free(path);
	assert_null(socket_of(WITH(", \"socket\": null")));
	assert_null(socket_of(WITH(", \"socket\": false")));
}

static void puts_files_where_they_belong(void **state)
{
	static const struct {
		const char *text, *output, *whitelist;
	} rows[] = {
		{"\"output_file\": \"a.json\", \"whitelist_file\": \"w.json\"",
		 "/var/log/netacct/a.json", "/etc/netacct/w.json"},
		{"\"output_file\": \"./a.json\", \"whitelist_file\": \"x/w.json\"",
		 "/folder/a.json", "/folder/x/w.json"},
		{"\"output_file\": \"../a.json\", \"whitelist_file\": \"/w/.//./w.json\"",
		 "/folder/../a.json", "/w/w.json"},
		{"\"output_file\": \"//srv//a.json\", \"whitelist_file\": null", "/srv/a.json",
		 NULL},
		{"\"output_file\": null, \"whitelist_file\": null", NULL, NULL},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_config_ struct config config = {0};

		snprintf(text, sizeof(text), "{\"instances\": [{\"interface\": \"a\", %s}]}",
			 rows[i].text);
		take(text, &config);
		if (rows[i].output)
			assert_string_equal(config.instances[0].output_file, rows[i].output);
		else
			assert_null(config.instances[0].output_file);
		if (rows[i].whitelist)
			assert_string_equal(config.instances[0].whitelist_file, rows[i].whitelist);
		else
			assert_null(config.instances[0].whitelist_file);
	}
}

static void reads_the_standard_whitelist(void **state)
{
	_cleanup_config_ struct config config = {0};

	(void)state;
	take("{\"instances\": [{\"interface\": \"a\"}]}", &config);
	if (access(CONFIG_WHITELIST, F_OK))
		assert_null(config.instances[0].whitelist_file);
	else
		assert_string_equal(config.instances[0].whitelist_file, CONFIG_WHITELIST);
}

static void lets_instances_share_a_file(void **state)
{
	_cleanup_config_ struct config config = {0};

	(void)state;
	take("{\"instances\": [{\"interface\": \"a\", \"output_file\": \"x.json\"},"
	     "{\"interface\": \"b\", \"output_file\": \"/var/log/netacct/x.json\"},"
	     "{\"interface\": \"a\", \"namespace\": \"blue\", \"output_file\": \"y\","
	     " \"output_format\": \"ndjson\"},"
	     "{\"interface\": \"b\", \"namespace\": \"blue\", \"output_file\": \"y\","
	     " \"output_format\": \"ndjson\"}]}",
	     &config);
	assert_int_equal(config.count, 4);
	assert_string_equal(config.instances[0].output_file, config.instances[1].output_file);
	assert_string_equal(config.instances[2].name, "blue--a");
}

static void reads_limits(void **state)
{
	_cleanup_config_ struct config config = {0};
	const struct config_limit *limit;

	(void)state;
	take(WITH(", \"limits\": ["
		  "{\"bytes\": \"100G\"},"
		  "{\"source\": \"host--*\", \"host\": \"10.0.0.0/8\", \"period\": \"billing\","
		  " \"direction\": \"in\", \"bytes\": 5, \"at\": [50, 150],"
		  " \"command\": [\"/bin/echo\", \"a b\", \"\"]},"
		  "{\"name\": \"mine\", \"host\": \"2001:db8::1\", \"period\": \"day\","
		  " \"direction\": \"out\", \"bytes\": \"1Ti\"}]"),
	     &config);
	assert_int_equal(config.limit_count, 3);
	limit = &config.limits[0];
	assert_string_equal(limit->name, "all month");
	assert_null(limit->source);
	assert_int_equal(limit->period, CONFIG_MONTH);
	assert_int_equal(limit->direction, CONFIG_BOTH);
	assert_true(limit->bytes == 100000000000ull);
	assert_int_equal(limit->percents, 3);
	assert_int_equal(limit->percent[0], 80);
	assert_int_equal(limit->percent[2], 100);
	assert_null(limit->command);
	limit = &config.limits[1];
	assert_string_equal(limit->name, "host--* 10.0.0.0/8 billing in");
	assert_int_equal(limit->period, CONFIG_BILLING);
	assert_int_equal(limit->percents, 2);
	assert_int_equal(limit->percent[1], 150);
	assert_string_equal(limit->command[1], "a b");
	assert_string_equal(limit->command[2], "");
	assert_null(limit->command[3]);
	limit = &config.limits[2];
	assert_string_equal(limit->name, "mine");
	assert_true(limit->bytes == 1ull << 40);
	assert_int_equal(limit->direction, CONFIG_OUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_that_of_the_first_tool),
		cmocka_unit_test(says_a_notice_once),
		cmocka_unit_test(has_defaults),
		cmocka_unit_test(fills_an_instance),
		cmocka_unit_test(knows_the_ways_of_xdp),
		cmocka_unit_test(takes_fractions_of_a_second),
		cmocka_unit_test(reads_the_history),
		cmocka_unit_test(may_do_without_a_socket),
		cmocka_unit_test(puts_files_where_they_belong),
		cmocka_unit_test(reads_the_standard_whitelist),
		cmocka_unit_test(lets_instances_share_a_file),
		cmocka_unit_test(reads_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

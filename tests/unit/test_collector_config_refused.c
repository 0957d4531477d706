// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong with a configuration, said in one sentence that names the place. */
#include "config_text.h"

static void refuses_what_is_no_configuration(void **state)
{
	(void)state;
	refuse("[]", "there must be an object, not a list");
	refuse("{}", "\"instances\" is missing");
	refuse("{\"instances\": {}}", "\"instances\" must be a list, not an object");
	refuse("{\"instances\": []}", "\"instances\": there must be 1 to 4096, not 0");
	refuse("{\"instances\": [7]}", "instance 1: there must be an object, not a number");
	refuse("{\"instances\": [null]}", "instance 1: there must be an object, not null");
	refuse("{\"instances\": [{}]}", "instance 1: \"interface\" is missing");
	refuse("{\"instances\": [{\"interface\": null}]}", "instance 1: \"interface\" is missing");
	refuse("{\"instances\": [{\"interface\": \"a\"}, {\"tag\": \"x\"}]}",
	       "instance 2 (\"x\"): \"interface\" is missing");
}

static void tells_line_and_column(void **state)
{
	const char *text = "{\n  \"instances\": [\n    {,}\n]}";
	struct config_error why = {""};
	struct config config;

	(void)state;
	assert_int_equal(config_parse(text, strlen(text), "/folder", &config, &why), -EINVAL);
	assert_non_null(strstr(why.text, "line 3"));
	assert_non_null(strstr(why.text, "column 6"));
	text = "{\"instances\": [], \"instances\": []}";
	assert_int_equal(config_parse(text, strlen(text), "/folder", &config, &why), -EINVAL);
	assert_non_null(strstr(why.text, "\"instances\""));
}

static void names_the_nearest_known_key(void **state)
{
	(void)state;
	refuse(WITH(", \"instance\": []"),
	       "unknown key \"instance\", the nearest known one is \"instances\"");
	refuse(INSTANCE(", \"max-flow\": 1"),
	       "instance 1 (\"eth0\"): unknown key \"max-flow\", the nearest known one is "
	       "\"max_flows\"");
	refuse(WITH(", \"performance_config\": {\"map_size\": {}}"),
	       "\"performance_config\": unknown key \"map_size\", the nearest known one is "
	       "\"map_sizes\"");
	refuse(WITH(", \"performance_config\": {\"map_sizes\": {\"x\\u001b\": 1}}"),
	       "\"performance_config\": \"map_sizes\": unknown key \"x\\x1b\", the nearest known "
	       "one is \"traffic_map\"");
	refuse(WITH(", \"history\": {\"retention\": {\"hours\": 1}}"),
	       "\"history\": \"retention\": unknown key \"hours\", the nearest known one is "
	       "\"hour\"");
	refuse(WITH(", \"limits\": [{\"byte\": 1}]"),
	       "limit 1: unknown key \"byte\", the nearest known one is \"bytes\"");
	/* features of other versions are keys like any other */
	refuse(WITH(", \"serve\": {}"),
	       "unknown key \"serve\", the nearest known one is \"socket\"");
}

static void checks_types(void **state)
{
	(void)state;
	refuse(INSTANCE(", \"max_flows\": \"many\""),
	       "instance 1 (\"eth0\"): \"max_flows\" must be a whole number, not a string");
	refuse(INSTANCE(", \"debug\": 1"),
	       "instance 1 (\"eth0\"): \"debug\" must be true or false, not a number");
	refuse(INSTANCE(", \"xdp\": 1"),
	       "instance 1 (\"eth0\"): \"xdp\" must be a string, not a number");
	refuse(INSTANCE(", \"namespace\": 7"),
	       "instance 1 (\"eth0\"): \"namespace\" must be a string or null, not a number");
	refuse(INSTANCE(", \"persist\": null"),
	       "instance 1 (\"eth0\"): \"persist\" must be true or false, not null");
	refuse(WITH(", \"polling_interval\": \"5\""),
	       "\"polling_interval\" must be a number of seconds, not a string");
	refuse(WITH(", \"history\": []"), "\"history\" must be an object, not a list");
	refuse(WITH(", \"history\": {\"path\": null}"),
	       "\"history\": \"path\" must be a string, not null");
	refuse(WITH(", \"history\": {\"max_size\": true}"),
	       "\"history\": \"max_size\" must be a number of bytes or a text like \"4G\", not "
	       "true or false");
	refuse(WITH(", \"socket\": true"), "\"socket\" must be a path, null or false");
	refuse(WITH(", \"anomalies\": \"yes\""),
	       "\"anomalies\" must be true or false, not a string");
}

static void checks_ranges(void **state)
{
	(void)state;
	refuse(INSTANCE(", \"max_flows\": 0"),
	       "instance 1 (\"eth0\"): \"max_flows\": \"0\" is not from 1 to 134217728");
	refuse(INSTANCE(", \"max_flows\": -1"),
	       "instance 1 (\"eth0\"): \"max_flows\": \"-1\" is not from 1 to 134217728");
	refuse(INSTANCE(", \"max_flows\": 1.5"),
	       "instance 1 (\"eth0\"): \"max_flows\": \"1.5\" is not from 1 to 134217728");
	refuse(INSTANCE(", \"max_sources\": 1"),
	       "instance 1 (\"eth0\"): \"max_sources\": \"1\" is not from 2 to 16384");
	refuse(WITH(", \"polling_interval\": 0.05"),
	       "\"polling_interval\": \"0.05\" is not from 0.1 to 86400 seconds");
	refuse(WITH(", \"polling_interval\": 86401"),
	       "\"polling_interval\": \"86401\" is not from 0.1 to 86400 seconds");
	refuse(WITH(", \"polling_interval\": 2, \"performance_config\": {\"polling_interval\": 3}"),
	       "\"performance_config\": \"polling_interval\" is there twice, and not the same");
	refuse(WITH(", \"billing\": {\"reset_day\": 32}"),
	       "\"billing\": \"reset_day\": \"32\" is not from 1 to 31");
	refuse(WITH(", \"history\": {\"retention\": {\"day\": \"61d\"}}"),
	       "\"history\": \"retention\": \"day\": \"61d\" is not 0 or from 5356800 to "
	       "3155760000 seconds");
	refuse(WITH(", \"history\": {\"max_size\": \"1 MiBs\"}"),
	       "\"history\": \"max_size\": \"1 MiBs\" is not a number with one of the units k, M, "
	       "G, T, P (1000), Ki, Mi, Gi, Ti, Pi (1024)");
	refuse(WITH(", \"history\": {\"max_size\": \"99999999P\"}"),
	       "\"history\": \"max_size\": \"99999999P\" is not 0 or from 1048576 to "
	       "4611686018427387904 bytes");
}

static void knows_the_words(void **state)
{
	(void)state;
	refuse(INSTANCE(", \"xdp\": \"tc\""),
	       "instance 1 (\"eth0\"): \"xdp\": \"tc\" is none of false, true, \"auto\", "
	       "\"native\", \"generic\"");
	refuse(INSTANCE(", \"xdp\": \"true\""),
	       "instance 1 (\"eth0\"): \"xdp\": \"true\" is none of false, true, \"auto\", "
	       "\"native\", \"generic\"");
	refuse(INSTANCE(", \"hook\": true"),
	       "instance 1 (\"eth0\"): \"hook\": \"true\" is none of \"auto\", \"clsact\", "
	       "\"tcx\"");
	refuse(INSTANCE(", \"key\": \"pair\""),
	       "instance 1 (\"eth0\"): \"key\": \"pair\" is none of \"total\", \"host\", "
	       "\"remote\", \"host-pair\", \"flow\"");
	refuse(INSTANCE(", \"output_format\": \"csv\""),
	       "instance 1 (\"eth0\"): \"output_format\": \"csv\" is none of \"json\", "
	       "\"ndjson\"");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"period\": \"week\"}]"),
	       "limit 1: \"period\": \"week\" is none of \"day\", \"month\", \"billing\"");
}

static void checks_names(void **state)
{
	(void)state;
	refuse(INSTANCE(", \"tag\": \"\""),
	       "instance 1 (\"\"): \"tag\": \"\": 1 to 63 letters, digits, '-', '_' and '.' are "
	       "allowed");
	refuse(INSTANCE(", \"tag\": \"a\\u001b[2J\""),
	       "instance 1 (\"a\\x1b[2J\"): \"tag\": \"a\\x1b[2J\": 1 to 63 letters, digits, '-', "
	       "'_' and '.' are allowed");
	refuse("{\"instances\": [{\"interface\": \"blue/eth0\"}]}",
	       "instance 1 (\"blue/eth0\"): \"interface\": there is a slash in \"blue/eth0\": the "
	       "namespace belongs into \"namespace\"");
	refuse("{\"instances\": [{\"interface\": \"a-rather-long-name\"}]}",
	       "instance 1 (\"a-rather-long-name\"): \"interface\": \"a-rather-long-name\" is too "
	       "long for an interface: at most 15 bytes");
	refuse("{\"instances\": [{\"interface\": \"eth0\", \"namespace\": \"pid:x\"}]}",
	       "instance 1 (\"eth0\"): \"namespace\": \"pid:x\" is not a process: pid: takes its "
	       "number, as in pid:4711/eth0");
	refuse(INSTANCE(", \"output_file\": \"\""),
	       "instance 1 (\"eth0\"): \"output_file\": \"\" is not the name of a file");
	refuse(INSTANCE(", \"output_file\": \"/tmp/\""),
	       "instance 1 (\"eth0\"): \"output_file\": \"/tmp/\" is not the name of a file");
}

#define TWO(one, two) "{\"instances\": [{" one "}, {" two "}]}"

static void keeps_instances_apart(void **state)
{
	(void)state;
	refuse(TWO("\"interface\": \"a\"", "\"interface\": \"a\", \"tag\": \"x\""),
	       "instance 2 (\"x\"): instance 1 counts at the same interface");
	refuse(TWO("\"interface\": \"a\", \"namespace\": null",
		   "\"interface\": \"a\", \"namespace\": \"\""),
	       "instance 2 (\"a\"): instance 1 counts at the same interface");
	refuse(TWO("\"interface\": \"a\", \"tag\": \"x\"", "\"interface\": \"b\", \"tag\": \"x\""),
	       "instance 2 (\"x\"): instance 1 is called \"x\" too: give them tags");
	refuse(TWO("\"interface\": \"a\"", "\"interface\": \"b\", \"tag\": \"host--a\""),
	       "instance 2 (\"host--a\"): instance 1 is called \"host--a\" too: give them tags");
	refuse(TWO("\"interface\": \"a\", \"output_file\": \"x\"",
		   "\"interface\": \"b\", \"output_file\": \"/var/log/netacct//x\", "
		   "\"output_format\": \"ndjson\""),
	       "instance 2 (\"b\"): \"output_format\": instance 1 writes the same file in "
	       "another");
}

static void writes_over_nothing_else(void **state)
{
	(void)state;
	refuse(INSTANCE(", \"output_file\": \"/var/lib/netacct/history.db\""),
	       "instance 1 (\"eth0\"): \"output_file\": \"/var/lib/netacct/history.db\" is the "
	       "history");
	refuse(INSTANCE(", \"output_file\": \"/run/netacct/netacct.sock\""),
	       "instance 1 (\"eth0\"): \"output_file\": \"/run/netacct/netacct.sock\" is the "
	       "socket");
	refuse(TWO("\"interface\": \"a\", \"output_file\": \"./w\"",
		   "\"interface\": \"b\", \"whitelist_file\": \"/folder/w\""),
	       "instance 1 (\"a\"): \"output_file\": \"/folder/w\" is a whitelist");
}

static void checks_limits(void **state)
{
	(void)state;
	refuse(WITH(", \"limits\": [{\"name\": \"x\"}]"), "limit 1 (\"x\"): \"bytes\" is missing");
	refuse(WITH(", \"limits\": [7]"), "limit 1: there must be an object, not a number");
	refuse(WITH(", \"limits\": [{\"bytes\": 0}]"),
	       "limit 1: \"bytes\": \"0\" is not from 1 to 4611686018427387904 bytes");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"at\": []}]"),
	       "limit 1: \"at\": there must be 1 to 8 percentages, not 0");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"at\": [80, 80]}]"),
	       "limit 1: \"at\": each percentage must be above the one before it");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"at\": [80.5]}]"),
	       "limit 1: \"at\" must hold whole numbers from 1 to 1000 (percent)");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"command\": [\"mail\"]}]"),
	       "limit 1: \"command\": \"mail\" must be the absolute path of a program; no shell "
	       "looks for it");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"command\": [\"/bin/true\", 7]}]"),
	       "limit 1: \"command\" holds a number where there must be a string");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"command\": []}]"),
	       "limit 1: \"command\": there must be a program and at most 255 arguments");
	refuse(WITH(", \"limits\": [{\"bytes\": 1, \"name\": \"\"}]"),
	       "limit 1 (\"\"): \"name\" must not be empty");
	refuse(WITH(", \"limits\": [{\"bytes\": 1}, {\"bytes\": 2}]"),
	       "limit 2: limit 1 is called \"all month\" too: give them different names");
}

static void checks_hosts_of_limits(void **state)
{
	struct config_error why = {""};
	struct config config;
	const char *text = WITH(", \"limits\": [{\"bytes\": 1, \"host\": \"10.0.0.1/8\"}]");

	(void)state;
	assert_int_equal(config_parse(text, strlen(text), "/folder", &config, &why), -EINVAL);
	assert_non_null(strstr(why.text, "limit 1: \"host\": \"10.0.0.1/8\": "));
	assert_non_null(strstr(why.text, "10.0.0.0/8"));
}

/* json-c shows what did not fit as the nearest that does. */
static void numbers_may_be_of_any_length(void **state)
{
	struct config_error why = {""};
	struct config config;
	const char *text = INSTANCE(", \"max_flows\": 99999999999999999999");

	(void)state;
	assert_int_equal(config_parse(text, strlen(text), "/folder", &config, &why), -EINVAL);
	assert_non_null(strstr(why.text, "instance 1 (\"eth0\"): \"max_flows\": \""));
	assert_non_null(strstr(why.text, "\" is not from 1 to 134217728"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_no_configuration),
		cmocka_unit_test(tells_line_and_column),
		cmocka_unit_test(names_the_nearest_known_key),
		cmocka_unit_test(checks_types),
		cmocka_unit_test(checks_ranges),
		cmocka_unit_test(knows_the_words),
		cmocka_unit_test(checks_names),
		cmocka_unit_test(keeps_instances_apart),
		cmocka_unit_test(writes_over_nothing_else),
		cmocka_unit_test(checks_limits),
		cmocka_unit_test(checks_hosts_of_limits),
		cmocka_unit_test(numbers_may_be_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

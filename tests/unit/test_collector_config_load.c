// SPDX-License-Identifier: GPL-2.0-or-later
/* Configurations from files and from the command line, the example, and the ids they name. */
#define _GNU_SOURCE
#include "config_text.h"

#include <ftw.h>
#include <netacct/cleanup.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/collector/config_units.h"
#include "../../src/meter/whitelist.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/netacct-config-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static char *in_folder(const char *name)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void loads_a_file(void **state)
{
	_cleanup_free_ char *path = in_folder("a.json"), *output = in_folder("out.json");
	_cleanup_config_ struct config config = {0};
	struct config_error why = {""};

	(void)state;
	write_file(path, INSTANCE(", \"output_file\": \"./out.json\""));
	assert_int_equal(config_load(path, &config, &why), 0);
	assert_string_equal(config.path, path);
	assert_string_equal(config.instances[0].output_file, output);
}

static void paths_are_absolute_wherever_one_stands(void **state)
{
	_cleanup_free_ char *path = in_folder("a.json"), *output = in_folder("x/out.json");
	_cleanup_free_ char *here = getcwd(NULL, 0);
	_cleanup_config_ struct config config = {0};
	struct config_error why = {""};
	int error;

	(void)state;
	write_file(path, INSTANCE(", \"output_file\": \"x/out.json\""));
	assert_non_null(here);
	assert_int_equal(chdir(folder), 0);
	error = config_load("./a.json", &config, &why);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(error, 0);
	assert_string_equal(config.path, path);
	assert_string_equal(config.instances[0].output_file, output);
}

static void never_writes_over_itself(void **state)
{
	_cleanup_free_ char *path = in_folder("a.json");
	struct config_error why = {""};
	struct config config;

	(void)state;
	write_file(path, INSTANCE(", \"output_file\": \"./a.json\""));
	assert_int_equal(config_load(path, &config, &why), -EINVAL);
	assert_non_null(strstr(why.text, "is the configuration itself"));
}

static void says_why_a_file_cannot_be_read(void **state)
{
	struct config_error why = {""};
	struct config config;

	(void)state;
	assert_int_equal(config_load("/nowhere/netacct.json", &config, &why), -ENOENT);
	assert_non_null(strstr(why.text, strerror(ENOENT)));
	assert_int_equal(config_load(folder, &config, &why), -EISDIR);
}

static void example_works_as_it_is(void **state)
{
	_cleanup_free_ char *place = in_folder("new"), *path = in_folder("new/netacct.json");
	_cleanup_free_ char *list = in_folder("new/whitelist.json");
	_cleanup_config_ struct config config = {0};
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	struct whitelist_error problem = {""};
	struct config_error why = {""};

	(void)state;
	assert_int_equal(config_write_example(place, &why), 0);
	if (config_load(path, &config, &why))
		fail_msg("%s", why.text);
	assert_int_equal(config.notice_count, 0);
	assert_true(config.count >= 1 && config.limit_count >= 1);
	assert_string_equal(config.instances[0].whitelist_file, list);
	if (whitelist_load(config.instances[0].whitelist_file, &whitelist, &problem))
		fail_msg("%s", problem.text);
	assert_true(whitelist.listed > 0);
	/* what it says of the history is what holds anyhow, or keeps more */
	assert_true(config.history_settings.max_size >= 1u << 30);
}

static void example_overwrites_nothing(void **state)
{
	_cleanup_free_ char *path = in_folder("whitelist.json"), *other = in_folder("netacct.json");
	struct config_error why = {""};
	struct stat status;

	(void)state;
	write_file(path, "mine");
	assert_int_equal(config_write_example(folder, &why), -EEXIST);
	assert_non_null(strstr(why.text, "whitelist.json"));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 4);
	assert_int_equal(stat(other, &status), -1);
	assert_int_equal(config_write_example("/nowhere/at/all", &why), -ENOENT);
	assert_true(strlen(why.text) > 0);
}

static void takes_an_interface(void **state)
{
	_cleanup_free_ char *here = getcwd(NULL, 0), *output = NULL;
	_cleanup_config_ struct config config = {0}, other = {0};
	struct config_error why = {""};

	(void)state;
	assert_non_null(here);
	assert_true(asprintf(&output, "%s/out.json", here) > 0);
	assert_int_equal(config_of_interface("blue", "eth0", "out.json", "/w.json", &config, &why),
			 0);
	assert_null(config.path);
	assert_int_equal(config.count, 1);
	assert_string_equal(config.instances[0].name, "blue--eth0");
	assert_string_equal(config.instances[0].namespace, "blue");
	assert_string_equal(config.instances[0].output_file, output);
	assert_string_equal(config.instances[0].whitelist_file, "/w.json");
	assert_int_equal(config.instances[0].max_flows, 65536);
	assert_true(config.polling_interval == 5 * SECOND);
	assert_int_equal(config_of_interface(NULL, "pid:7/eth0", NULL, NULL, &other, &why), 0);
	assert_string_equal(other.instances[0].namespace, "pid:7");
	assert_string_equal(other.instances[0].interface, "eth0");
	assert_null(other.instances[0].output_file);
}

static void refuse_interface(const char *netns, const char *interface, const char *expected)
{
	struct config_error why = {""};
	struct config config;

	assert_int_equal(config_of_interface(netns, interface, NULL, NULL, &config, &why), -EINVAL);
	if (!strstr(why.text, expected))
		fail_msg("no '%s' in '%s'", expected, why.text);
}

static void refuses_what_is_no_interface(void **state)
{
	(void)state;
	refuse_interface(NULL, "", "empty");
	refuse_interface(NULL, "/eth0", "empty");
	refuse_interface(NULL, "blue/", "empty");
	refuse_interface("red", "blue/eth0", "so does --netns \"red\"");
	refuse_interface(NULL, "a b", "white space");
	refuse_interface("pid:", "a", "not a process");
}

static void names_ids(void **state)
{
	static const struct {
		const char *id;
		bool named;
	} rows[] = {
		{"host--eth0", true},	   {"host--eth1", false}, {"blue--eth0", false},
		{"blue--veth7", true},	   {"blue--lo", false},	  {"red--veth7", false},
		{"green--br0", true},	   {"green--br1", false}, {"net-4026532--p0", true},
		{"host--p0", true},	   {"gold--lo", true},	  {"grey--anything", true},
		{"host--anything", false}, {"", false},
	};
	_cleanup_config_ struct config config = {0};

	(void)state;
	take("{\"instances\": [{\"interface\": \"eth0\", \"tag\": \"x\"},"
	     "{\"interface\": \"veth*\", \"namespace\": \"blue\"},"
	     "{\"interface\": \"*o\", \"namespace\": \"blue\"},"
	     "{\"interface\": \"br0\", \"namespace\": \"/run/netns/green\"},"
	     "{\"interface\": \"p0\", \"namespace\": \"pid:1\"},"
	     "{\"interface\": \"lo*\", \"namespace\": \"go*\"},"
	     "{\"interface\": \"@default\", \"namespace\": \"grey\"}]}",
	     &config);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (config_names(&config, rows[i].id) != rows[i].named)
			fail_msg("'%s'", rows[i].id);
}

static void knows_units(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} sizes[] = {
		{"0", 0},
		{"7B", 7},
		{"1k", 1000},
		{"1K", 1000},
		{"2KiB", 2048},
		{"100G", 100000000000},
		{"4GB", 4000000000},
		{"1.5 Mi", 1572864},
		{"0.125P", 125000000000000},
		{"1Pi", 1ull << 50},
	};
	static const struct {
		const char *text;
		uint64_t value;
	} durations[] = {{"7", 7},	    {"7s", 7},	     {"15min", 900},	  {"12h", 43200},
			 {"30 d", 2592000}, {"2w", 1209600}, {"3month", 8035200}, {"1y", 31622400},
			 {"1.5h", 5400}};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		assert_int_equal(config_parse_size(sizes[i].text, &value), 0);
		assert_true(value == sizes[i].value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		assert_int_equal(config_parse_duration(durations[i].text, &value), 0);
		assert_true(value == durations[i].value);
	}
}

static void knows_what_is_no_unit(void **state)
{
	static const char *const wrong[] = {"",	   "G",	 " 1",	 "-1",	 "1.",	".5", "1.2345",
					    "1GX", "1i", "1  k", "1 k ", "0x1", "1e5"};
	uint64_t value = 5;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(config_parse_size(wrong[i], &value), -EINVAL);
		assert_int_equal(config_parse_duration(wrong[i], &value), -EINVAL);
	}
	assert_int_equal(config_parse_size("99999999999999999999", &value), -EINVAL);
	assert_int_equal(config_parse_size("18446744073709551615", &value), 0);
	assert_int_equal(config_parse_size("18446744073709551615k", &value), -ERANGE);
	assert_int_equal(config_parse_duration("1m", &value), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(loads_a_file, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(paths_are_absolute_wherever_one_stands, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(never_writes_over_itself, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(says_why_a_file_cannot_be_read, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(example_works_as_it_is, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(example_overwrites_nothing, make_folder,
						remove_folder),
		cmocka_unit_test(takes_an_interface),
		cmocka_unit_test(refuses_what_is_no_interface),
		cmocka_unit_test(names_ids),
		cmocka_unit_test(knows_units),
		cmocka_unit_test(knows_what_is_no_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The interfaces that a collector's configuration names, and what is no configuration. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/cmd/config_sources.h"

static char path[64];

static int make_file(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/netacct-config-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static int load(const char *text, struct config_sources *ret, struct config_error *why)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
	*why = (struct config_error){.text = ""};
	return config_sources_load(path, ret, why);
}

static void refuse(const char *text, const char *expected)
{
	struct config_sources sources = {0};
	struct config_error why;

	assert_int_equal(load(text, &sources, &why), -EINVAL);
	if (!strstr(why.text, expected))
		fail_msg("no '%s' in '%s'", expected, why.text);
	assert_null(sources.patterns);
}

static void refuses_what_is_no_configuration(void **state)
{
	(void)state;
	refuse("", "");
	refuse("instances", "");
	refuse("{\"instances\": [", "");
	refuse("[]", "no array \"instances\"");
	refuse("{}", "no array \"instances\"");
	refuse("{\"instances\": {}}", "no array \"instances\"");
	refuse("{\"instances\": [7]}", "instance 1: not an object");
	refuse("{\"instances\": [{\"interface\": \"a\"}, {}]}",
	       "instance 2: \"interface\" is missing");
	refuse("{\"instances\": [{\"interface\": 7}]}", "instance 1: \"interface\"");
	refuse("{\"instances\": [{\"interface\": \"a\", \"namespace\": 7}]}",
	       "instance 1: \"namespace\"");
}

static void says_why_a_file_cannot_be_read(void **state)
{
	struct config_sources sources = {0};
	struct config_error why = {""};

	(void)state;
	assert_int_equal(config_sources_load("/nowhere/netacct.json", &sources, &why), -ENOENT);
	assert_non_null(strstr(why.text, strerror(ENOENT)));
	assert_null(sources.patterns);
}

static void matches_ids(void **state)
{
	struct config_sources sources = {0};
	struct config_error why;

	(void)state;
	assert_int_equal(
		load("{\"instances\": ["
		     "{\"interface\": \"eth0\"},"
		     "{\"interface\": \"eth1\", \"namespace\": null},"
		     "{\"interface\": \"veth*\", \"namespace\": \"blue\", \"tag\": \"x\"}]}",
		     &sources, &why),
		0);
	assert_int_equal(sources.count, 3);
	assert_true(config_sources_match(&sources, "host--eth0"));
	assert_true(config_sources_match(&sources, "host--eth1"));
	assert_true(config_sources_match(&sources, "blue--veth7"));
	assert_false(config_sources_match(&sources, "blue--eth0"));
	assert_false(config_sources_match(&sources, "host--veth7"));
	assert_false(config_sources_match(&sources, ""));
	config_sources_clear(&sources);
	assert_null(sources.patterns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses_what_is_no_configuration, make_file,
						remove_file),
		cmocka_unit_test(says_why_a_file_cannot_be_read),
		cmocka_unit_test_setup_teardown(matches_ids, make_file, remove_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

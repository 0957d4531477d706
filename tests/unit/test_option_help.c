/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help that is made of an option table. */
#include "option_sample.h"

#include <ctype.h>

/* Where the help text begins: behind two spaces after the label. */
static long text_column(const char *line)
{
	const char *label = line + strspn(line, " ");
	const char *text = strstr(label, "  ");

	assert_non_null(text);
	return text + strspn(text, " ") - line;
}

static void check_option_line(const char *line)
{
	static long column;

	if (strstr(line, "--all"))
		column = text_column(line);
	assert_true(strlen(line) <= 100);
	assert_true(isspace((unsigned char)line[0]));
	assert_int_equal(text_column(line), column);
}

static void test_help(void **state)
{
	char *rest = NULL;
	size_t options = 0;

	(void)state;
	assert_int_equal(parse_to(stdout, &table, (const char *const[]){"-ah", "--foo", NULL}), 0);
	assert_non_null(strstr(output, "usage: netacct attach [OPTION]... SOURCE...\n"));
	assert_non_null(strstr(output, "\n  -n, --netns=NS "));
	assert_non_null(strstr(output, "\n  -m, --mode[=MODE] "));
	assert_non_null(strstr(output, "\n      --even=TEXT "));
	assert_non_null(strstr(output, "flows that have room (default: 65536)\n"));
	assert_non_null(strstr(output, "\n  -h, --help "));
	assert_non_null(strstr(output, "\n  -v, --verbose "));
	assert_non_null(strstr(output, "\n  -V, --version "));
	assert_non_null(strstr(output, "\nA note.\n"));
	for (char *line = strtok_r(output, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] != ' ')
			continue;
		check_option_line(line);
		options++;
	}
	assert_int_equal(options, ARRAY_SIZE(rows) + 3);
}

static void test_version(void **state)
{
	(void)state;
	assert_int_equal(parse_to(stdout, &table, (const char *const[]){"--version", NULL}), 0);
	assert_int_equal(strncmp(output, "netacct ", 8), 0);
	assert_non_null(strstr(output, ", ABI 2, libbpf "));
	assert_non_null(strstr(output, ", features: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

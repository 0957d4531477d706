/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option parser: GNU's syntax, the ranges, and the words said. */
#include "option_sample.h"

#include "../../src/cmd/message.h"

static void assert_arguments(const char *first, const char *second, size_t count)
{
	assert_int_equal(arguments.count, count);
	if (count > 0)
		assert_string_equal(arguments.values[0], first);
	if (count > 1)
		assert_string_equal(arguments.values[1], second);
}

static void test_nothing_given_keeps_the_defaults(void **state)
{
	(void)state;
	assert_int_equal(parse("eth0"), OPTIONS_RUN);
	assert_int_equal(fields.flows, 7);
	assert_null(fields.netns);
	assert_false(fields.all);
	assert_arguments("eth0", NULL, 1);
}

static void test_long(void **state)
{
	(void)state;
	assert_int_equal(parse("--netns=blue", "--max-flows", "9", "--all"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "blue");
	assert_int_equal(fields.flows, 9);
	assert_true(fields.all);
	assert_int_equal(parse("--netns=a=b"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "a=b");
	assert_int_equal(parse("--netns="), OPTIONS_RUN);
	assert_string_equal(fields.netns, "");
	assert_int_equal(parse("--netns", "--all"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "--all");
	assert_false(fields.all);
}

static void test_short_and_bundled(void **state)
{
	(void)state;
	assert_int_equal(parse("-nblue", "-f", "9"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "blue");
	assert_int_equal(fields.flows, 9);
	assert_int_equal(parse("-aqnblue"), OPTIONS_RUN);
	assert_true(fields.all && fields.quiet);
	assert_string_equal(fields.netns, "blue");
	assert_int_equal(parse("-qn", "blue"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "blue");
}

static void test_optional_argument(void **state)
{
	(void)state;
	assert_int_equal(parse("--mode", "native"), OPTIONS_RUN);
	assert_int_equal(fields.mode, MODE_AUTO);
	assert_arguments("native", NULL, 1);
	assert_int_equal(parse("--mode=native"), OPTIONS_RUN);
	assert_int_equal(fields.mode, MODE_NATIVE);
	assert_int_equal(parse("-mnative"), OPTIONS_RUN);
	assert_int_equal(fields.mode, MODE_NATIVE);
	assert_int_equal(parse("-m"), OPTIONS_RUN);
	assert_int_equal(fields.mode, MODE_AUTO);
}

static void test_order_and_end(void **state)
{
	(void)state;
	assert_int_equal(parse("eth0", "-a", "eth1", "--netns=b"), OPTIONS_RUN);
	assert_arguments("eth0", "eth1", 2);
	assert_true(fields.all);
	assert_int_equal(parse("-q", "--", "-a", "--netns"), OPTIONS_RUN);
	assert_arguments("-a", "--netns", 2);
	assert_false(fields.all);
	assert_int_equal(parse("-", "-a"), OPTIONS_RUN);
	assert_arguments("-", NULL, 1);
	assert_int_equal(parse("-n", "--", "--", "--"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "--");
	assert_arguments("--", NULL, 1);
	assert_int_equal(parse("-nblue", "-nred"), OPTIONS_RUN);
	assert_string_equal(fields.netns, "red");
}

static void assert_refused(int status, const char *line)
{
	assert_int_equal(status, 2);
	assert_string_equal(output, line);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_refused(parse("--foo"), "netacct: attach: --foo: no such option "
				       "(see 'netacct attach --help')\n");
	assert_refused(parse("--foo=1"), "netacct: attach: --foo: no such option "
					 "(see 'netacct attach --help')\n");
	assert_refused(parse("-aZ"), "netacct: attach: -Z: no such option "
				     "(see 'netacct attach --help')\n");
	assert_refused(parse("-\033"), "netacct: attach: -\\x1b: no such option "
				       "(see 'netacct attach --help')\n");
}

static void test_never_by_prefix(void **state)
{
	(void)state;
	assert_int_equal(parse("--al"), 2);
	assert_int_equal(parse("--alll"), 2);
	assert_int_equal(parse("--net=blue"), 2);
	assert_int_equal(parse("--verb"), 2);
	assert_int_equal(parse("--=blue"), 2);
}

static void test_arguments_of_options(void **state)
{
	(void)state;
	assert_refused(parse("--all=1"), "netacct: attach: --all: takes no argument\n");
	assert_refused(parse("--netns"), "netacct: attach: --netns: needs an argument, NS "
					 "(see 'netacct attach --help')\n");
	assert_refused(parse("-n"), "netacct: attach: -n: needs an argument, NS "
				    "(see 'netacct attach --help')\n");
	assert_refused(parse("--mode=foo"),
		       "netacct: attach: --mode: 'foo' is none of auto, native\n");
	assert_refused(parse("--mode=aut"),
		       "netacct: attach: --mode: 'aut' is none of auto, native\n");
	assert_refused(parse("--even=odd"), "netacct: attach: --even: 'odd' is odd\n");
	assert_refused(parse("--even=general"),
		       "netacct: attach: --even: 'general' is not valid\n");
	assert_int_equal(parse("--even=even"), OPTIONS_RUN);
	assert_string_equal(fields.even, "even");
}

static void test_numbers(void **state)
{
	static const char *const wrong[] = {"",	   "1",	  "1001", "-5",	 "+5",
					    " 5",  "5 ",  "0x5",  "5k",	 "18446744073709551616",
					    "1e2", "abc", "5.0",  "5\n", "18446744073709551618"};

	(void)state;
	assert_int_equal(parse("-f", "2"), OPTIONS_RUN);
	assert_int_equal(parse("-f", "1000"), OPTIONS_RUN);
	assert_int_equal(fields.flows, 1000);
	assert_int_equal(parse("-f", "0010"), OPTIONS_RUN);
	assert_int_equal(fields.flows, 10);
	assert_int_equal(parse("--top=4294967295"), OPTIONS_RUN);
	assert_int_equal(fields.top, UINT32_MAX);
	assert_int_equal(fields.next_to_top, 0);
	assert_int_equal(parse("--top=4294967296"), 2);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(parse("--max-flows", wrong[i]), 2);
		assert_int_equal(fields.flows, 7);
		assert_non_null(strstr(output, "is not a number from 2 to 1000\n"));
	}
	assert_refused(parse("-f1001"),
		       "netacct: attach: -f: '1001' is not a number from 2 to 1000\n");
}

static void test_number_of_arguments(void **state)
{
	struct option_table strict = table;

	(void)state;
	strict.arguments_min = 1;
	assert_refused(parse("a", "b", "c", "d"), "netacct: attach: d: one argument too many "
						  "(see 'netacct attach --help')\n");
	assert_int_equal(parse_to(stderr, &strict, (const char *const[]){"-a", NULL}), 2);
	assert_string_equal(output, "netacct: attach: needs SOURCE... "
				    "(see 'netacct attach --help')\n");
	assert_int_equal(parse_to(stderr, &strict, (const char *const[]){"a", NULL}), OPTIONS_RUN);
}

/* The level only rises, so this one is the last. */
static void test_verbose(void **state)
{
	(void)state;
	assert_int_equal(parse("-a"), OPTIONS_RUN);
	assert_int_equal(message_level(), MESSAGE_QUIET);
	assert_int_equal(parse("--verbose"), OPTIONS_RUN);
	assert_int_equal(message_level(), MESSAGE_STEPS);
	assert_int_equal(parse("-avq"), OPTIONS_RUN);
	assert_int_equal(message_level(), MESSAGE_DETAILS);
	assert_true(fields.quiet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_given_keeps_the_defaults),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_short_and_bundled),
		cmocka_unit_test(test_optional_argument),
		cmocka_unit_test(test_order_and_end),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_never_by_prefix),
		cmocka_unit_test(test_arguments_of_options),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_number_of_arguments),
		cmocka_unit_test(test_verbose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whitelists that are not JSON, or cut short, spoiled, nested too deep: said where, and nothing
 * taken. */
#include "whitelist_text.h"

static void refuses_what_is_not_json(void **state)
{
	static const struct {
		const char *text, *sentence;
	} rows[] = {
		{"{", "line 1, column 2: the text ends too early"},
		{"{\n  \"ü\": oops}", "line 2, column 8: unexpected character"},
		{"{\"whitelist\":{}} x", "line 1, column 18: unexpected character"},
		{"{\"whitelist\":{}}{}", "line 1, column 17: unexpected character"},
		{"{\"whitelist\":{},}", "line 1, column 17: unexpected character"},
		{"/* no */ {\"whitelist\":{}}", "line 1, column 1: unexpected character"},
		{"{'whitelist':{}}", "line 1, column 2: unexpected character"},
		{"\xef\xbb\xbf{\"whitelist\":{}}", "line 1, column 1: unexpected character"},
		{"{\"a\":NaN}", "line 1, column 6: unexpected character"},
		{"{\"a\":Infinity}", "line 1, column 6: unexpected character"},
		{"{\"a\":-01}", "line 1, column 6: not a number"},
		{"{\"a\":1.}", "line 1, column 7: not a number"},
		{"{\"a\":\"\x01\"}", "line 1, column 7: a control character in a string"},
		{"{\"a\":\"\n\"}", "line 1, column 7: a control character in a string"},
		{"{\"a\":\"\xff\"}", "line 1, column 7: not UTF-8"},
		{"{\"a\":\"\xc0\x80\"}", "line 1, column 7: not UTF-8"},
		{"{\"enabled\\u0000x\":1}", "line 1, column 10: a NUL (\\u0000) in a string"},
		{"{\"a\":{},\n \"b\":{}, \"a\":{}}",
		 "line 2, column 10: \"a\" is there twice in one object"},
		{"{\"x\":[{\"a\":\"}\\\"{\",\"b\":1},{\"b\":2 , \"b\" : 3}]}",
		 "line 1, column 35: \"b\" is there twice in one object"},
		{"{\"a\":1,\"\\u0061\":2}",
		 "a name is there twice in one object, once with an escape (\\u…)"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		refuse(rows[i].text, strlen(rows[i].text), rows[i].sentence);
	refuse("{\"a\":\"\0\"}", 9, "line 1, column 7: a NUL byte");
	refuse("{\"whitelist\":{}}\0", 17, "line 1, column 17: a NUL byte");
}

static void accepts_escapes(void **state)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};

	(void)state;
	/* an escaped backslash before u0000 is no NUL; equal names in different objects are fine */
	take("{\"whitelist\":{\"a\":{\"description\":\"\\\\u0000 \\\" \\ud83d\\ude00 '\"},\"b\":{"
	     "\"description\":{\"description\":1}}}}",
	     &whitelist);
}

/* `count` containers around nothing, as the description of a good file. */
static char *nested(size_t count)
{
	static const char head[] = "{\"metadata\":{\"description\":",
			  tail[] = "},\"whitelist\":{}}";
	char *text = calloc(1, sizeof(head) + sizeof(tail) + 2 * count);

	assert_non_null(text);
	strcpy(text, head);
	memset(text + strlen(head), '[', count);
	memset(text + strlen(head) + count, ']', count);
	strcpy(text + strlen(head) + 2 * count, tail);
	return text;
}

static void bounds_the_depth(void **state)
{
	_cleanup_free_ char *deepest = nested(WHITELIST_DEPTH_MAX - 2);
	_cleanup_free_ char *deeper = nested(WHITELIST_DEPTH_MAX - 1);
	_cleanup_free_ char *bomb = nested(4 << 20);
	_cleanup_whitelist_ struct whitelist whitelist = {0};

	(void)state;
	take(deepest, &whitelist);
	refuse(deeper, strlen(deeper), "line 1, column 58: nested deeper than 32 levels");
	refuse(bomb, strlen(bomb), "line 1, column 58: nested deeper than 32 levels");
}

static void survives_every_truncation(void **state)
{
	size_t last = strlen(example) - 2; /* of the brace that closes it */
	struct whitelist_error why;

	(void)state;
	for (size_t length = 0; length <= last; length++) {
		struct whitelist whitelist, before;

		memset(&whitelist, 0x55, sizeof(whitelist));
		before = whitelist;
		assert_int_equal(parse(example, length, &whitelist, &why), -EINVAL);
		assert_memory_equal(&whitelist, &before, sizeof(whitelist));
		assert_int_equal(strncmp(why.text, "line ", 5), 0);
	}
}

static void survives_every_spoiled_byte(void **state)
{
	static const char spoilers[] = "\0\x01\"\\{}[],:0/\x80\xff";

	(void)state;
	for (size_t i = 0; i < (sizeof(example) - 1) * (sizeof(spoilers) - 1); i++) {
		_cleanup_whitelist_ struct whitelist whitelist = {0};
		struct whitelist_error why;
		char text[sizeof(example)];

		memcpy(text, example, sizeof(example));
		text[i / (sizeof(spoilers) - 1)] = spoilers[i % (sizeof(spoilers) - 1)];
		if (parse(text, strlen(example), &whitelist, &why) == 0)
			assert_int_equal(whitelist.listed, 4);
		else
			assert_null(whitelist.prefixes);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_not_json),
		cmocka_unit_test(accepts_escapes),
		cmocka_unit_test(bounds_the_depth),
		cmocka_unit_test(survives_every_truncation),
		cmocka_unit_test(survives_every_spoiled_byte),
	};

	return cmocka_run_group_tests_name("whitelist json", tests, NULL, NULL);
}

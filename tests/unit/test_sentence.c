/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences, and text from outside that is to stand in one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../../src/source/sentence.h"
#include "../../src/record/utf8.h"

static void makes_text_fit_for_sentences(void **state)
{
	char long_text[400], cut[12] = "";
	struct quoted quoted;

	(void)state;
	assert_string_equal(quote("").text, "\"\"");
	assert_string_equal(quote("grün \xf0\x9f\x90\xa7").text, "\"grün \xf0\x9f\x90\xa7\"");
	assert_string_equal(quote("a\"b\\c").text, "\"a\\\"b\\\\c\"");
	assert_string_equal(quote("\033[2J\n\x7f\xc2\x9b").text,
			    "\"\\x1b[2J\\x0a\\x7f\\xc2\\x9b\"");
	assert_string_equal(quote("\xff\xc3").text, "\"\\xff\\xc3\"");
	assert_string_equal(quote_bytes("a\0b", 3).text, "\"a\\x00b\"");
	for (size_t length = 0; length < sizeof(long_text) - 1; length++) {
		memset(long_text, length % 2 ? 'x' : '\033', length);
		long_text[length] = '\0';
		quoted = quote(long_text);
		assert_true(strlen(quoted.text) < sizeof(quoted.text));
		assert_int_equal(quoted.text[strlen(quoted.text) - 1], '"');
	}
	assert_non_null(strstr(quoted.text, "…\""));
	assert_int_equal(sentence(cut, sizeof(cut), -ENOENT, "%s", "0123456789abcdef"), -ENOENT);
	assert_string_equal(cut, "0123456789a");
	sentence_append(cut, sizeof(cut), "more");
	assert_string_equal(cut, "0123456789a");
}

static void tells_utf8_from_other_bytes(void **state)
{
	static const struct {
		const char *text;
		size_t length, expected;
	} rows[] = {
		{"a", 1, 1},
		{"\0", 1, 1},
		{"\xc3\xbc", 2, 2},
		{"\xc3\xbc", 1, 0},
		{"\xe2\x98\x83", 3, 3},
		{"\xe2\x98", 2, 0},
		{"\xe2\x98x", 3, 0},
		{"\xf0\x9f\x90\xa7", 4, 4},
		{"\xf0\x9f\x90\x27", 4, 0},
		{"\x80", 1, 0},
		{"\xc0\x80", 2, 0}, /* overlong */
		{"\xe0\x80\x80", 3, 0},
		{"\xed\xa0\x80", 3, 0}, /* a surrogate */
		{"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
		{"\xf4\x8f\xbf\xbf", 4, 4},
		{"\xff", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *exact = malloc(rows[i].length);

		assert_non_null(exact);
		memcpy(exact, rows[i].text, rows[i].length);
		assert_int_equal(utf8_sequence(exact, rows[i].length), rows[i].expected);
		free(exact);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_text_fit_for_sentences),
		cmocka_unit_test(tells_utf8_from_other_bytes),
	};

	return cmocka_run_group_tests_name("sentence", tests, NULL, NULL);
}

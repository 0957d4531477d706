// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <netacct/cleanup.h>

#include "../../src/output/buffer.h"
#include "../../src/output/escape.h"
#include "../../src/output/human.h"
#include "sample.h"

static void check_number(uint64_t number)
{
	char text[NUMBER_WRITE_MAX + 1], expected[NUMBER_WRITE_MAX + 1];

	*number_write(text, number) = '\0';
	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	assert_string_equal(text, expected);
}

static void writes_numbers(void **state)
{
	uint64_t power;

	(void)state;
	check_number(0);
	check_number(1ull << 53);
	check_number(UINT64_MAX);
	for (power = 1; power && power <= UINT64_MAX / 10; power *= 10) {
		check_number(power - 1);
		check_number(power);
		check_number(power + 1);
	}
	for (power = 1; power; power <<= 1) {
		check_number(power - 1);
		check_number(power);
	}
	check_number(10000000000000000000ull);
	check_number(9999999999999999999ull);
}

static char *escaped(void escape(struct buffer *, const char *, size_t), const char *text,
		     size_t length)
{
	struct buffer *buffer = buffer_new(NULL);
	char *ret;

	assert_non_null(buffer);
	escape(buffer, text, length);
	assert_int_equal(buffer->error, 0);
	ret = strndup(buffer->data, buffer->used);
	free(buffer);
	return ret;
}

/* The string as a strict parser reads it back. */
static void check_json(const char *text, size_t length, const char *expected,
		       size_t expected_length)
{
	struct json_tokener *tokener = json_tokener_new();
	char *json = escaped(escape_json, text, length);
	struct json_object *object;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, json, (int)strlen(json) + 1);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	assert_int_equal(json_object_get_string_len(object), expected_length);
	assert_memory_equal(json_object_get_string(object), expected, expected_length);
	json_object_put(object);
	json_tokener_free(tokener);
	free(json);
}

static void escapes_every_byte(void **state)
{
	char text[3] = "a?b", *json, *at;
	unsigned int byte;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		text[1] = (char)byte;
		if (byte < 0x80)
			check_json(text, 3, text, 3);
		else
			check_json(text, 3,
				   "a\xef\xbf\xbd"
				   "b",
				   5);
		json = escaped(escape_json, text, 3);
		for (at = json; *at; at++)
			assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
		free(json);
	}
	json = escaped(escape_json, "\"\\\x1b\x7f\n", 5);
	assert_string_equal(json, "\"\\\"\\\\\\u001b\\u007f\\n\"");
	free(json);
	json = escaped(escape_json, "\xc2\x9b\xc2\xa0", 4); /* CSI and a space */
	assert_string_equal(json, "\"\\u009b\xc2\xa0\"");
	free(json);
}

#define R "\xef\xbf\xbd"

static void replaces_what_is_not_utf8(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		 "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"\xe2\x80\xa8\xef\xbf\xbf", "\xe2\x80\xa8\xef\xbf\xbf"}, /* U+2028 may stand */
		{"\xc0\xaf", R R}, /* overlong */
		{"\xc1\xbf", R R},
		{"\xe0\x80\xaf", R R R},
		{"\xe0\x9f\xbf", R R R},
		{"\xf0\x80\x80\xaf", R R R R},
		{"\xf0\x8f\xbf\xbf", R R R R},
		{"\xed\xa0\x80", R R R}, /* surrogates */
		{"\xed\xbf\xbf", R R R},
		{"\xf4\x90\x80\x80", R R R R}, /* above U+10FFFF */
		{"\xf5\x80", R R},
		{"\xff\xfe", R R},
		{"\x80", R},
		{"\xe2\x82", R}, /* cut short: one for the part */
		{"\xe2\x82z", R "z"},
		{"\xf0\x9f\x98", R},
		{"\xf0\x9f\xc3\xa9", R "\xc3\xa9"},
		{"\xc3", R},
		{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
		{"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80",
		 "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		check_json(cases[i].text, strlen(cases[i].text), cases[i].expected,
			   strlen(cases[i].expected));
}

static void terminal(struct buffer *buffer, const char *text, size_t length)
{
	(void)length;
	escape_terminal(buffer, text);
}

static void disarms_terminals(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"eth0", "eth0"},
		{"\x1b[2J", "\\x1b[2J"},
		{"a\nb\rc\x7f", "a\\x0ab\\x0dc\\x7f"},
		{"\xc2\x9b"
		 "31m",
		 "\\xc2\\x9b31m"}, /* CSI in one character */
		{"\x9b"
		 "31m",
		 "\\x9b31m"},
		{"\xe2\x80\xae"
		 "x",
		 "\\u{202e}x"}, /* turns the writing round */
		{"\xf3\xa0\x81\x81", "\\u{0e0041}"},
		{"a\\x", "a\\\\x"},
		{"\xc3\xa9", "\xc3\xa9"},
	};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		text = escaped(terminal, cases[i].text, 0);
		assert_string_equal(text, cases[i].expected);
		free(text);
	}
}

static void writes_large_blocks(void **state)
{
	const size_t length = 300000;
	char *text = NULL, *from = malloc(length);
	size_t size = 0, i;
	FILE *file = open_memstream(&text, &size);
	struct buffer *buffer = buffer_new(file);

	(void)state;
	for (i = 0; i < length; i++)
		from[i] = (char)('a' + i % 23);
	for (i = 0; i < 1000; i++)
		buffer_char(buffer, '.');
	buffer_bytes(buffer, from, length);
	buffer_number(buffer, 42);
	assert_int_equal(buffer_flush(buffer), 0);
	fclose(file);
	assert_int_equal(size, 1000 + length + 2);
	assert_memory_equal(text + 1000, from, length);
	assert_string_equal(text + 1000 + length, "42");
	free(buffer);
	free(from);
	free(text);
}

static void tells_of_failed_writes(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct buffer *buffer = buffer_new(full);
	int i;

	(void)state;
	buffer_text(buffer, "x");
	assert_int_equal(buffer_flush(buffer), -ENOSPC);
	for (i = 0; i < 200000; i++)
		buffer_text(buffer, "more");
	assert_int_equal(buffer_flush(buffer), -ENOSPC);
	fclose(full);
	free(buffer);

	buffer = buffer_new(NULL);
	for (i = 0; i < BUFFER_SIZE; i++)
		buffer_char(buffer, 'x');
	assert_int_equal(buffer_flush(buffer), 0);
	buffer_char(buffer, 'x');
	assert_int_equal(buffer_flush(buffer), -EMSGSIZE);
	free(buffer);
}

static void bytes_for_people(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{0, "0 B"},
		{1023, "1023 B"},
		{1024, "1.0 KiB"},
		{1536 * 1024, "1.5 MiB"},
		{1024 * 1024 - 1, "1.0 MiB"},
		{1048524, "1023.9 KiB"},
		{1ull << 60, "1.0 EiB"},
		{UINT64_MAX, "16.0 EiB"},
		{(1ull << 60) - 1, "1.0 EiB"},
	};
	char text[HUMAN_BYTES_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		*human_bytes_write(text, cases[i].bytes) = '\0';
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_numbers),
		cmocka_unit_test(escapes_every_byte),
		cmocka_unit_test(replaces_what_is_not_utf8),
		cmocka_unit_test(disarms_terminals),
		cmocka_unit_test(writes_large_blocks),
		cmocka_unit_test(tells_of_failed_writes),
		cmocka_unit_test(bytes_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

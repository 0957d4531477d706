// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample_json.h"

static void a_line_for_each(void **state)
{
	const struct output_options options = {.format = OUTPUT_NDJSON, .pretty = true};
	struct reading readings[] = {sample_flows(), sample_reading(NA_KEY_TOTAL, NULL, 0)};
	char *text = sample_output(&options, readings, 2), *line, *end;
	struct json_object *root;
	int number = 0;

	(void)state;
	for (line = text; *line; line = end + 1, number++) {
		end = strchr(line, '\n');
		assert_non_null(end);
		root = parse(line, (size_t)(end - line));
		assert_string_equal(text_at(root, "type"),
				    number == 0 || number == 4 ? "source" : "flow");
		assert_string_equal(text_at(root, "id"), "host--eth0");
		assert_string_equal(text_at(root, "interface"), "eth0");
		assert_null(at(root, "namespace"));
		assert_null(at(root, "tag"));
		assert_string_equal(text_at(root, "meter"), "0b5c0000-0000-4000-8000-000000000001");
		assert_int_equal(number_at(root, "generation"), 12);
		assert_string_equal(text_at(root, "timestamp"), "2026-11-22T10:30:00.123456Z");
		if (number == 0)
			assert_int_equal(number_at(root, "summary/total_bytes"), 2336);
		if (number == 2)
			assert_int_equal(number_at(root, "rx_bytes"), 700);
		json_object_put(root);
	}
	assert_int_equal(number, 5);
	free(text);
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The collector's console on terminals of any size. */
#include "console_sample.h"

static struct reading many(size_t count)
{
	struct flow_record *records = calloc(count, sizeof(*records));
	struct reading reading;

	assert_non_null(records);
	for (size_t i = 0; i < count; i++) {
		records[i] = sample_record(sample_key("2001:db8:1111:2222:3333:4444:5555:6666",
						      "2001:db8::1", 6, 0, 0),
					   1000 + i * 7919 % count, 1);
		records[i].key.local[3] = 0x40404040 + (uint32_t)i;
	}
	reading = sample_reading(NA_KEY_HOST_PAIR, records, count);
	free(records);
	return reading;
}

static void shows_the_busiest_that_fit(void **state)
{
	const struct console_options options = {
		.rows = 10, .columns = 200, .now = SAMPLE_NOW, .seconds = 1};
	struct reading reading = many(1000);
	const struct console_block block = {"a", &reading, 1, NULL, 0, NULL};
	char *text = print(&options, &block, 1);

	(void)state;
	assert_fits(text, &options);
	/* nine lines: head, headings, four records, the rest of them, totals, balance */
	assert_non_null(strstr(text, "\n  … 996 more\n"));
	assert_non_null(strstr(text, "2.0 KiB  1 B  2.0 KiB"));
	free(text);
	reading_clear(&reading);
}

static void shares_the_lines(void **state)
{
	const struct console_options options = {.rows = 31, .columns = 200, .now = SAMPLE_NOW};
	struct reading readings[] = {many(1000), some(), many(50)};
	const struct console_block blocks[] = {{"a", &readings[0], 1, NULL, 0, NULL},
					       {"b", &readings[1], 1, NULL, 0, NULL},
					       {"c", &readings[2], 1, NULL, 0, NULL}};
	char *text = print(&options, blocks, 3);
	size_t lines = 0;

	(void)state;
	assert_fits(text, &options);
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 30);
	/* 30 - 9 fixed - 2 between = 19; b takes 4, of the 15 left a has 7 and c 8 */
	assert_non_null(strstr(text, "\n  … 995 more\n"));
	assert_non_null(strstr(text, "\n  … 44 more\n"));
	assert_non_null(strstr(text, "192.168.1.100"));
	free(text);
	for (size_t i = 0; i < 3; i++)
		reading_clear(&readings[i]);
}

static void fits_into_any_terminal(void **state)
{
	struct reading readings[] = {some(), many(30)}, interval = recent();
	const struct console_block blocks[] = {{"uplink", readings, 2, &interval, 1,
						"/var/log/netacct/uplink.json"},
					       {"other", readings, 1, NULL, 0, NULL}};

	(void)state;
	for (unsigned int rows = 1; rows < 30; rows++) {
		for (unsigned int width = 1; width < 140; width += 3) {
			const struct console_options options = {rows, width, SAMPLE_NOW, 1};
			char *text = print(&options, blocks, 2);

			assert_fits(text, &options);
			free(text);
		}
	}
	for (size_t i = 0; i < 2; i++)
		reading_clear(&readings[i]);
	reading_clear(&interval);
}

static void narrow_ones_lose_what_matters_least(void **state)
{
	const struct console_options narrow = {.rows = 40, .columns = 60, .now = SAMPLE_NOW},
				     narrower = {.rows = 40, .columns = 50, .now = SAMPLE_NOW};
	struct reading reading = many(2);
	const struct console_block block = {"a", &reading, 1, NULL, 0, NULL};
	char *text = print(&narrow, &block, 1);

	(void)state;
	assert_fits(text, &narrow);
	assert_null(strstr(text, "+RX"));
	assert_null(strstr(text, " RX"));
	assert_non_null(strstr(text, "TOTAL"));
	free(text);
	text = print(&narrower, &block, 1);
	assert_fits(text, &narrower);
	assert_non_null(strstr(text, "…  2001:db8::1  TCP"));
	assert_non_null(strstr(text, "TOTAL\n"));
	free(text);
	reading_clear(&reading);
}

static void tiny_ones_have_a_line_each(void **state)
{
	const struct console_options options = {.rows = 4, .columns = 80};
	struct reading reading = some();
	const struct console_block block = {"uplink", &reading, 1, NULL, 0, "/u"};
	struct console_block blocks[5];
	char *text = print(&options, &block, 1);

	(void)state;
	assert_string_equal(text, "uplink: rx 1.5 MiB, tx 2.5 KiB in 3 records\n");
	free(text);
	for (size_t i = 0; i < 5; i++)
		blocks[i] = block;
	text = print(&options, blocks, 5);
	assert_string_equal(text, "uplink: rx 1.5 MiB, tx 2.5 KiB in 3 records\n"
				  "uplink: rx 1.5 MiB, tx 2.5 KiB in 3 records\n"
				  "… 3 more\n");
	free(text);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_the_busiest_that_fit),
		cmocka_unit_test(shares_the_lines),
		cmocka_unit_test(fits_into_any_terminal),
		cmocka_unit_test(narrow_ones_lose_what_matters_least),
		cmocka_unit_test(tiny_ones_have_a_line_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

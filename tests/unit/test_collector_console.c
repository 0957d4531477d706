// SPDX-License-Identifier: GPL-2.0-or-later
/* What the collector shows after each interval. */
#include "console_sample.h"

#include <errno.h>

static void as_people_read_it(void **state)
{
	struct reading reading = some(), interval = recent();
	const struct console_block block = {"uplink", &reading, 1, &interval, 1, "/var/log/u.json"};
	char *text = print(&wide, &block, 1);

	(void)state;
	assert_string_equal(
		text,
		"uplink, 2026-11-22T10:30:00Z, 4 whitelisted: host--eth0\n"
		"  LOCAL          REMOTE       PROTOCOL       RX       TX    TOTAL      +RX  +TX\n"
		"  192.168.1.100  8.8.8.8      UDP       1.5 MiB    512 B  1.5 MiB  3.0 KiB  0 B\n"
		"  10.0.0.2       9.9.9.9      ICMP          0 B  2.0 KiB  2.0 KiB      0 B  0 B\n"
		"  2001:db8::2    2001:db8::1  TCP         100 B      0 B    100 B      0 B  0 B\n"
		"  total of 3 records: rx 1.5 MiB, tx 2.5 KiB, both 1.5 MiB; in 5 s: rx 3.0 KiB, "
		"tx 7 B\n"
		"  packets: 15740 seen, 15729 accounted, 0 excluded, 0 overflow, 11 non-IP: the "
		"books balance\n"
		"  written: /var/log/u.json\n");
	free(text);
	reading_clear(&reading);
	reading_clear(&interval);
}

static void says_when_the_books_do_not_balance(void **state)
{
	struct reading reading = some();
	const struct console_block block = {"uplink", &reading, 1, NULL, 0, NULL};
	char *text;

	(void)state;
	reading.balance.difference = 17;
	text = print(&wide, &block, 1);
	assert_non_null(strstr(text, ": the books do not balance: difference 17\n"));
	free(text);
	reading.balance.judged = false;
	text = print(&wide, &block, 1);
	assert_non_null(strstr(text, ": not judged\n"));
	free(text);
	reading_clear(&reading);
}

static void nothing_counted_is_no_table(void **state)
{
	struct reading reading = sample_reading(NA_KEY_HOST_PAIR, NULL, 0);
	const struct console_block blocks[] = {{"a", &reading, 1, NULL, 0, NULL},
					       {"b", NULL, 0, NULL, 0, "/b"}};
	char *text = print(&wide, blocks, 2);

	(void)state;
	assert_non_null(strstr(text, "a, 2026-11-22T10:30:00Z, 0 whitelisted: host--eth0\n"
				     "  total of 0 records: rx 0 B"));
	assert_non_null(
		strstr(text, "\n\nb, 2026-11-22T10:30:00Z, 0 whitelisted: no interface yet\n"));
	assert_null(strstr(text, "LOCAL"));
	free(text);
	text = print(&wide, NULL, 0);
	assert_string_equal(text, "");
	free(text);
	reading_clear(&reading);
}

static void names_cannot_move_the_cursor(void **state)
{
	struct reading reading = some();
	const struct console_block block = {"\x1b[2Ja\\\xff",	   &reading, 1, NULL, 0,
					    "/tmp/\n\xc2\x9b.json"};
	char *text;

	(void)state;
	free(reading.id);
	reading.id = strdup("host--\x1b]0;x\x07\xe2\x80\xae");
	text = print(&wide, &block, 1);
	assert_fits(text, &wide);
	assert_non_null(strstr(text, "\\x1b[2Ja\\\\\\xff, "));
	assert_non_null(strstr(text, ": host--\\x1b]0;x\\x07\\u{202e}\n"));
	assert_non_null(strstr(text, "  written: /tmp/\\x0a\\xc2\\x9b.json\n"));
	free(text);
	reading_clear(&reading);
}

static void tells_sources_apart(void **state)
{
	struct reading readings[] = {some(), some()}, interval = recent();
	const struct console_block block = {"all", readings, 2, &interval, 1, NULL};
	char *text;

	(void)state;
	free(readings[1].id);
	readings[1].id = strdup("日本--eth0");
	text = print(&wide, &block, 1);
	assert_fits(text, &wide);
	assert_non_null(strstr(text, "\n  SOURCE      LOCAL  "));
	/* of two records with one key, the one whose source it was has the interval's bytes */
	assert_non_null(strstr(text, "\n  host--eth0  192.168.1.100  8.8.8.8      UDP       1.5 "
				     "MiB    512 B  1.5 MiB  3.0 KiB  0 B\n"));
	assert_non_null(strstr(text, "\n  日本--eth0  192.168.1.100  8.8.8.8      UDP       1.5 "
				     "MiB    512 B  1.5 MiB      0 B  0 B\n"));
	assert_non_null(strstr(text, ": host--eth0, 日本--eth0\n"));
	free(text);
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
	reading_clear(&interval);
}

static void names_a_few_of_many_sources(void **state)
{
	struct reading readings[9];
	const struct console_block block = {"all", readings, 9, NULL, 0, NULL};
	char *text;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		readings[i] = sample_reading(NA_KEY_TOTAL, NULL, 0);
	text = print(&wide, &block, 1);
	assert_non_null(strstr(text, ": host--eth0, host--eth0, host--eth0 and 6 more\n"));
	free(text);
	for (size_t i = 0; i < 9; i++)
		reading_clear(&readings[i]);
}

static void other_keys_have_other_columns(void **state)
{
	const struct flow_record total = sample_record(sample_key(NULL, NULL, 0, 0, 0), 5, 6);
	const struct flow_record flow =
		sample_record(sample_key("10.0.0.1", "8.8.8.8", 17, 40000, 53), 5, 6);
	struct reading readings[] = {sample_reading(NA_KEY_TOTAL, &total, 1),
				     sample_reading(NA_KEY_FLOW, &flow, 1)};
	const struct console_block blocks[] = {{"t", &readings[0], 1, NULL, 0, NULL},
					       {"f", &readings[1], 1, NULL, 0, NULL}};
	char *text = print(&wide, blocks, 2);

	(void)state;
	assert_non_null(strstr(text, "\n   RX   TX  TOTAL  +RX  +TX\n"
				     "  5 B  6 B   11 B  0 B  0 B\n"));
	assert_non_null(strstr(text, "\n  10.0.0.1 40000  8.8.8.8 53  UDP  "));
	free(text);
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
}

static void a_failed_write_is_told(void **state)
{
	const struct console_block block = {"a", NULL, 0, NULL, 0, NULL};
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_int_equal(console_print(full, &wide, &block, 1), -ENOSPC);
	(void)fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_people_read_it),
		cmocka_unit_test(says_when_the_books_do_not_balance),
		cmocka_unit_test(nothing_counted_is_no_table),
		cmocka_unit_test(names_cannot_move_the_cursor),
		cmocka_unit_test(tells_sources_apart),
		cmocka_unit_test(names_a_few_of_many_sources),
		cmocka_unit_test(other_keys_have_other_columns),
		cmocka_unit_test(a_failed_write_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

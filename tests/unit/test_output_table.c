// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"

static const struct output_options table = {.format = OUTPUT_TABLE};

static struct reading pair(void)
{
	const struct flow_record records[] = {
		sample_record(sample_key("192.168.1.100", "8.8.8.8", 17, 0, 0), 1572864, 512),
		sample_record(sample_key("10.0.0.1", "2001:db8::1", 6, 0, 0), 100, 0),
	};
	struct reading reading = sample_reading(NA_KEY_HOST_PAIR, records, 2);

	reading.balance.bucket[NA_SEEN][NA_RX] = (struct na_count){15740, 12345678901234};
	reading.balance.bucket[NA_NON_IP][NA_TX] = (struct na_count){3, 126};
	return reading;
}

static void as_people_read_it(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	reading.records[1].key = sample_key("10.0.0.1", "9.9.9.9", 6, 0, 0);
	text = sample_output(&table, &reading, 1);
	assert_string_equal(
		text,
		"host--eth0: clsact, in tc, out tc, key host-pair, since 2026-11-22T09:30:00Z, "
		"exact\n"
		"  LOCAL          REMOTE   PROTOCOL  RX-PACKETS  RX-BYTES  TX-PACKETS  TX-BYTES    "
		"TOTAL  LAST-UPDATED\n"
		"  192.168.1.100  8.8.8.8  UDP            15728   1.5 MiB           5     512 B  "
		"1.5 MiB  2026-11-22T10:29:04Z\n"
		"  10.0.0.1       9.9.9.9  TCP                1     100 B           0       0 B    "
		"100 B  2026-11-22T10:29:04Z\n"
		"  total of 2 records: rx 15729 packets, 1.5 MiB; tx 5 packets, 512 B; both 15734 "
		"packets, 1.5 MiB\n"
		"  balance    RX-PACKETS        RX-BYTES  TX-PACKETS  TX-BYTES\n"
		"  seen            15740  12345678901234           0         0\n"
		"  accounted           0               0           0         0\n"
		"  excluded            0               0           0         0\n"
		"  overflow            0               0           0         0\n"
		"  non-IP              0               0           3       126\n"
		"  not judged: packets may be in flight\n");
	free(text);
	reading_clear(&reading);
}

static void all_the_others(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	reading.records[1].key = (struct na_key){};
	text = sample_output(&table, &reading, 1);
	assert_non_null(
		strstr(text, "\n  other          other    other              1     100 B "));
	assert_non_null(strstr(text, "\n  total of 2 records: rx 15729 packets, "));
	free(text);
	reading_clear(&reading);
}

static void verdict_on_the_books(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	reading.balance.judged = true;
	text = sample_output(&table, &reading, 1);
	assert_non_null(strstr(text, "\n  the books balance\n"));
	free(text);
	reading.balance.difference = 17;
	text = sample_output(&table, &reading, 1);
	assert_non_null(strstr(text, "\n  the books do not balance: difference 17\n"));
	free(text);
	reading_clear(&reading);
}

static void what_was_taken_has_its_rows(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	text = sample_output(&table, &reading, 1);
	assert_null(strstr(text, "handed out"));
	assert_null(strstr(text, "collected"));
	free(text);
	reading.balance.handed_out[NA_RX] = (struct na_count){7, 700};
	text = sample_output(&table, &reading, 1);
	assert_non_null(
		strstr(text, "\n  balance     RX-PACKETS        RX-BYTES  TX-PACKETS  TX-BYTES"
			     "\n  seen             15740  12345678901234           0         0\n"));
	assert_non_null(strstr(text, "126\n  handed out           7             700           0"
				     "         0\n  not judged"));
	free(text);
	reading.balance.handed_out[NA_RX] = (struct na_count){0, 0};
	reading.balance.collected[NA_TX] = (struct na_count){123456789012, 1234567890123};
	text = sample_output(&table, &reading, 1);
	assert_non_null(strstr(text, "126\n  collected           0               0  123456789012  "
				     "1234567890123\n  not judged"));
	free(text);
	reading_clear(&reading);
}

/* As detach prints it: the totals alone. */
static void records_not_asked_for_are_not_spoken_of(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	reading.shown = 0;
	text = sample_output(&table, &reading, 1);
	assert_non_null(strstr(text, "\n  total of 2 records: rx 15729 packets"));
	assert_null(strstr(text, "shown"));
	free(text);
	reading_clear(&reading);
}

static void nothing_reaches_the_terminal(void **state)
{
	struct reading reading = pair();
	char *text;

	(void)state;
	free(reading.id);
	reading.id = strdup("host--\x1b]0;x\x07\xc2\x9b\n");
	reading.tag = strdup("\x80");
	text = sample_output(&table, &reading, 1);
	assert_null(strpbrk(text, "\x1b\x07\x80\x9b"));
	assert_ptr_equal(strstr(text, "host--\\x1b]0;x\\x07\\xc2\\x9b\\x0a (\\x80): "), text);
	free(text);
	reading_clear(&reading);
}

/* A column in which no row has anything is not there; no line ends in a space. */
static void empty_columns_vanish(void **state)
{
	const struct flow_record record =
		sample_record(sample_key("10.0.0.1", "10.0.0.2", 253, 0, 0), 100, 0);
	struct reading reading = sample_reading(NA_KEY_FLOW, &record, 1);
	char *text = sample_output(&table, &reading, 1);

	(void)state;
	assert_null(strstr(text, "SERVICE"));
	assert_null(strstr(text, "FLAGS"));
	assert_non_null(strstr(text, "LPORT"));
	assert_null(strstr(text, " \n"));
	free(text);
	reading.records[0].tcp_flags = 2;
	text = sample_output(&table, &reading, 1);
	assert_non_null(strstr(text, "  FLAGS\n"));
	assert_non_null(strstr(text, "  SYN\n"));
	free(text);
	reading_clear(&reading);
}

static void blocks_of_sources(void **state)
{
	struct reading readings[] = {pair(), sample_reading(NA_KEY_TOTAL, NULL, 0)};
	char *text;

	(void)state;
	readings[0].shown = 1;
	readings[1].exact = false;
	text = sample_output(&table, readings, 2);
	assert_non_null(strstr(text, "total of 2 records (1 shown): rx 15729 packets, 1.5 MiB"));
	assert_null(strstr(text, "2001:db8::1"));
	assert_non_null(strstr(text,
			       "in flight\n\nhost--eth0: clsact, in tc, out tc, key total, "
			       "since 2026-11-22T09:30:00Z, not exact\n  total of 0 records: "));
	free(text);
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_the_others),
		cmocka_unit_test(as_people_read_it),
		cmocka_unit_test(verdict_on_the_books),
		cmocka_unit_test(what_was_taken_has_its_rows),
		cmocka_unit_test(records_not_asked_for_are_not_spoken_of),
		cmocka_unit_test(nothing_reaches_the_terminal),
		cmocka_unit_test(empty_columns_vanish),
		cmocka_unit_test(blocks_of_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "test_history_lab.h"

static struct history_totals book(struct lab *lab, const char *name, const char *id)
{
	struct history_totals totals = {0};

	assert_int_equal(history_book(lab->history, name, id, &totals, &lab->why), 0);
	return totals;
}

static void check_book(struct lab *lab, size_t count, uint64_t bytes, int64_t since)
{
	struct history_totals totals = book(lab, "office", "host--eth0");
	uint64_t found = totals.other[NA_RX].bytes;
	size_t i;

	assert_true(totals.known);
	assert_int_equal(totals.count, count);
	for (i = 0; i < count; i++)
		found += totals.totals[i].record.rx.bytes;
	assert_int_equal(found, bytes);
	assert_int_equal(totals.since, since);
	history_totals_clear(&totals);
}

/* Closed and opened again, the book goes on. */
LAB_TEST(goes_on_over_meters)
{
	struct flow_record records[] = {lab_record(lab, 1, 100, 0), lab_record(lab, 2, 10, 0)};
	struct reading reading = lab_reading(lab, "host--eth0", 0, records, 2);
	struct history_totals none;
	uint64_t attached;

	for (attached = 42; attached < 45; attached++) {
		reading.attached_at = attached * (uint64_t)SECOND;
		assert_int_equal(history_bind(lab->history, LAB_UUID, 0, reading.attached_at,
					      "office", &lab->why),
				 0);
		lab_pass(lab, 5);
		assert_int_equal(lab_try_store(lab, &reading, 1), 0);
		check_book(lab, 2, 110 * (attached - 41), 42);
		lab_maintain(lab, attached & 1);
		check_book(lab, 2, 110 * (attached - 41), 42);
		assert_int_equal(history_close_source(lab->history, LAB_UUID, 0,
						      reading.attached_at, &lab->why),
				 0);
		check_book(lab, 2, 110 * (attached - 41), 42);
		assert_int_equal(history_totals(lab->history, LAB_UUID, 0, reading.attached_at,
						&none, &lab->why),
				 0);
		assert_false(none.known);
		history_totals_clear(&none);
	}
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rx.bytes, 330);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM ledger"), 1);
	assert_false(book(lab, "office", "host--eth1").known);
	assert_false(book(lab, "home", "host--eth0").known);
}

LAB_TEST(without_a_book_totals_go)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);

	lab_store(lab, &record, 1);
	assert_int_equal(history_close_source(lab->history, LAB_UUID, 0, 42, &lab->why), 0);
	assert_int_equal(history_close_source(lab->history, LAB_UUID, 0, 42, &lab->why), 0);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM total"), 0);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM ledger"), 0);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rx.bytes, 100);
}

/* A book is bounded too. */
LAB_TEST(a_full_book_has_other)
{
	struct flow_record records[50];
	struct reading reading = lab_reading(lab, "host--eth0", 0, records, 50);
	size_t i;

	lab->settings.max_totals = 20;
	history_set(lab->history, &lab->settings);
	for (i = 0; i < 2; i++) {
		size_t j;

		for (j = 0; j < 50; j++)
			records[j] = lab_record(lab, (uint32_t)(j + 10 * i), 100, 0);
		reading.attached_at = (i + 1) * (uint64_t)SECOND;
		assert_int_equal(history_bind(lab->history, LAB_UUID, 0, reading.attached_at,
					      "office", &lab->why),
				 0);
		assert_int_equal(lab_try_store(lab, &reading, 1), 0);
		assert_int_equal(history_close_source(lab->history, LAB_UUID, 0,
						      reading.attached_at, &lab->why),
				 0);
	}
	check_book(lab, 20, 10000, 1);
}

static bool is_first(void *context, const char *uuid, uint32_t number, uint64_t attached_at)
{
	++*(size_t *)context;
	return !strcmp(uuid, LAB_UUID) && number == 0 && attached_at == 42;
}

LAB_TEST(closes_those_that_are_gone)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct reading readings[] = {lab_reading(lab, "host--eth0", 0, &record, 1),
				     lab_reading(lab, "host--eth1", 1, &record, 1)};
	size_t asked = 0;

	assert_int_equal(history_bind(lab->history, LAB_UUID, 1, 42, "office", &lab->why), 0);
	assert_int_equal(history_bind(lab->history, "gone", 1, 42, "office", &lab->why), 0);
	assert_int_equal(lab_try_store(lab, readings, 2), 0);
	assert_int_equal(history_close_others(lab->history, is_first, &asked, &lab->why), 0);
	assert_int_equal(asked, 3);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM ledger"), 2);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM meter"), 1);
	assert_int_equal(lab_number(lab, "SELECT generation FROM meter"), 1);
}

LAB_TEST(begins_with_an_older_file)
{
	struct history_total totals[2] = {{lab_record(lab, 1, 5000, 0)},
					  {lab_record(lab, 9, 70, 0)}};
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct reading reading = lab_reading(lab, "host--eth0", 0, &record, 1);
	struct history_totals after;
	char **ids;
	size_t count;

	totals[0].record.first_seen = 1000;
	totals[1].record.key = sample_key("10.0.0.9", "2001:db8::1", 58, 0, 0);
	assert_int_equal(history_book_import(lab->history, "office", "host--eth0", 77, totals, 2,
					     &lab->why),
			 0);
	assert_int_equal(history_book_import(lab->history, "office", "host--eth0", 77, totals, 2,
					     &lab->why),
			 -EEXIST);
	assert_int_equal(history_bind(lab->history, LAB_UUID, 0, 42, "office", &lab->why), 0);
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	after = book(lab, "office", "host--eth0");
	assert_int_equal(after.count, 2);
	history_totals_clear(&after);
	assert_int_equal(history_close_source(lab->history, LAB_UUID, 0, 42, &lab->why), 0);
	after = book(lab, "office", "host--eth0");
	assert_int_equal(after.count, 2);
	/* In the order of the coded keys: IPv6 first. */
	assert_int_equal(after.totals[1].record.first_seen, 1000);
	assert_int_equal(after.totals[1].record.rx.bytes, 5100);
	assert_memory_equal(&after.totals[0].record.key, &totals[1].record.key,
			    sizeof(struct na_key));
	history_totals_clear(&after);
	assert_int_equal(history_book_ids(lab->history, "office", &ids, &count, &lab->why), 0);
	assert_int_equal(count, 1);
	assert_string_equal(ids[0], "host--eth0");
	free(ids[0]);
	free(ids);
}

/* An open source is enough for the book to have it. */
LAB_TEST(no_beginning_in_the_middle)
{
	struct history_total total = {lab_record(lab, 1, 5000, 0)};

	assert_int_equal(history_bind(lab->history, LAB_UUID, 0, 42, "office", &lab->why), 0);
	lab_store(lab, NULL, 0);
	assert_int_equal(history_book_import(lab->history, "office", "host--eth0", 77, &total, 1,
					     &lab->why),
			 -EEXIST);
	assert_non_null(strstr(lab->why.text, "office"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on_over_meters),
		cmocka_unit_test(without_a_book_totals_go),
		cmocka_unit_test(a_full_book_has_other),
		cmocka_unit_test(closes_those_that_are_gone),
		cmocka_unit_test(begins_with_an_older_file),
		cmocka_unit_test(no_beginning_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

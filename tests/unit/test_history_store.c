// SPDX-License-Identifier: GPL-2.0-or-later
#include "test_history_lab.h"

LAB_TEST(stores_and_tells_totals)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	struct flow_record records[] = {lab_record(lab, 1, 1000, 2000), lab_record(lab, 2, 300, 0)};
	const struct flow_record *record;

	records[0].tcp_flags = 0x02;
	lab_pass(lab, 5);
	lab_store(lab, records, 2);
	lab_pass(lab, 5);
	records[0] = lab_record(lab, 1, 1000, 2000);
	records[0].tcp_flags = 0x10;
	lab_store(lab, records, 1);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_true(totals.known);
	assert_int_equal(totals.generation, 2);
	assert_int_equal(totals.count, 2);
	record = &totals.totals[0].record;
	assert_memory_equal(&record->key, &records[0].key, sizeof(record->key));
	assert_int_equal(record->rx.bytes, 2000);
	assert_int_equal(record->tx.bytes, 4000);
	assert_int_equal(record->rx.packets, 20);
	assert_int_equal(record->first_seen, LAB_NOON - 1);
	assert_int_equal(record->last_seen, LAB_NOON + 10);
	assert_int_equal(record->tcp_flags, 0x12);
	assert_int_equal(totals.totals[1].record.rx.bytes, 300);
}

LAB_TEST(knows_a_generation)
{
	struct flow_record record = lab_record(lab, 1, 1000, 0);
	struct reading reading = lab_reading(lab, "host--eth0", 0, &record, 1);

	lab_store(lab, &record, 1);
	lab->generation--;
	assert_int_equal(lab_try_store(lab, &reading, 1), 1);
	lab_close(lab);
	lab_open(lab);
	assert_int_equal(lab_try_store(lab, &reading, 1), 1);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_MONTH).rx.bytes, 1000);
	lab->generation++;
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_MONTH).rx.bytes, 2000);
}

static void check_same(const struct flow_record *one, const struct flow_record *other)
{
	assert_memory_equal(&one->key, &other->key, sizeof(one->key));
	assert_memory_equal(&one->rx, &other->rx, sizeof(one->rx));
	assert_memory_equal(&one->tx, &other->tx, sizeof(one->tx));
	assert_int_equal(one->first_seen, other->first_seen);
	assert_int_equal(one->last_seen, other->last_seen);
	assert_int_equal(one->tcp_flags, other->tcp_flags);
}

LAB_TEST(totals_are_the_same_when_folded)
{
	_cleanup_history_totals_ struct history_totals before = {0}, after = {0};
	struct flow_record record = lab_record(lab, 1, 1000, 10);
	size_t i;

	for (i = 0; i < 3; i++) {
		lab_pass(lab, 5);
		lab_store(lab, &record, 1);
	}
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &before, &lab->why), 0);
	lab_maintain(lab, true);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM journal"), 0);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM records"), 0);
	lab_store(lab, NULL, 0);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &after, &lab->why), 0);
	assert_int_equal(before.count, 1);
	assert_int_equal(after.count, 1);
	check_same(&before.totals[0].record, &after.totals[0].record);
}

LAB_TEST(unknown_meters_have_no_totals)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	struct flow_record record = lab_record(lab, 1, 1000, 10);

	lab_store(lab, &record, 1);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 1, 42, &totals, &lab->why), 0);
	assert_false(totals.known);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 43, &totals, &lab->why), 0);
	assert_false(totals.known);
	assert_int_equal(totals.count, 0);
}

LAB_TEST(an_empty_reading_is_known)
{
	_cleanup_history_totals_ struct history_totals totals = {0};

	lab_store(lab, NULL, 0);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_true(totals.known);
	assert_int_equal(totals.count, 0);
}

/* Beyond max_totals: in `other`, folded or not, and what is there goes on. */
LAB_TEST(totals_are_bounded)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	struct flow_record records[100];
	uint64_t bytes = 0;
	size_t i;

	lab->settings.max_totals = 30;
	history_set(lab->history, &lab->settings);
	for (i = 0; i < 100; i++)
		records[i] = lab_record(lab, (uint32_t)i, 100 * i, 0);
	lab_store(lab, records, 20);
	lab_maintain(lab, true);
	lab_store(lab, records, 100);
	lab_maintain(lab, true);
	lab_store(lab, records, 30);
	lab_maintain(lab, true);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_int_equal(totals.count, 30);
	for (i = 0; i < totals.count; i++)
		bytes += totals.totals[i].record.rx.bytes;
	assert_int_equal(bytes, 100 * (190 + 435 + 435));
	assert_int_equal(totals.other[NA_RX].bytes, 100 * (4950 - 435));
}

LAB_TEST(many_records_fit)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	const size_t many = 60000;
	struct flow_record *records = malloc(many * sizeof(*records));
	size_t i;

	assert_non_null(records);
	for (i = 0; i < many; i++)
		records[i] = lab_record(lab, (uint32_t)i, i, 1);
	lab_store(lab, records, many);
	assert_true(lab_number(lab, "SELECT count(*) FROM records") > 1);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_MONTH).rx.bytes,
			 many * (many - 1) / 2);
	lab_maintain(lab, true);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_MONTH).rx.bytes,
			 many * (many - 1) / 2);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_int_equal(totals.count, many);
	free(records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_and_tells_totals),
		cmocka_unit_test(knows_a_generation),
		cmocka_unit_test(totals_are_the_same_when_folded),
		cmocka_unit_test(unknown_meters_have_no_totals),
		cmocka_unit_test(an_empty_reading_is_known),
		cmocka_unit_test(totals_are_bounded),
		cmocka_unit_test(many_records_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

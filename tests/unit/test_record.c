// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "sample.h"

static void joins_both_directions(void **state)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct na_key key = sample_key("10.0.0.1", "8.8.8.8", 6, 1000, 443);
	struct na_key sent = key;
	const struct flow_record *record;

	(void)state;
	sent.what |= NA_WHAT_TX;
	assert_int_equal(record_table_new(&table, 0), 0);
	record_table_add(table, &key, (struct na_count){2, 200}, 10, 20, 0x02);
	record_table_add(table, &sent, (struct na_count){3, 300}, 5, 15, 0x10);
	record_table_add(table, &key, (struct na_count){1, 50}, 12, 30, 0x01);
	assert_int_equal(record_table_count(table), 1);
	record = record_table_records(table);
	assert_memory_equal(&record->key, &key, sizeof(key));
	assert_int_equal(record->rx.packets, 3);
	assert_int_equal(record->rx.bytes, 250);
	assert_int_equal(record->tx.packets, 3);
	assert_int_equal(record->tx.bytes, 300);
	assert_int_equal(record->first_seen, 5);
	assert_int_equal(record->last_seen, 30);
	assert_int_equal(record->tcp_flags, 0x13);
}

static void holds_many_in_order(void **state)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct na_key key = sample_key("10.0.0.1", "8.8.8.8", 17, 0, 53);
	const uint32_t many = 300000;
	struct flow_record *records;
	size_t count;
	uint32_t i;

	(void)state;
	assert_int_equal(record_table_new(&table, 0), 0);
	for (i = 0; i < 2 * many; i++) {
		key.remote[1] = i % many;
		key.what = (key.what & ~NA_WHAT_TX) | (i < many ? 0 : NA_WHAT_TX);
		assert_int_equal(
			record_table_add(table, &key, (struct na_count){1, i % many}, i, i, 0), 0);
	}
	assert_int_equal(record_table_count(table), many);
	records = record_table_take(table, &count);
	assert_int_equal(count, many);
	for (i = 0; i < many; i++) {
		assert_int_equal(records[i].key.remote[1], i);
		assert_int_equal(records[i].rx.bytes, i);
		assert_int_equal(records[i].tx.bytes, i);
	}
	free(records);
	assert_int_equal(record_table_count(table), 0);
	record_table_add(table, &key, (struct na_count){1, 1}, 0, 0, 0);
	assert_int_equal(record_table_count(table), 1);
	assert_int_equal(record_table_records(table)->tx.packets, 1);
}

static void merges_whole_records(void **state)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct flow_record record =
		sample_record(sample_key("::1", "2001:db8::1", 6, 1, 2), 400, 600);
	const struct flow_record *merged;

	(void)state;
	assert_int_equal(record_table_new(&table, 1), 0);
	record_table_merge(table, &record);
	record.first_seen = 100;
	record.last_seen = 1000;
	record.tcp_flags = 4;
	record_table_merge(table, &record);
	merged = record_table_records(table);
	assert_int_equal(record_table_count(table), 1);
	assert_int_equal(merged->rx.bytes, 800);
	assert_int_equal(merged->tx.packets, 12);
	assert_int_equal(merged->first_seen, 0);
	assert_int_equal(merged->last_seen, 1000);
	assert_int_equal(merged->tcp_flags, 4);
}

/* Known keys go on, new ones become one record; nothing is lost. */
static void no_more_than_so_many(void **state)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct flow_record record = sample_record(sample_key("::1", "::2", 6, 0, 0), 400, 600);
	const struct flow_record *records;
	size_t i, others = 0;
	uint64_t bytes = 0;

	(void)state;
	assert_int_equal(record_table_new(&table, 0), 0);
	record.tcp_flags = 2;
	for (i = 0; i < 1000; i++) {
		record.key.remote[1] = (uint32_t)(i % 500);
		record.first_seen = (uint32_t)(1000 - i);
		assert_int_equal(record_table_merge_bounded(table, &record, 300), 0);
	}
	assert_int_equal(record_table_count(table), 301);
	records = record_table_records(table);
	for (i = 0; i < 301; i++) {
		bytes += records[i].rx.bytes;
		if (!record_is_other(&records[i])) {
			assert_int_equal(records[i].rx.bytes, 800);
			continue;
		}
		others++;
		assert_int_equal(records[i].rx.bytes, 400 * 400);
		assert_int_equal(records[i].tx.packets, 400 * 6);
		assert_int_equal(records[i].first_seen, 1);
		assert_int_equal(records[i].tcp_flags, 0);
	}
	assert_int_equal(others, 1);
	assert_int_equal(bytes, 1000 * 400);
}

static void owners_stay_apart(void **state)
{
	_cleanup_record_table_ struct record_table *table = NULL;
	struct na_key key = {.what = NA_WHAT_SET};

	(void)state;
	assert_int_equal(record_table_new(&table, 0), 0);
	record_table_add(table, &key, (struct na_count){1, 1}, 0, 0, 0);
	key.what |= 1u << NA_WHAT_OWNER_SHIFT;
	record_table_add(table, &key, (struct na_count){1, 1}, 0, 0, 0);
	assert_int_equal(record_table_count(table), 2);
}

static void names_of_keys(void **state)
{
	enum na_key_kind kind = NA_KEY_FLOW;
	int i;

	(void)state;
	for (i = 0; i < NA_KEY_KINDS; i++) {
		assert_int_equal(key_kind_parse(key_kind_name((enum na_key_kind)i), &kind), 0);
		assert_int_equal(kind, i);
	}
	assert_string_equal(key_kind_name(NA_KEY_HOST_PAIR), "host-pair");
	assert_int_equal(key_kind_parse("hos", &kind), -EINVAL);
	assert_int_equal(key_kind_parse("", &kind), -EINVAL);
	assert_int_equal(kind, NA_KEY_FLOW);
}

static void difference_of_a_balance(void **state)
{
	struct balance balance = {0};
	int direction, bucket;

	(void)state;
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		for (bucket = NA_ACCOUNTED; bucket < NA_BUCKETS; bucket++)
			balance.bucket[bucket][direction] = (struct na_count){10, 1000};
		balance.bucket[NA_SEEN][direction] = (struct na_count){40, 4000};
	}
	assert_int_equal(balance_difference(&balance), 0);
	balance.bucket[NA_SEEN][NA_RX].packets++;
	balance.bucket[NA_SEEN][NA_TX].bytes -= 7;
	balance.bucket[NA_NON_IP][NA_TX].packets += 2;
	assert_int_equal(balance_difference(&balance), 10);
	balance.bucket[NA_SEEN][NA_RX].bytes = UINT64_MAX;
	assert_int_equal(balance_difference(&balance), INT64_MAX);
}

static void clears_readings(void **state)
{
	struct reading reading = sample_reading(NA_KEY_TOTAL, NULL, 0);
	struct reading *list = calloc(2, sizeof(*list));

	(void)state;
	reading_clear(&reading);
	assert_null(reading.id);
	assert_null(reading.records);
	assert_int_equal(reading.count, 0);
	assert_non_null(list);
	list[0] = sample_reading(NA_KEY_TOTAL, NULL, 0);
	list[1] = sample_reading(NA_KEY_TOTAL, NULL, 0);
	readings_free(list, 2);
	readings_free(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_so_many), cmocka_unit_test(joins_both_directions),
		cmocka_unit_test(holds_many_in_order),	cmocka_unit_test(merges_whole_records),
		cmocka_unit_test(owners_stay_apart),	cmocka_unit_test(names_of_keys),
		cmocka_unit_test(clears_readings),	cmocka_unit_test(difference_of_a_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

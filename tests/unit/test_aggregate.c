// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

#include "../../src/record/summary.h"
#include "../../src/record/stream.h"
#include "sample_stream.h"

static void coverage_of_kinds(void **state)
{
	static const bool covers[NA_KEY_KINDS][NA_KEY_KINDS] = {
		[NA_KEY_TOTAL] = {1, 0, 0, 0, 0},  [NA_KEY_HOST] = {1, 1, 0, 0, 0},
		[NA_KEY_REMOTE] = {1, 0, 1, 0, 0}, [NA_KEY_HOST_PAIR] = {1, 1, 1, 1, 0},
		[NA_KEY_FLOW] = {1, 1, 1, 1, 1},
	};
	int from, to;

	(void)state;
	for (from = 0; from < NA_KEY_KINDS; from++) {
		for (to = 0; to < NA_KEY_KINDS; to++)
			assert_int_equal(key_kind_covers((enum na_key_kind)from,
							 (enum na_key_kind)to),
					 covers[from][to]);
	}
}

static void blanks_what_is_coarser(void **state)
{
	const uint32_t owner = 5u << NA_WHAT_OWNER_SHIFT;
	const struct na_key flow = sample_key("10.0.0.1", "8.8.8.8", 17, 1, 2);
	struct na_key key = flow, expected;

	(void)state;
	key.what |= owner | NA_WHAT_FRAGMENT;
	expected = key;
	key_coarsen(&key, NA_KEY_FLOW);
	assert_memory_equal(&key, &expected, sizeof(key));

	key_coarsen(&key, NA_KEY_HOST_PAIR);
	expected = sample_key("10.0.0.1", "8.8.8.8", 17, 0, 0);
	expected.what |= owner;
	assert_memory_equal(&key, &expected, sizeof(key));

	key_coarsen(&key, NA_KEY_REMOTE);
	expected = sample_key(NULL, "8.8.8.8", 0, 0, 0);
	expected.what |= owner;
	assert_memory_equal(&key, &expected, sizeof(key));

	key_coarsen(&key, NA_KEY_TOTAL);
	expected = sample_key(NULL, NULL, 0, 0, 0);
	expected.what |= owner;
	assert_memory_equal(&key, &expected, sizeof(key));

	key = flow;
	key_coarsen(&key, NA_KEY_HOST);
	expected = sample_key("10.0.0.1", NULL, 0, 0, 0);
	assert_memory_equal(&key, &expected, sizeof(key));
}

static void merges_by_host(void **state)
{
	const struct flow_record records[] = {
		sample_record(sample_key("10.0.0.1", "8.8.8.8", 17, 1, 53), 100, 200),
		sample_record(sample_key("10.0.0.2", "8.8.8.8", 17, 1, 53), 300, 400),
		sample_record(sample_key("10.0.0.1", "9.9.9.9", 6, 1, 80), 500, 600),
	};
	struct flow_record *merged = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(records_aggregate(records, 3, NA_KEY_FLOW, NA_KEY_HOST, &merged, &count),
			 0);
	assert_int_equal(count, 2);
	assert_int_equal(merged[0].rx.bytes, 600);
	assert_int_equal(merged[0].tx.packets, 8);
	assert_int_equal(merged[1].rx.bytes, 300);
	free(merged);
	assert_int_equal(records_aggregate(records, 2, NA_KEY_FLOW, NA_KEY_REMOTE, &merged, &count),
			 0);
	assert_int_equal(count, 1);
	assert_int_equal(merged[0].rx.bytes, 400);
	assert_int_equal(merged[0].tx.bytes, 600);
	free(merged);
}

static void refuses_what_is_finer(void **state)
{
	struct flow_record *merged = NULL;
	size_t count = 7;

	(void)state;
	assert_int_equal(records_aggregate(NULL, 0, NA_KEY_HOST, NA_KEY_REMOTE, &merged, &count),
			 -EINVAL);
	assert_int_equal(records_aggregate(NULL, 0, NA_KEY_HOST_PAIR, NA_KEY_FLOW, &merged, &count),
			 -EINVAL);
	assert_null(merged);
	assert_int_equal(count, 7);
}

static void sums_up(void **state)
{
	const struct flow_record records[] = {
		sample_record(sample_key("10.0.0.1", "8.8.8.8", 17, 0, 0), 100, 200),
		sample_record(sample_key("10.0.0.2", "8.8.8.8", 17, 0, 0), 300, 400),
		sample_record(sample_key("10.0.0.1", "9.9.9.9", 6, 0, 0), 500, 600),
		sample_record(sample_key("2001:db8::1", "2001:db8::2", 58, 0, 0), 700, 800),
	};
	struct summary summary;

	(void)state;
	assert_int_equal(records_summarise(records, 4, NA_KEY_HOST_PAIR, &summary), 0);
	assert_int_equal(summary.rx.bytes, 1600);
	assert_int_equal(summary.rx.packets, 16);
	assert_int_equal(summary.tx.bytes, 2000);
	assert_int_equal(summary.locals, 3);
	assert_int_equal(summary.remotes, 3);
	assert_int_equal(summary.protocol[17].count, 2);
	assert_int_equal(summary.protocol[17].tx.bytes, 600);
	assert_int_equal(summary.protocol[58].count, 1);
	assert_int_equal(summary.protocol[1].count, 0);
	assert_int_equal(records_summarise(records, 4, NA_KEY_HOST, &summary), 0);
	assert_int_equal(summary.remotes, 0);
	assert_int_equal(records_summarise(records, 4, NA_KEY_TOTAL, &summary), 0);
	assert_int_equal(summary.locals, 0);
}

/* It is in the sums, and is neither an address nor a protocol. */
static void sums_what_has_no_key(void **state)
{
	struct flow_record records[2] = {{.key = {.what = NA_WHAT_SET | 6}, .rx = {1, 100}},
					 {.rx = {2, 200}, .tx = {3, 300}}};
	_cleanup_free_ struct flow_record *total = NULL;
	struct summary summary;
	size_t count;

	(void)state;
	assert_int_equal(records_summarise(records, 2, NA_KEY_HOST_PAIR, &summary), 0);
	assert_int_equal(summary.rx.packets, 3);
	assert_int_equal(summary.tx.bytes, 300);
	assert_int_equal(summary.locals, 1);
	assert_int_equal(summary.remotes, 1);
	assert_int_equal(summary.protocol[0].count, 0);
	assert_int_equal(
		records_aggregate(records, 2, NA_KEY_HOST_PAIR, NA_KEY_HOST, &total, &count), 0);
	assert_int_equal(count, 2);
	assert_true(record_is_other(&total[1]));
	free(TAKE_PTR(total));
	assert_int_equal(
		records_aggregate(records, 2, NA_KEY_HOST_PAIR, NA_KEY_TOTAL, &total, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(total[0].rx.bytes, 300);
}

static void counts_many_addresses(void **state)
{
	const size_t many = 100003;
	struct flow_record *records = calloc(many, sizeof(*records));
	struct summary summary;
	size_t i;

	(void)state;
	assert_non_null(records);
	for (i = 0; i < many; i++) {
		records[i].key.what = NA_WHAT_SET;
		records[i].key.local[3] = (uint32_t)(i % 1000);
		records[i].key.remote[0] = (uint32_t)(i / 3);
	}
	assert_int_equal(records_summarise(records, many, NA_KEY_FLOW, &summary), 0);
	assert_int_equal(summary.locals, 1000);
	assert_int_equal(summary.remotes, (many + 2) / 3);
	free(records);
}

#define HOSTS 300 /* that sample_many() makes, of each version of IP */

/* By several threads, each with a part of every group. */
static void merges_a_stream(void **state)
{
	struct na_count expected[2][HOSTS] = {}, all = {};
	struct reading reading = sample_many(NA_KEY_FLOW, 30000);
	struct flow_record *hosts, *total;
	size_t count, i;

	(void)state;
	for (i = 0; i < reading.count; i++) {
		const struct flow_record *record = &reading.records[i];

		na_count_add(&expected[!(record->key.what & NA_WHAT_IPV4)][record->key.local[3]],
			     record->rx);
		na_count_add(&all, record->tx);
	}
	sample_to_stream(&reading);
	assert_int_equal(stream_aggregate(reading.stream, NA_KEY_FLOW, NA_KEY_HOST, &hosts, &count),
			 0);
	for (i = 0; i < count; i++) {
		struct na_count *host =
			&expected[!(hosts[i].key.what & NA_WHAT_IPV4)][hosts[i].key.local[3]];

		assert_memory_equal(host, &hosts[i].rx, sizeof(*host));
		*host = (struct na_count){};
	}
	for (i = 0; i < 2 * HOSTS; i++)
		assert_int_equal(expected[i / HOSTS][i % HOSTS].packets, 0);
	assert_int_equal(
		stream_aggregate(reading.stream, NA_KEY_FLOW, NA_KEY_TOTAL, &total, &count), 0);
	assert_int_equal(count, 1);
	assert_memory_equal(&total->tx, &all, sizeof(all));
	free(hosts);
	free(total);
	reading_clear(&reading);
}

static void says_that_a_stream_is_stale(void **state)
{
	struct reading reading = sample_many(NA_KEY_FLOW, 3000);
	struct flow_record *hosts = NULL;
	size_t count;

	(void)state;
	sample_to_stream(&reading)->checks = 0;
	assert_int_equal(stream_aggregate(reading.stream, NA_KEY_FLOW, NA_KEY_HOST, &hosts, &count),
			 -ESTALE);
	assert_null(hosts);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_what_has_no_key),
		cmocka_unit_test(coverage_of_kinds),
		cmocka_unit_test(blanks_what_is_coarser),
		cmocka_unit_test(merges_by_host),
		cmocka_unit_test(merges_a_stream),
		cmocka_unit_test(says_that_a_stream_is_stale),
		cmocka_unit_test(refuses_what_is_finer),
		cmocka_unit_test(counts_many_addresses),
		cmocka_unit_test(sums_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

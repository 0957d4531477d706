// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "../../src/history/code.h"
#include "../../src/history/history.h"
#include "sample.h"

static void check(struct na_key key, enum na_key_kind kind, size_t length)
{
	uint8_t code[CODE_KEY_MAX];
	enum na_key_kind found;
	struct na_key back;

	key_coarsen(&key, kind);
	assert_int_equal(code_key(&key, kind, code), length);
	assert_int_equal(code_key_read(code, length, &back, &found), length);
	assert_int_equal(found, kind);
	assert_memory_equal(&back, &key, sizeof(key));
	assert_int_equal(code_key_read(code, length - 1, &back, &found), 0);
}

static void keeps_keys_of_all_kinds(void **state)
{
	struct na_key ipv4 = sample_key("10.0.0.1", "8.8.8.8", 6, 0x1234, 443);
	struct na_key ipv6 = sample_key("2001:db8::1", "::ffff:8.8.8.8", 17, 53, 65535);
	static const size_t lengths[NA_KEY_KINDS][2] = {
		{1, 1}, {5, 17}, {5, 17}, {10, 34}, {14, 38}};
	int kind;

	(void)state;
	for (kind = 0; kind < NA_KEY_KINDS; kind++) {
		check(ipv4, (enum na_key_kind)kind, lengths[kind][0]);
		if (kind != NA_KEY_REMOTE)
			check(ipv6, (enum na_key_kind)kind, lengths[kind][1]);
	}
	/* An IPv6 packet with a mapped address is no IPv4 packet. */
	check(ipv6, NA_KEY_REMOTE, 5);
	ipv4.what |= NA_WHAT_FRAGMENT;
	ipv4.local_port = ipv4.remote_port = 0;
	check(ipv4, NA_KEY_FLOW, 14);
}

static void leaves_out_owner_and_direction(void **state)
{
	struct na_key key = sample_key("10.0.0.1", "8.8.8.8", 6, 0, 0), back;
	uint8_t code[CODE_KEY_MAX], other[CODE_KEY_MAX];
	enum na_key_kind kind;
	size_t length = code_key(&key, NA_KEY_HOST_PAIR, code);

	(void)state;
	key.what |= NA_WHAT_TX | 77u << NA_WHAT_OWNER_SHIFT;
	assert_int_equal(code_key(&key, NA_KEY_HOST_PAIR, other), length);
	assert_memory_equal(code, other, length);
	assert_int_equal(code_key_read(code, length, &back, &kind), length);
	assert_int_equal(back.what, NA_WHAT_SET | NA_WHAT_IPV4 | 6);
}

static void keeps_records(void **state)
{
	static const uint64_t numbers[] = {0, 1, 127, 128, 16384, 1ull << 62, UINT64_MAX};
	struct flow_record record = {.key = sample_key("10.0.0.1", "8.8.8.8", 6, 1, 2)}, back;
	uint8_t code[CODE_RECORD_MAX];
	size_t i, length;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		record.rx = (struct na_count){numbers[i], numbers[6 - i]};
		record.tx = (struct na_count){numbers[6 - i], numbers[i]};
		record.first_seen = (uint32_t)(1000 - 100 * i);
		record.last_seen = (uint32_t)(900 + 100 * i);
		record.tcp_flags = (uint8_t)(i * 40);
		length = code_record(&record, NA_KEY_FLOW, 1000, code);
		memset(&back, 0, sizeof(back));
		assert_int_equal(code_record_read(code, length, 1000, &back), length);
		assert_memory_equal(&back.key, &record.key, sizeof(back.key));
		assert_memory_equal(&back.rx, &record.rx, sizeof(back.rx));
		assert_memory_equal(&back.tx, &record.tx, sizeof(back.tx));
		assert_int_equal(back.first_seen, record.first_seen);
		assert_int_equal(back.last_seen, record.last_seen);
		assert_int_equal(back.tcp_flags, record.tcp_flags);
		/* Another base moves the times, and nothing else. */
		code_record_read(code, length, 1500, &back);
		assert_int_equal(back.last_seen, record.last_seen + 500);
		while (length--)
			assert_int_equal(code_record_read(code, length, 1000, &back), 0);
	}
}

static void refuses_what_is_no_record(void **state)
{
	uint8_t code[64];
	struct flow_record record;

	(void)state;
	memset(code, 0xff, sizeof(code));
	assert_int_equal(code_record_read(code, sizeof(code), 0, &record), 0);
	code[0] = NA_KEY_TOTAL;
	assert_int_equal(code_record_read(code, sizeof(code), 0, &record), 0);
}

static void finds_the_kind_of_a_key(void **state)
{
	struct na_key key = sample_key("10.0.0.1", "8.8.8.8", 6, 1, 2);
	int kind;

	(void)state;
	for (kind = NA_KEY_KINDS - 1; kind >= 0; kind--) {
		struct na_key coarse = key;

		key_coarsen(&coarse, (enum na_key_kind)kind);
		assert_int_equal(code_kind_of(&coarse), kind);
	}
}

static void sorts_by_code(void **state)
{
	struct flow_record records[3] = {
		{.key = sample_key("10.0.0.3", "8.8.8.8", 6, 0, 0)},
		{.key = sample_key("10.0.0.1", "8.8.8.8", 6, 0, 0)},
		{.key = sample_key("10.0.0.2", "8.8.8.8", 6, 0, 0)},
	};
	struct code_order *order;

	(void)state;
	assert_int_equal(code_sort(records, 3, NA_KEY_HOST_PAIR, &order), 0);
	assert_ptr_equal(order[0].record, &records[1]);
	assert_ptr_equal(order[1].record, &records[2]);
	assert_ptr_equal(order[2].record, &records[0]);
	free(order);
}

static void names_levels(void **state)
{
	enum history_level level, found;

	(void)state;
	for (level = 0; level < HISTORY_LEVELS; level++) {
		assert_int_equal(history_level_parse(history_level_name(level), &found), 0);
		assert_int_equal(found, level);
	}
	assert_int_equal(history_level_parse("hou", &found), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_keys_of_all_kinds),
		cmocka_unit_test(leaves_out_owner_and_direction),
		cmocka_unit_test(keeps_records),
		cmocka_unit_test(refuses_what_is_no_record),
		cmocka_unit_test(finds_the_kind_of_a_key),
		cmocka_unit_test(sorts_by_code),
		cmocka_unit_test(names_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>

#include "../../src/record/summary.h"
#include "sample_stream.h"

#define ADDRESSES 40000
#define THREADS 4

static const size_t local = offsetof(struct flow_record, key.local);

/* Each address twice, half of them mapped IPv4, zero and all ones among them. */
static struct flow_record *twice(size_t addresses)
{
	struct flow_record *records = calloc(2 * addresses, sizeof(*records));
	size_t i;

	assert_non_null(records);
	for (i = 0; i < 2 * addresses; i++) {
		uint32_t *address = records[i].key.local, number = (uint32_t)(i % addresses);

		records[i].key.what = NA_WHAT_SET;
		address[3] = number / 2 * 2654435761u;
		if (number % 2)
			address[2] = htonl(0xffff);
		else
			address[0] = number % 3 ? 0 : UINT32_MAX;
	}
	return records;
}

struct share {
	struct address_set *set;
	const struct flow_record *records;
	size_t count, new;
	int err;
};

static void *add_share(void *argument)
{
	struct share *share = argument;

	share->err = address_set_add(share->set, share->records, share->count, &share->new);
	return NULL;
}

/* All threads add the same, each from the beginning. */
static void threads_share_a_set(void **state)
{
	struct flow_record *records = twice(ADDRESSES);
	struct share shares[THREADS];
	pthread_t threads[THREADS];
	struct address_set *set;
	size_t i, new = 0;

	(void)state;
	assert_int_equal(address_set_new(&set, ADDRESSES, local), 0);
	for (i = 0; i < THREADS; i++) {
		shares[i] = (struct share){set, records, 2 * ADDRESSES, 0, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, add_share, &shares[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(shares[i].err, 0);
		new += shares[i].new;
	}
	assert_int_equal(new, ADDRESSES);
	address_set_free(set);
	free(records);
}

static size_t count_new(struct address_set *set, const char *text, uint32_t what)
{
	struct flow_record record = {.key.what = what};
	size_t new = 0;
	uint32_t ignored = 0;

	if (text)
		sample_address(text, record.key.local, &ignored);
	assert_int_equal(address_set_add(set, &record, 1, &new), 0);
	return new;
}

static void tells_addresses_apart(void **state)
{
	static const char *const addresses[] = {
		"0.0.0.0", "255.255.255.255", "::", "::1", "::10.0.0.1", "10.0.0.1", "2001:db8::1"};
	struct address_set *set;
	size_t i;

	(void)state;
	assert_int_equal(address_set_new(&set, 8, local), 0);
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		assert_int_equal(count_new(set, addresses[i], NA_WHAT_SET), 1);
		assert_int_equal(count_new(set, addresses[i], NA_WHAT_SET), 0);
	}
	assert_int_equal(count_new(set, "10.0.0.1", NA_WHAT_SET | NA_WHAT_IPV4), 0);
	assert_int_equal(count_new(set, NULL, 0), 0); /* a record without a key */
	assert_int_equal(count_new(set, "10.0.0.2", 0), 0);
	address_set_free(set);
}

static void fills_to_the_brim(void **state)
{
	struct flow_record *records = twice(1000);
	struct address_set *set;
	size_t new = 0;

	(void)state;
	assert_int_equal(address_set_new(&set, 1000, local), 0);
	assert_int_equal(address_set_add(set, records, 2000, &new), 0);
	assert_int_equal(new, 1000);
	address_set_free(set);
	new = 0;
	assert_int_equal(address_set_new(&set, 100, local), 0);
	assert_int_equal(address_set_add(set, records, 2000, &new), -ENOSPC);
	address_set_free(set);
	assert_int_equal(address_set_new(&set, SIZE_MAX, local), -ENOMEM);
	free(records);
}

static void summaries_merge(void **state)
{
	struct reading reading = sample_many(NA_KEY_FLOW, 5000);
	struct summary all, left = {0}, right = {0};
	struct summary_addresses addresses;

	(void)state;
	assert_int_equal(records_summarise(reading.records, 5000, NA_KEY_FLOW, &all), 0);
	assert_int_equal(all.records, 5000);
	assert_int_equal(summary_addresses_init(&addresses, NA_KEY_FLOW, 5000), 0);
	assert_int_equal(summary_add(&left, &addresses, reading.records, 1234), 0);
	assert_int_equal(summary_add(&right, &addresses, reading.records + 1234, 5000 - 1234), 0);
	summary_merge(&left, &right);
	assert_memory_equal(&left, &all, sizeof(all));
	summary_addresses_clear(&addresses);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_a_set),
		cmocka_unit_test(tells_addresses_apart),
		cmocka_unit_test(fills_to_the_brim),
		cmocka_unit_test(summaries_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

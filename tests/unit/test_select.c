// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>

#include "../../src/output/column.h"
#include "sample_stream.h"

static struct reading some_flows(void)
{
	const struct flow_record records[] = {
		sample_record(sample_key("10.0.0.2", "8.8.8.8", 17, 9, 53), 100, 0),
		sample_record(sample_key("10.0.0.10", "1.1.1.1", 6, 8, 443), 500, 500),
		sample_record(sample_key("2001:db8::1", "2001:db8::2", 58, 0, 0), 100, 0),
		sample_record(sample_key("10.0.0.2", "8.8.4.4", 17, 9, 53), 0, 100),
	};

	return sample_reading(NA_KEY_FLOW, records, 4);
}

/* The order in which the remote addresses come out. */
static void check_order(struct selection selection, const char *expected)
{
	struct reading reading = some_flows();
	const struct column *remote = column_find("destination_ip");
	struct column_context context;
	char order[256], *out = order, why[256];
	size_t i;

	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	column_context_init(&context, &reading, NULL);
	for (i = 0; i < reading.shown; i++) {
		out = column_write(remote, &context, &reading.records[i], out);
		*out++ = ' ';
	}
	*out = '\0';
	assert_string_equal(order, expected);
	reading_clear(&reading);
}

static void sorts_by_field(void **state)
{
	(void)state;
	/* Equal totals go by local, then remote address. */
	check_order((struct selection){0}, "1.1.1.1 8.8.4.4 8.8.8.8 2001:db8::2 ");
	check_order((struct selection){.sort = "total_bytes", .top = 2}, "1.1.1.1 8.8.4.4 ");
	check_order((struct selection){.top = 9}, "1.1.1.1 8.8.4.4 8.8.8.8 2001:db8::2 ");
	check_order((struct selection){.sort = "source_ip"},
		    "8.8.4.4 8.8.8.8 1.1.1.1 2001:db8::2 ");
	check_order((struct selection){.sort = "destination_ip"},
		    "1.1.1.1 8.8.4.4 8.8.8.8 2001:db8::2 ");
	check_order((struct selection){.sort = "protocol"}, "2001:db8::2 1.1.1.1 8.8.4.4 8.8.8.8 ");
	check_order((struct selection){.sort = "source_port"},
		    "8.8.4.4 8.8.8.8 1.1.1.1 2001:db8::2 ");
	check_order((struct selection){.sort = "rx_bytes"}, "1.1.1.1 8.8.8.8 2001:db8::2 8.8.4.4 ");
}

/* Only the first ones of all, and the others still there, as qsort(3) would have them. */
static void picks_the_top(void **state)
{
	static const size_t tops[] = {1, 2, 7, 100, 1000, 1999};
	struct selection selection = {0};
	struct reading all, top;
	uint64_t sum;
	char why[256];
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(tops); i++) {
		for (j = 0; j < 4; j++) {
			selection.sort =
				(const char *[]){NULL, "source_ip", "protocol", "rx_packets"}[j];
			all = sample_many(NA_KEY_FLOW, 2000);
			top = sample_many(NA_KEY_FLOW, 2000);
			selection.top = 0;
			assert_int_equal(output_select(&all, 1, &selection, why), 0);
			selection.top = tops[i];
			assert_int_equal(output_select(&top, 1, &selection, why), 0);
			assert_int_equal(top.shown, tops[i]);
			assert_memory_equal(top.records, all.records,
					    tops[i] * sizeof(*top.records));
			/* each has its own number of received packets */
			for (sum = 0, selection.top = 0; selection.top < 2000; selection.top++)
				sum += 1 + top.records[selection.top].rx.packets;
			assert_int_equal(sum, 2000 * 2001 / 2);
			reading_clear(&all);
			reading_clear(&top);
		}
	}
}

static void leaves_the_order_alone(void **state)
{
	struct reading reading = some_flows(), expected = some_flows();
	struct selection selection = {.any_order = true};
	char why[256];

	(void)state;
	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	assert_memory_equal(reading.records, expected.records, 4 * sizeof(*reading.records));
	assert_int_equal(reading.shown, 4);
	reading_clear(&reading);
	reading_clear(&expected);
}

static void aggregates_by_key(void **state)
{
	struct reading reading = some_flows();
	struct selection selection = {.by_set = true, .by = NA_KEY_HOST, .top = 1};
	char why[256] = "";

	(void)state;
	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	assert_int_equal(reading.key, NA_KEY_HOST);
	assert_int_equal(reading.count, 3);
	assert_int_equal(reading.shown, 1);
	assert_int_equal(reading.records[0].rx.bytes, 500);
	assert_int_equal(reading.records[1].rx.bytes + reading.records[1].tx.bytes, 200);
	reading_clear(&reading);
}

static void refuses_with_a_reason(void **state)
{
	struct reading readings[] = {some_flows(), sample_reading(NA_KEY_HOST, NULL, 0)};
	struct selection selection = {.sort = "speed"};
	char why[256] = "";

	(void)state;
	assert_int_equal(output_select(readings, 1, &selection, why), -EINVAL);
	assert_non_null(strstr(why, "speed"));
	assert_non_null(strstr(why, "fragment"));
	selection = (struct selection){.by_set = true, .by = NA_KEY_REMOTE};
	assert_int_equal(output_select(readings, 2, &selection, why), -EINVAL);
	assert_string_equal(why, "the key remote cannot be told from records by host");
	assert_int_equal(readings[0].key, NA_KEY_FLOW); /* nothing is done by halves */
	assert_int_equal(readings[0].count, 4);
	selection = (struct selection){.sort = "protocol"};
	assert_int_equal(output_select(readings, 2, &selection, why), -EINVAL);
	assert_string_equal(why, "records by host have no field protocol");
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
}

static void names_every_field(void **state)
{
	const char *at = output_sort_fields();
	size_t i;

	(void)state;
	for (i = 0; i < columns_count; i++) {
		assert_int_equal(strncmp(at, columns[i].name, strlen(columns[i].name)), 0);
		at += strlen(columns[i].name);
		assert_int_equal(strncmp(at, ", ", strlen(at) < 2 ? strlen(at) : 2), 0);
		at += strlen(at) < 2 ? 0 : 2;
	}
	assert_string_equal(at, "");
}

static int by_total(const void *left, const void *right)
{
	const struct flow_record *a = left, *b = right;
	uint64_t first = a->rx.bytes + a->tx.bytes, second = b->rx.bytes + b->tx.bytes;

	if (first != second)
		return first < second ? 1 : -1;
	return memcmp(&a->key.remote, &b->key.remote, sizeof(a->key.remote));
}

/* Against qsort(3): wide figures, many ties, every length of a run. */
static void sorts_many(void **state)
{
	static const uint64_t spread[] = {1, 3, 1000, UINT64_MAX};
	static const size_t counts[] = {0, 1, 2, 23, 24, 25, 1000, 60000};
	struct flow_record *records = calloc(60000, sizeof(*records));
	struct selection selection = {0};
	struct reading reading;
	char why[256];
	size_t i, j, k;

	(void)state;
	srandom(1);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		for (j = 0; j < ARRAY_SIZE(spread); j++) {
			for (k = 0; k < counts[i]; k++) {
				memset(&records[k], 0, sizeof(records[k]));
				records[k].rx.bytes =
					((uint64_t)random() << 33 ^ (uint64_t)random()) % spread[j];
				records[k].key.remote[0] = htonl((uint32_t)random() % 50);
				records[k].key.remote[3] = htonl((uint32_t)k ^ 0x55);
			}
			reading = sample_reading(NA_KEY_FLOW, records, counts[i]);
			assert_int_equal(output_select(&reading, 1, &selection, why), 0);
			qsort(records, counts[i], sizeof(*records), by_total);
			assert_memory_equal(reading.records, records, counts[i] * sizeof(*records));
			reading_clear(&reading);
		}
	}
	free(records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_by_field),
		cmocka_unit_test(picks_the_top),
		cmocka_unit_test(leaves_the_order_alone),
		cmocka_unit_test(aggregates_by_key),
		cmocka_unit_test(refuses_with_a_reason),
		cmocka_unit_test(names_every_field),
		cmocka_unit_test(sorts_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

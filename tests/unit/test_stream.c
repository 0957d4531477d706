// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done with the records of a stream before they are rendered. */
#include <netacct/cleanup.h>

#include "sample_stream.h"

#define MANY 12345

static void check_same(const struct reading *reading, const struct reading *expected)
{
	assert_null(reading->stream);
	assert_int_equal(reading->key, expected->key);
	assert_int_equal(reading->count, expected->count);
	assert_int_equal(reading->shown, expected->shown);
	assert_memory_equal(reading->records, expected->records,
			    expected->count * sizeof(*expected->records));
}

static void collects_into_the_array(void **state)
{
	struct reading expected = sample_many(NA_KEY_FLOW, MANY);
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	int closed = 0;

	(void)state;
	assert_int_equal(reading_collect(&reading), 0); /* nothing to do */
	check_same(&reading, &expected);
	sample_to_stream(&reading)->closed = &closed;
	reading.stream->room = 1; /* a hint alone */
	assert_int_equal(reading_collect(&reading), 0);
	check_same(&reading, &expected);
	assert_int_equal(closed, 1);
	sample_to_stream(&reading)->closed = &closed;
	reading_clear(&reading);
	assert_int_equal(closed, 2);
	reading_clear(&expected);
}

static void keeps_what_is_stale(void **state)
{
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	struct selection selection = {.by_set = true, .by = NA_KEY_HOST};
	int closed = 0;
	char why[256];

	(void)state;
	sample_to_stream(&reading)->checks = 0;
	((struct sample_stream *)(void *)reading.stream)->closed = &closed;
	assert_int_equal(reading_collect(&reading), -ESTALE);
	assert_int_equal(output_select(&reading, 1, &selection, why), -ESTALE);
	selection.by_set = false;
	assert_int_equal(output_select(&reading, 1, &selection, why), -ESTALE);
	assert_non_null(reading.stream);
	assert_int_equal(closed, 0);
	reading_clear(&reading);
	assert_int_equal(closed, 1);
}

static void check_selection(struct selection selection)
{
	struct reading expected = sample_many(NA_KEY_FLOW, MANY);
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	char why[256];

	sample_to_stream(&reading);
	assert_int_equal(output_select(&expected, 1, &selection, why), 0);
	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	check_same(&reading, &expected);
	reading_clear(&reading);
	reading_clear(&expected);
}

static void selects_as_from_an_array(void **state)
{
	(void)state;
	check_selection((struct selection){0});
	check_selection((struct selection){.sort = "source_ip", .top = 10});
	check_selection((struct selection){.by_set = true, .by = NA_KEY_TOTAL});
	check_selection((struct selection){.by_set = true, .by = NA_KEY_HOST, .any_order = true});
	check_selection((struct selection){.by_set = true, .by = NA_KEY_REMOTE, .top = 3});
}

static void stays_a_stream_in_any_order(void **state)
{
	struct selection selection = {.any_order = true};
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	char why[256];

	(void)state;
	sample_to_stream(&reading);
	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	assert_non_null(reading.stream);
	selection = (struct selection){.by_set = true, .by = NA_KEY_FLOW, .any_order = true};
	assert_int_equal(output_select(&reading, 1, &selection, why), 0);
	assert_non_null(reading.stream);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collects_into_the_array),
		cmocka_unit_test(keeps_what_is_stale),
		cmocka_unit_test(selects_as_from_an_array),
		cmocka_unit_test(stays_a_stream_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

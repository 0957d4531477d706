// SPDX-License-Identifier: GPL-2.0-or-later
/* Streams and large arrays, rendered by one thread and by several. */
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <signal.h>
#include <unistd.h>

#include "sample_json.h"
#include "sample_stream.h"

#define MANY 30000

static struct output_options options_for(enum output_format format, unsigned int threads)
{
	return (struct output_options){.format = format, .threads = threads};
}

static char *rendered(enum output_format format, unsigned int threads, bool stream, size_t count)
{
	struct output_options options = options_for(format, threads);
	struct reading reading = sample_many(NA_KEY_FLOW, count);
	char *text;

	if (stream)
		sample_to_stream(&reading);
	text = sample_output(&options, &reading, 1);
	reading_clear(&reading);
	return text;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The lines in the order of their bytes. */
static char **lines_of(char *text, size_t *ret_count)
{
	char **lines = calloc(MANY + 100, sizeof(*lines)), *rest = NULL, *line;
	size_t count = 0;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		assert_in_range(count, 0, MANY + 99);
		lines[count++] = line;
	}
	qsort(lines, count, sizeof(*lines), by_text);
	*ret_count = count;
	return lines;
}

static void check_same_lines(char *text, char *expected)
{
	size_t count, expected_count, i;
	char **lines = lines_of(text, &count), **others = lines_of(expected, &expected_count);

	assert_int_equal(count, expected_count);
	for (i = 0; i < count; i++)
		assert_string_equal(lines[i], others[i]);
	free(lines);
	free(others);
}

/* The source's line, the header and all records, whatever the order. */
static void streams_give_the_same_lines(void **state)
{
	static const enum output_format formats[] = {OUTPUT_NDJSON, OUTPUT_CSV};
	size_t i;
	unsigned int threads;
	char *array, *stream;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		for (threads = 1; threads <= 4; threads += 3) {
			array = rendered(formats[i], 1, false, MANY);
			stream = rendered(formats[i], threads, true, MANY);
			if (formats[i] == OUTPUT_NDJSON)
				assert_non_null(strstr(strstr(stream, "\"type\":\"flow\""),
						       "\"type\":\"source\""));
			check_same_lines(stream, array);
			free(array);
			free(stream);
		}
	}
}

static void order_does_not_depend_on_threads(void **state)
{
	static const enum output_format formats[] = {OUTPUT_JSON, OUTPUT_NDJSON, OUTPUT_CSV};
	char *one, *four;
	size_t i, stream;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		for (stream = 0; stream < 2; stream++) {
			one = rendered(formats[i], 1, stream, MANY);
			four = rendered(formats[i], 4, stream, MANY);
			assert_string_equal(one, four);
			free(one);
			free(four);
		}
	}
}

static void check_equal_at(struct json_object *left, struct json_object *right, const char *path)
{
	assert_true(json_object_equal(at(left, path), at(right, path)));
}

static void check_document(size_t count, unsigned int threads, bool pretty)
{
	static const char *const paths[] = {"sources/0/id",
					    "sources/0/metadata",
					    "sources/0/summary",
					    "sources/0/balance",
					    "sources/0/protocol_breakdown",
					    "sources/0/traffic_data",
					    "sources/0/whitelist_info"};
	struct output_options options = options_for(OUTPUT_JSON, threads);
	struct reading reading = sample_many(NA_KEY_FLOW, count);
	struct json_object *array, *stream;
	size_t i;

	options.pretty = pretty;
	array = document(&options, &reading, 1);
	sample_to_stream(&reading);
	stream = document(&options, &reading, 1);
	check_names(at(stream, "sources/0"), "id traffic_data metadata summary balance "
					     "protocol_breakdown whitelist_info ");
	for (i = 0; i < ARRAY_SIZE(paths); i++)
		check_equal_at(stream, array, paths[i]);
	assert_int_equal(number_at(stream, "sources/0/metadata/total_entries"), count);
	json_object_put(array);
	json_object_put(stream);
	reading_clear(&reading);
}

static void json_of_a_stream(void **state)
{
	(void)state;
	check_document(0, 1, false);
	check_document(0, 4, true);
	check_document(1, 4, false);
	check_document(MANY, 1, false);
	check_document(MANY, 4, true);
}

/* A name at its longest: one part's text is more than a thread's memory. */
static void long_lines(void **state)
{
	const struct output_options options = options_for(OUTPUT_NDJSON, 4);
	struct reading reading = sample_many(NA_KEY_FLOW, 5000);
	size_t lines = 0;
	char *text, *end;

	(void)state;
	free(reading.namespace);
	reading.namespace = calloc(1, 4096);
	memset(reading.namespace, 'n', 4095);
	sample_to_stream(&reading);
	text = sample_output(&options, &reading, 1);
	for (end = text; (end = strchr(end, '\n')); end++)
		lines++;
	assert_int_equal(lines, 5001);
	free(text);
	reading_clear(&reading);
}

static void stale_in_the_middle(void **state)
{
	static const enum output_format formats[] = {OUTPUT_JSON, OUTPUT_NDJSON, OUTPUT_CSV};
	struct output_options options;
	struct sample_stream *stream;
	struct reading reading;
	size_t i, size;
	unsigned int threads;
	char *text;
	FILE *file;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		for (threads = 1; threads <= 4; threads += 3) {
			options = options_for(formats[i], threads);
			reading = sample_many(NA_KEY_FLOW, MANY);
			stream = sample_to_stream(&reading);
			stream->checks = 17;
			file = open_memstream(&text, &size);
			assert_int_equal(output_readings(file, &options, &reading, 1), -ESTALE);
			fclose(file);
			assert_true(formats[i] != OUTPUT_JSON || !json_tokener_parse(text));
			assert_null(strstr(text, "\"summary\""));
			free(text);
			reading_clear(&reading);
		}
	}
}

static void check_fails(FILE *file, unsigned int threads, int error)
{
	const struct output_options options = options_for(OUTPUT_JSON, threads);
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);

	sample_to_stream(&reading);
	assert_non_null(file);
	assert_int_equal(output_readings(file, &options, &reading, 1), error);
	reading_clear(&reading);
	fclose(file);
}

static void failed_writes_end_it(void **state)
{
	unsigned int threads;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (threads = 1; threads <= 4; threads += 3) {
		check_fails(fopen("/dev/full", "w"), threads, -ENOSPC);
		assert_int_equal(pipe(ends), 0);
		close(ends[0]);
		check_fails(fdopen(ends[1], "w"), threads, -EPIPE);
	}
}

/* What the contract forbids ends with an error, not in a loop. */
static void more_than_there_is_room_for(void **state)
{
	const struct output_options options = options_for(OUTPUT_JSON, 4);
	struct reading reading = sample_many(NA_KEY_FLOW, MANY);
	FILE *file = fopen("/dev/null", "w");

	(void)state;
	sample_to_stream(&reading)->stream.room = 10;
	assert_int_equal(output_readings(file, &options, &reading, 1), -ENOSPC);
	reading_clear(&reading);
	fclose(file);
}

static void the_table_takes_none(void **state)
{
	const struct output_options options = options_for(OUTPUT_TABLE, 1);
	struct reading reading = sample_many(NA_KEY_FLOW, 10);
	FILE *file = fopen("/dev/null", "w");

	(void)state;
	sample_to_stream(&reading);
	assert_int_equal(output_readings(file, &options, &reading, 1), -EINVAL);
	reading_clear(&reading);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_give_the_same_lines),
		cmocka_unit_test(order_does_not_depend_on_threads),
		cmocka_unit_test(json_of_a_stream),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(stale_in_the_middle),
		cmocka_unit_test(failed_writes_end_it),
		cmocka_unit_test(more_than_there_is_room_for),
		cmocka_unit_test(the_table_takes_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

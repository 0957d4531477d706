// SPDX-License-Identifier: GPL-2.0-or-later
/* Output files of lines: what was counted since the drain before. */
#include <signal.h>
#include <sys/resource.h>

#include "files_desk.h"

/* What the lines of a file say together; each of them is whole. */
struct lines {
	size_t sources, flows;
	uint64_t rx_bytes, summary_rx_bytes;
	char since[32], id[32], last_seen[32]; /* of the last line that has it */
};

static void read_line(struct json_object *line, struct lines *lines)
{
	snprintf(lines->id, sizeof(lines->id), "%s", text_at(line, "id"));
	if (!strcmp(text_at(line, "type"), "source")) {
		lines->sources++;
		lines->summary_rx_bytes += number_at(line, "summary/total_rx_bytes");
		snprintf(lines->since, sizeof(lines->since), "%s", text_at(line, "metadata/since"));
		return;
	}
	assert_string_equal(text_at(line, "type"), "flow");
	lines->flows++;
	lines->rx_bytes += number_at(line, "rx_bytes");
	snprintf(lines->last_seen, sizeof(lines->last_seen), "%s", text_at(line, "last_updated"));
}

static struct lines read_lines(const char *path)
{
	char *text = desk_text(path), *line, *end;
	struct lines lines = {0};

	for (line = text; *line; line = end + 1) {
		struct json_object *object;

		end = strchr(line, '\n');
		assert_non_null(end);
		object = parse(line, (size_t)(end - line));
		read_line(object, &lines);
		json_object_put(object);
	}
	free(text);
	assert_int_equal(lines.rx_bytes, lines.summary_rx_bytes);
	return lines;
}

static void of_lines(struct desk *desk)
{
	desk->instances[0].output_format = CONFIG_NDJSON;
	desk_open(desk);
}

DESK_TEST(a_line_a_record)
{
	struct flow_record records[] = {lab_record(&desk->lab, 1, 100, 0),
					lab_record(&desk->lab, 2, 200, 0)};
	struct lines lines;

	of_lines(desk);
	desk_add(desk, 0, records, 2);
	desk_write(desk);
	desk_drain(desk, 0, 1, 50, 0);
	lines = read_lines(desk->path[0]);
	assert_int_equal(lines.sources, 2);
	assert_int_equal(lines.flows, 3);
	assert_int_equal(lines.rx_bytes, 350);
	assert_string_equal(lines.id, "host--eth0");
	assert_string_equal(lines.since, "2026-11-22T12:00:05Z");
	assert_string_equal(lines.last_seen, "2026-11-22T12:00:09Z");
	assert_int_equal(desk_mode(desk->path[0]), 0640);
}

/* Nor does a file grow while nothing is counted. */
DESK_TEST(nothing_is_no_line)
{
	of_lines(desk);
	desk_drain(desk, 0, 1, 50, 0);
	desk_add(desk, 0, NULL, 0);
	desk_write(desk);
	desk_write(desk);
	assert_int_equal(read_lines(desk->path[0]).sources, 1);
	assert_int_equal(read_lines(desk->path[0]).flows, 1);
}

DESK_TEST(goes_on_after_a_restart)
{
	of_lines(desk);
	desk_drain(desk, 0, 1, 50, 0);
	desk_close(desk);
	desk_open(desk);
	desk_write(desk);
	desk_drain(desk, 0, 1, 20, 0);
	assert_int_equal(read_lines(desk->path[0]).flows, 2);
	assert_int_equal(read_lines(desk->path[0]).rx_bytes, 70);
	assert_int_equal(desk->sentences, 0);
}

/* A crash left half a line: what follows is whole. */
DESK_TEST(after_half_a_line)
{
	static const char begin[] = "{\"type\":\"flow\",\"sch\n{\"type\":\"source\",";
	char *text, *rest;

	desk_put(desk->path[0], "{\"type\":\"flow\",\"sch");
	of_lines(desk);
	desk_drain(desk, 0, 1, 50, 0);
	text = desk_text(desk->path[0]);
	assert_int_equal(strncmp(text, begin, sizeof(begin) - 1), 0);
	rest = strchr(text, '\n') + 1;
	desk_put(desk->path[0], rest);
	assert_int_equal(read_lines(desk->path[0]).flows, 1);
	free(text);
}

static void limit_files(rlim_t bytes)
{
	const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#define MANY 500

/* A full disk: no half line stays, and all of it comes when there is room again. */
DESK_TEST(a_write_that_fails)
{
	struct flow_record records[MANY];
	struct stat before, after;
	struct lines lines;
	uint32_t i;

	for (i = 0; i < MANY; i++)
		records[i] = lab_record(&desk->lab, i, 100, 0);
	of_lines(desk);
	desk_drain(desk, 0, 1, 50, 0);
	assert_int_equal(stat(desk->path[0], &before), 0);
	for (i = 0; i < 3; i++) {
		desk_add(desk, 0, records, MANY);
		limit_files((rlim_t)before.st_size + 100 + 20000 * i);
		assert_int_equal(files_write(desk->files, &desk->why), -EFBIG);
		limit_files(RLIM_INFINITY);
		assert_non_null(strstr(desk->why.text, desk->path[0]));
		assert_int_equal(stat(desk->path[0], &after), 0);
		assert_int_equal(after.st_size, before.st_size);
	}
	desk_write(desk);
	lines = read_lines(desk->path[0]);
	assert_int_equal(lines.sources, 2);
	assert_int_equal(lines.flows, 1 + MANY);
	assert_int_equal(lines.rx_bytes, 50 + 3 * 100 * MANY);
	/* from the first one on that could not be written */
	assert_string_equal(lines.since, "2026-11-22T12:00:05Z");
}

/* The cumulative file, too: the old one stays whole. */
DESK_TEST(a_document_that_cannot_be_written)
{
	struct flow_record records[MANY];
	char name[400];
	uint32_t i;

	for (i = 0; i < MANY; i++)
		records[i] = lab_record(&desk->lab, i, 100, 0);
	desk_open(desk);
	desk_drain(desk, 0, 1, 50, 0);
	desk_add(desk, 0, records, MANY);
	limit_files(20000);
	assert_int_equal(files_write(desk->files, &desk->why), -EFBIG);
	limit_files(RLIM_INFINITY);
	desk_check(desk->path[0], 1, 50, 0);
	assert_int_equal(desk_names(desk, ".new", name), 0);
	desk_write(desk);
	desk_check(desk->path[0], MANY, 50 + 100 * MANY, 0);
}

/* After SIGUSR1 the lines go into a new file; before it, where the old one went. */
DESK_TEST(renamed_away)
{
	char old[160];

	snprintf(old, sizeof(old), "%s.1", desk->path[0]);
	of_lines(desk);
	desk_drain(desk, 0, 1, 50, 0);
	assert_int_equal(rename(desk->path[0], old), 0);
	desk_drain(desk, 0, 1, 5, 0);
	assert_int_equal(access(desk->path[0], F_OK), -1);
	files_reopen(desk->files);
	desk_drain(desk, 0, 1, 7, 0);
	assert_int_equal(read_lines(old).rx_bytes, 55);
	assert_int_equal(read_lines(desk->path[0]).rx_bytes, 7);
}

/* What cannot be written for days has no more rows in memory than the totals may have. */
DESK_TEST(waits_within_bounds)
{
	uint32_t host;

	desk->config.history_settings.max_totals = 4;
	of_lines(desk);
	assert_int_equal(mkdir(desk->path[0], 0700), 0);
	for (host = 1; host <= 20; host++) {
		struct flow_record record = lab_record(&desk->lab, host, 10, 0);

		desk_add(desk, 0, &record, 1);
		assert_int_equal(files_write(desk->files, &desk->why), -EOPNOTSUPP);
	}
	assert_int_equal(rmdir(desk->path[0]), 0);
	desk_write(desk);
	assert_int_equal(read_lines(desk->path[0]).flows, 5);
	assert_int_equal(read_lines(desk->path[0]).rx_bytes, 200);
}

DESK_TEST(one_file_for_two)
{
	struct flow_record record = lab_record(&desk->lab, 1, 10, 0);

	desk->config.count = 2;
	desk->instances[1].output_file = desk->path[0];
	desk->instances[1].output_format = CONFIG_NDJSON;
	of_lines(desk);
	desk_add(desk, 0, &record, 1);
	desk_add(desk, 1, &record, 1);
	desk_write(desk);
	assert_int_equal(read_lines(desk->path[0]).sources, 2);
	assert_int_equal(read_lines(desk->path[0]).rx_bytes, 20);
	desk_drain(desk, 1, 1, 5, 0);
	assert_int_equal(read_lines(desk->path[0]).sources, 3);
	assert_string_equal(read_lines(desk->path[0]).id, "host--eth1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_a_record),
		cmocka_unit_test(nothing_is_no_line),
		cmocka_unit_test(goes_on_after_a_restart),
		cmocka_unit_test(after_half_a_line),
		cmocka_unit_test(a_write_that_fails),
		cmocka_unit_test(a_document_that_cannot_be_written),
		cmocka_unit_test(waits_within_bounds),
		cmocka_unit_test(renamed_away),
		cmocka_unit_test(one_file_for_two),
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

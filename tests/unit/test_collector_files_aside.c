// SPDX-License-Identifier: GPL-2.0-or-later
/* What is not written to, and what is set aside. */
#include "files_desk.h"

static void check_aside(struct desk *desk, const char *text, size_t before)
{
	unsigned int sentences = desk->sentences;
	char name[400], *found;

	desk_put(desk->path[0], text);
	desk_open(desk);
	assert_int_equal(desk->sentences, sentences + 1);
	assert_non_null(strstr(desk->said, desk->path[0]));
	assert_int_equal(access(desk->path[0], F_OK), -1);
	assert_int_equal(desk_names(desk, ".set-aside-", name), before + 1);
	found = strstr(desk->said, "it is now ") + strlen("it is now ");
	found = desk_text(found);
	assert_string_equal(found, text);
	free(found);
	desk_drain(desk, 0, 1, 10, 0);
	desk_close(desk);
	/* ours now: nothing more is said */
	desk_open(desk);
	desk_close(desk);
	assert_int_equal(desk->sentences, sentences + 1);
}

/* All of them within a second, too. */
DESK_TEST(garbage_is_set_aside)
{
	static const char *const garbage[] = {
		"",
		"nonsense",
		"{\"schema\": \"netacct/1\", \"sources\": [{\"id\": ",
		"[]",
		"{\"something\": 1}",
		"{\"type\":\"source\"}\n{\"type\":\"flow\"}\n",
		"{\"traffic_data\": [{\"source_ip\": \"nonsense\"}]}",
		"{\"sources\": [{\"id\": \"host--eth9\", \"traffic_data\": []}, {}]}",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(garbage); i++)
		check_aside(desk, garbage[i], i);
	desk_check(desk->path[0], 1, 10 * ARRAY_SIZE(garbage), 0);
}

/* A line for each drain does not go into a document; the document's totals are kept. */
DESK_TEST(a_document_in_the_place_of_lines)
{
	struct history_totals totals;
	char name[400], *text;

	desk->instances[0].output_format = CONFIG_NDJSON;
	desk_put(desk->path[0], DESK_FIRST_TOOL);
	desk_open(desk);
	assert_int_equal(desk->sentences, 1);
	assert_int_equal(desk_names(desk, ".set-aside-", name), 1);
	text = desk_text(name);
	assert_string_equal(text, DESK_FIRST_TOOL);
	free(text);
	assert_int_equal(
		history_book(desk->lab.history, "eth0", "host--eth0", &totals, &desk->lab.why), 0);
	assert_int_equal(totals.count, 2);
	history_totals_clear(&totals);
	desk_drain(desk, 0, 1, 10, 0);
	desk_close(desk);
	desk_open(desk);
	assert_int_equal(desk->sentences, 1);
}

static void check_refused(struct desk *desk, const char *words)
{
	size_t format;
	char name[400];

	for (format = CONFIG_JSON; format <= CONFIG_NDJSON; format++) {
		struct flow_record record = lab_record(&desk->lab, 1, 10, 0);

		desk->instances[0].output_format = (enum config_output)format;
		desk_open(desk);
		desk_add(desk, 0, &record, 1);
		assert_true(files_write(desk->files, &desk->why) < 0);
		assert_non_null(strstr(desk->why.text, desk->path[0]));
		assert_non_null(strstr(desk->why.text, words));
		desk_close(desk);
		assert_int_equal(desk->sentences, 0);
		assert_int_equal(desk_names(desk, ".set-aside-", name), 0);
		assert_int_equal(desk_names(desk, ".new", name), 0);
	}
}

DESK_TEST(a_symbolic_link_is_refused)
{
	char target[160], *text;

	snprintf(target, sizeof(target), "%s/target", desk->lab.folder);
	desk_put(target, DESK_FIRST_TOOL);
	assert_int_equal(symlink(target, desk->path[0]), 0);
	check_refused(desk, "symbolic link");
	text = desk_text(target);
	assert_string_equal(text, DESK_FIRST_TOOL);
	free(text);
}

/* A pipe stands for /dev/null and the like: it stays what and where it is. */
DESK_TEST(no_regular_file_is_refused)
{
	assert_int_equal(mkfifo(desk->path[0], 0600), 0);
	check_refused(desk, "not a regular file");
	assert_int_equal(desk_mode(desk->path[0]), 0600);
	assert_int_equal(unlink(desk->path[0]), 0);
	assert_int_equal(mkdir(desk->path[0], 0700), 0);
	check_refused(desk, "not a regular file");
	assert_int_equal(rmdir(desk->path[0]), 0);
}

DESK_TEST(a_folder_that_is_missing)
{
	char folder[96];
	size_t format;

	snprintf(folder, sizeof(folder), "%s/logs", desk->lab.folder);
	snprintf(desk->path[0], sizeof(desk->path[0]), "%s/eth0.out", folder);
	for (format = CONFIG_JSON; format <= CONFIG_NDJSON; format++) {
		desk->instances[0].output_format = (enum config_output)format;
		desk_open(desk);
		desk_drain(desk, 0, 1, 10, 0);
		assert_int_equal(desk_mode(folder), 0750);
		assert_int_equal(desk_mode(desk->path[0]), 0640);
		desk_close(desk);
		assert_int_equal(unlink(desk->path[0]), 0);
		assert_int_equal(rmdir(folder), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_is_set_aside),
		cmocka_unit_test(a_document_in_the_place_of_lines),
		cmocka_unit_test(a_symbolic_link_is_refused),
		cmocka_unit_test(no_regular_file_is_refused),
		cmocka_unit_test(a_folder_that_is_missing),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <grp.h>

#include "files_desk.h"

static unsigned int groups_asked;

/* In the place of the C library's: a directory service may take long. */
struct group *getgrnam(const char *name)
{
	static struct group group = {.gr_name = "netacct"};

	assert_string_equal(name, group.gr_name);
	group.gr_gid = getegid();
	groups_asked++;
	return &group;
}

DESK_TEST(sums_of_all_drains)
{
	struct json_object *root;
	char name[400];

	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 200);
	desk_check(desk->path[0], 1, 1000, 200);
	desk_drain(desk, 0, 2, 500, 0);
	desk_drain(desk, 0, 1, 100, 100);
	desk_drain(desk, 0, 1, 0, 0);
	desk_check(desk->path[0], 2, 1600, 300);
	assert_int_equal(desk_mode(desk->path[0]), 0640);
	assert_int_equal(desk_names(desk, ".new", name), 0);
	assert_int_equal(desk->sentences, 0);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "schema"), "netacct/1");
	assert_string_equal(text_at(root, "sources/0/id"), "host--eth0");
	assert_string_equal(text_at(root, "sources/0/metadata/interface"), "eth0");
	assert_string_equal(text_at(root, "sources/0/metadata/attached_at"),
			    "2026-11-22T11:50:00Z");
	assert_string_equal(text_at(root, "sources/0/metadata/timestamp"),
			    "2026-11-22T12:00:20.000000Z");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/source_ip"), "10.0.0.1");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/first_seen"),
			    "2026-11-22T12:00:03Z");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/last_updated"),
			    "2026-11-22T12:00:19Z");
	assert_int_equal(number_at(root, "sources/0/balance/collected/rx_bytes"), 1600);
	assert_int_equal(number_at(root, "sources/0/balance/collected/tx_packets"), 3);
	json_object_put(root);
}

/* The buckets of the meter before are in `earlier`, also where it is the second one. */
DESK_TEST(another_meter)
{
	struct json_object *root;

	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 0);
	desk_replace(desk);
	desk_drain(desk, 0, 1, 100, 0);
	desk_check(desk->path[0], 1, 1100, 0);
	desk_replace(desk);
	desk_drain(desk, 0, 1, 10, 0);
	desk_drain(desk, 0, 2, 1, 0);
	desk_check(desk->path[0], 2, 1111, 0);
	root = desk_document(desk->path[0]);
	assert_int_equal(number_at(root, "sources/0/earlier/seen/rx_bytes"), 1100);
	assert_int_equal(number_at(root, "sources/0/earlier/accounted/rx_packets"), 11);
	assert_string_equal(text_at(root, "sources/0/metadata/attached_at"),
			    "2026-11-22T11:50:02Z");
	json_object_put(root);
}

DESK_TEST(goes_on_after_a_restart)
{
	char since[32];
	struct json_object *root;

	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 50);
	root = desk_document(desk->path[0]);
	snprintf(since, sizeof(since), "%s", text_at(root, "sources/0/metadata/since"));
	json_object_put(root);
	desk_close(desk);
	desk_open(desk);
	desk_write(desk);
	desk_check(desk->path[0], 1, 1000, 50);
	/* the same meter */
	desk_drain(desk, 0, 1, 100, 0);
	desk_check(desk->path[0], 1, 1100, 50);
	desk_close(desk);
	desk_replace(desk);
	desk_open(desk);
	desk_drain(desk, 0, 2, 10, 0);
	desk_check(desk->path[0], 2, 1110, 50);
	desk_close(desk);
	/* what was earlier stays there */
	desk_open(desk);
	desk_drain(desk, 0, 2, 1, 0);
	desk_check(desk->path[0], 2, 1111, 50);
	root = desk_document(desk->path[0]);
	assert_int_equal(number_at(root, "sources/0/earlier/seen/rx_bytes"), 1100);
	json_object_put(root);
	assert_int_equal(desk->sentences, 0);
}

/* Its file still says whose it was. */
DESK_TEST(one_that_does_not_come_again)
{
	struct json_object *root;

	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 50);
	desk_close(desk);
	desk_open(desk);
	desk_write(desk);
	desk_close(desk);
	desk_open(desk);
	desk_write(desk);
	desk_check(desk->path[0], 1, 1000, 50);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/metadata/interface"), "eth0");
	assert_string_equal(text_at(root, "sources/0/metadata/meter"), LAB_UUID);
	assert_string_equal(text_at(root, "sources/0/metadata/timestamp"),
			    "2026-11-22T12:00:05.000000Z");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/last_updated"),
			    "2026-11-22T12:00:04Z");
	json_object_put(root);
}

/* Without the file its records come from the book. */
DESK_TEST(a_file_that_is_lost)
{
	struct json_object *root;

	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 50);
	assert_int_equal(unlink(desk->path[0]), 0);
	desk_write(desk);
	desk_check(desk->path[0], 1, 1000, 50);
	desk_close(desk);
	assert_int_equal(unlink(desk->path[0]), 0);
	desk_open(desk);
	desk_write(desk);
	root = desk_document(desk->path[0]);
	assert_int_equal(number_at(root, "sources/0/summary/total_rx_bytes"), 1000);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/last_updated"),
			    "2026-11-22T12:00:04Z");
	json_object_put(root);
	desk_drain(desk, 0, 1, 100, 0);
	desk_check(desk->path[0], 1, 1100, 50);
}

DESK_TEST(asks_for_the_group_once)
{
	unsigned int before;

	desk_open(desk);
	before = groups_asked;
	desk_drain(desk, 0, 1, 1000, 200);
	desk_drain(desk, 0, 1, 1000, 200);
	assert_int_equal(groups_asked, before);
}

/* Whatever the umask, the group gets in. */
DESK_TEST(makes_the_folder)
{
	mode_t before = umask(077);
	char folder[150], path[160];

	snprintf(folder, sizeof(folder), "%s.d", desk->path[0]);
	snprintf(path, sizeof(path), "%s/file", folder);
	desk->instances[0].output_file = path;
	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 200);
	umask(before);
	assert_int_equal(desk_mode(folder), 0750);
	assert_int_equal(desk_mode(path), 0640);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* After SIGUSR1 the new file has all that the old one had. */
DESK_TEST(renamed_away)
{
	char old[160];

	snprintf(old, sizeof(old), "%s.1", desk->path[0]);
	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 50);
	assert_int_equal(rename(desk->path[0], old), 0);
	files_reopen(desk->files);
	desk_write(desk);
	desk_check(desk->path[0], 1, 1000, 50);
	desk_drain(desk, 0, 1, 100, 0);
	desk_check(desk->path[0], 1, 1100, 50);
	desk_check(old, 1, 1000, 50);
}

DESK_TEST(one_file_for_two)
{
	struct json_object *root;

	desk->config.count = 2;
	desk->instances[1].output_file = desk->path[0];
	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 0);
	desk_drain(desk, 1, 1, 70, 0);
	desk_close(desk);
	desk_open(desk);
	desk_drain(desk, 1, 1, 7, 0);
	root = desk_document(desk->path[0]);
	assert_int_equal(json_object_array_length(at(root, "sources")), 2);
	assert_string_equal(text_at(root, "sources/0/id"), "host--eth0");
	assert_int_equal(number_at(root, "sources/0/summary/total_rx_bytes"), 1000);
	assert_string_equal(text_at(root, "sources/1/id"), "host--eth1");
	assert_int_equal(number_at(root, "sources/1/summary/total_rx_bytes"), 77);
	json_object_put(root);
	assert_int_equal(access(desk->path[1], F_OK), -1);
}

/* Sums stay, whatever is beyond max_totals; in this run, and as the book has it. */
DESK_TEST(other)
{
	struct json_object *root;
	uint32_t host;

	desk->lab.settings.max_totals = desk->config.history_settings.max_totals = 3;
	history_set(desk->lab.history, &desk->lab.settings);
	desk_open(desk);
	for (host = 1; host <= 5; host++)
		desk_drain(desk, 0, host, 1000 + host, 0);
	desk_check(desk->path[0], 4, 5015, 0);
	desk_drain(desk, 0, 1, 100, 0);
	desk_drain(desk, 0, 9, 0, 10000);
	desk_check(desk->path[0], 4, 5115, 10000);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/source_ip"), "other");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/destination_ip"), "other");
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/rx_bytes"), 2009);
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/tx_bytes"), 10000);
	assert_int_equal(number_at(root, "sources/0/traffic_data/1/rx_bytes"), 1101);
	assert_int_equal(number_at(root, "sources/0/summary/unique_source_ips"), 3);
	json_object_put(root);
	lab_maintain(&desk->lab, true);
	desk_close(desk);
	desk_open(desk);
	desk_drain(desk, 0, 9, 1, 0);
	desk_check(desk->path[0], 4, 5116, 10000);
}

/* For the console. */
DESK_TEST(readings_of_an_instance)
{
	const struct reading *readings;
	size_t count;

	desk->config.count = 2;
	desk->instances[1].output_file = NULL;
	desk_open(desk);
	assert_non_null(files_readings(desk->files, 1, &count));
	assert_int_equal(count, 0);
	desk_drain(desk, 0, 1, 1000, 0);
	desk_drain(desk, 1, 1, 10, 0);
	desk_drain(desk, 1, 2, 20, 0);
	readings = files_readings(desk->files, 1, &count);
	assert_int_equal(count, 1);
	assert_string_equal(readings[0].id, "host--eth1");
	assert_int_equal(readings[0].count, 2);
	assert_int_equal(readings[0].records[0].rx.bytes + readings[0].records[1].rx.bytes, 30);
	assert_int_equal(access(desk->path[1], F_OK), -1);
}

#define EXPECTED_SUMMARY                                                \
	"SOURCE                                RX-PACKETS     RX-BYTES" \
	"    TX-PACKETS     TX-BYTES  AS OF\n"                          \
	"host--eth0                                  40      4.0 KiB"   \
	"             2        200 B  2026-11-22T12:00:05Z\n"           \
	"host--eth1                                  10      1.0 KiB"   \
	"             0          0 B  2026-11-22T12:00:10Z\n"           \
	"total                                       50      5.0 KiB"   \
	"             2        200 B\n"

static char *summary(struct desk *desk, int expected)
{
	size_t length = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	desk->why.text[0] = '\0';
	assert_int_equal(files_print_summary(&desk->config, file, &desk->why), expected);
	fclose(file);
	return text;
}

DESK_TEST(summary_of_all)
{
	char *text;

	desk->config.count = 2;
	desk_open(desk);
	desk_drain(desk, 0, 1, 4096, 200);
	desk_drain(desk, 1, 2, 1024, 0);
	text = summary(desk, 0);
	assert_string_equal(text, EXPECTED_SUMMARY);
	free(text);
	desk_put(desk->path[0], "nonsense");
	text = summary(desk, -EINVAL);
	assert_non_null(strstr(desk->why.text, desk->path[0]));
	assert_non_null(strstr(text, "\nhost--eth1 "));
	assert_non_null(strstr(text, "\ntotal  "));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_all_drains),
		cmocka_unit_test(another_meter),
		cmocka_unit_test(goes_on_after_a_restart),
		cmocka_unit_test(one_that_does_not_come_again),
		cmocka_unit_test(a_file_that_is_lost),
		cmocka_unit_test(asks_for_the_group_once),
		cmocka_unit_test(makes_the_folder),
		cmocka_unit_test(renamed_away),
		cmocka_unit_test(one_file_for_two),
		cmocka_unit_test(other),
		cmocka_unit_test(readings_of_an_instance),
		cmocka_unit_test(summary_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

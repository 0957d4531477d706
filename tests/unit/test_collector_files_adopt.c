// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that were there before the collector. */
#include "files_desk.h"

static void check_continued(struct desk *desk)
{
	struct json_object *root;
	size_t i;

	desk_open(desk);
	desk_drain(desk, 0, 1, 100, 20);
	desk_check(desk->path[0], 2, 5100, 720);
	for (i = 0; i < 2; i++) {
		desk_close(desk);
		desk_open(desk);
		desk_drain(desk, 0, 1, 10, 0);
	}
	desk_close(desk);
	desk_replace(desk);
	desk_open(desk);
	desk_drain(desk, 0, 1, 5, 0);
	desk_check(desk->path[0], 2, 5125, 720);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/id"), "host--eth0");
	assert_string_equal(text_at(root, "sources/0/metadata/since"), "2025-01-20T10:30:00Z");
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/rx_bytes"), 4125);
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/rx_packets"), 1);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/first_seen"),
			    "2025-01-20T09:30:00Z");
	assert_string_equal(text_at(root, "sources/0/traffic_data/1/protocol"), "255");
	assert_string_equal(text_at(root, "sources/0/traffic_data/1/last_updated"),
			    "2025-01-20T09:31:00Z");
	assert_int_equal(number_at(root, "sources/0/earlier/seen/rx_bytes"), 5120);
	json_object_put(root);
	assert_int_equal(desk->sentences, 0);
}

static void in_berlin(void)
{
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
}

DESK_TEST(of_the_first_tool)
{
	in_berlin();
	desk_put(desk->path[0], DESK_FIRST_TOOL);
	check_continued(desk);
}

/* A crash between the import and the first writing. */
DESK_TEST(of_the_first_tool_after_a_crash)
{
	in_berlin();
	desk_put(desk->path[0], DESK_FIRST_TOOL);
	desk_open(desk);
	desk_close(desk);
	check_continued(desk);
}

/* Where it does not say whose it is, it is of the instance that writes there. */
DESK_TEST(of_the_first_tool_in_a_namespace)
{
	struct json_object *root;

	desk->instances[0].namespace = (char *)"blue";
	desk_put(desk->path[0], "{\"summary\": {\"total_rx_bytes\": 5}, \"traffic_data\": "
				"[{\"source_ip\": \"10.0.0.1\", \"destination_ip\": "
				"\"192.0.2.1\", \"protocol\": \"ICMP\", \"rx_bytes\": 5}]}");
	desk_open(desk);
	desk_write(desk);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/id"), "blue--eth0");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/protocol"), "ICMP");
	json_object_put(root);
	desk_check(desk->path[0], 1, 5, 0);
}

/* Coarser keys than the file's: one record a host. */
DESK_TEST(of_the_first_tool_by_host)
{
	struct json_object *root;

	desk->instances[0].key = NA_KEY_HOST;
	desk_put(desk->path[0], "{\"traffic_data\": ["
				"{\"source_ip\": \"10.0.0.1\", \"destination_ip\": \"192.0.2.1\", "
				"\"protocol\": \"TCP\", \"rx_bytes\": 5},"
				"{\"source_ip\": \"10.0.0.1\", \"destination_ip\": \"192.0.2.2\", "
				"\"protocol\": \"UDP\", \"rx_bytes\": 7}]}");
	desk_open(desk);
	desk_write(desk);
	root = desk_document(desk->path[0]);
	assert_int_equal(json_object_array_length(at(root, "sources/0/traffic_data")), 1);
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/rx_bytes"), 12);
	json_object_put(root);
}

static void lose_the_database(struct desk *desk)
{
	char name[400];

	desk_close(desk);
	lab_close(&desk->lab);
	while (desk_names(desk, "history.db", name))
		assert_int_equal(unlink(name), 0);
	lab_open(&desk->lab);
}

/* netacct's own goes on without the database, `other` and `earlier` too. */
static void check_own(struct desk *desk, enum na_key_kind key)
{
	desk->instances[0].key = key;
	desk->lab.settings.max_totals = desk->config.history_settings.max_totals = 2;
	history_set(desk->lab.history, &desk->lab.settings);
	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 0);
	desk_drain(desk, 0, 2, 500, 0);
	desk_replace(desk);
	desk_drain(desk, 0, 3, 70, 7);
	desk_check(desk->path[0], 3, 1570, 7);
	lose_the_database(desk);
	desk_open(desk);
	desk_drain(desk, 0, 4, 8, 0);
	desk_check(desk->path[0], 3, 1578, 7);
	desk_replace(desk);
	desk_drain(desk, 0, 1, 1, 0);
	desk_check(desk->path[0], 3, 1579, 7);
	assert_int_equal(desk->sentences, 0);
}

DESK_TEST(of_a_lost_database)
{
	struct json_object *root;

	check_own(desk, NA_KEY_HOST_PAIR);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/traffic_data/1/source_ip"), "10.0.0.2");
	assert_string_equal(text_at(root, "sources/0/traffic_data/2/source_ip"), "other");
	assert_int_equal(number_at(root, "sources/0/earlier/seen/rx_bytes"), 1578);
	json_object_put(root);
}

/* Where there is no local address to say so. */
DESK_TEST(of_a_lost_database_by_remote)
{
	struct json_object *root;

	check_own(desk, NA_KEY_REMOTE);
	root = desk_document(desk->path[0]);
	assert_string_equal(text_at(root, "sources/0/traffic_data/2/destination_ip"), "other");
	json_object_put(root);
}

/* Two instances of one file and one interface: by their tags. */
DESK_TEST(by_tag)
{
	struct flow_record record = lab_record(&desk->lab, 1, 1000, 0);
	struct json_object *root;
	struct reading reading;
	size_t i, run;

	desk->config.count = 2;
	for (i = 0; i < 2; i++) {
		desk->instances[i].output_file = desk->path[0];
		desk->instances[i].interface = (char *)"eth0";
		desk->instances[i].tag = desk->instances[i].name = (char *)(i ? "two" : "one");
	}
	for (run = 0; run < 2; run++) {
		desk_open(desk);
		for (i = 0; i < 2; i++) {
			reading = desk_reading(desk, "host--eth0", &record, 1);
			reading.tag = desk->instances[i].tag;
			reading.owner = (uint32_t)i;
			reading.balance.bucket[NA_SEEN][NA_RX].bytes = 1000 * (1 + i);
			assert_int_equal(files_add(desk->files, i, &reading, 1), 0);
		}
		desk_write(desk);
		lose_the_database(desk);
	}
	root = desk_document(desk->path[0]);
	for (i = 0; i < 2; i++) {
		char path[64];

		snprintf(path, sizeof(path), "sources/%zu/metadata/tag", i);
		assert_string_equal(text_at(root, path), i ? "two" : "one");
		snprintf(path, sizeof(path), "sources/%zu/summary/total_rx_bytes", i);
		assert_int_equal(number_at(root, path), 2000);
		snprintf(path, sizeof(path), "sources/%zu/balance/seen/rx_bytes", i);
		assert_int_equal(number_at(root, path), 1000 * (1 + i));
	}
	json_object_put(root);
}

static void drain_by_another_name(struct desk *desk)
{
	desk_open(desk);
	desk_drain(desk, 0, 1, 1000, 0);
	desk_replace(desk);
	desk_drain(desk, 0, 1, 100, 0);
	desk_close(desk);
	desk->instances[0].name = (char *)"wan";
}

/* The instance was given a tag while its meter counted on: what it has is not counted twice. */
DESK_TEST(of_another_name)
{
	unsigned int i;

	drain_by_another_name(desk);
	for (i = 0; i < 3; i++) {
		desk_open(desk);
		desk_drain(desk, 0, 1, 10, 0);
		desk_check(desk->path[0], 1, 1110 + 10 * i, 0);
		desk_close(desk);
	}
	desk_replace(desk);
	desk_open(desk);
	desk_drain(desk, 0, 1, 10, 0);
	desk_check(desk->path[0], 1, 1140, 0);
}

/* The meter is that of an instance that still names it: the file goes on in a book of its own. */
DESK_TEST(of_another_name_that_is_there)
{
	struct json_object *root;

	drain_by_another_name(desk);
	desk->instances[1].name = (char *)"eth0";
	desk->instances[1].interface = (char *)"eth0";
	desk->config.count = 2;
	desk_open(desk);
	desk_write(desk);
	desk_check(desk->path[0], 1, 1100, 0);
	root = desk_document(desk->path[1]);
	assert_int_equal(number_at(root, "sources/0/summary/total_rx_bytes"), 1100);
	json_object_put(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_first_tool),
		cmocka_unit_test(of_the_first_tool_after_a_crash),
		cmocka_unit_test(of_the_first_tool_in_a_namespace),
		cmocka_unit_test(of_the_first_tool_by_host),
		cmocka_unit_test(of_a_lost_database),
		cmocka_unit_test(of_a_lost_database_by_remote),
		cmocka_unit_test(by_tag),
		cmocka_unit_test(of_another_name),
		cmocka_unit_test(of_another_name_that_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

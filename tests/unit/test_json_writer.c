// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "sample_json.h"

static void names_of_any_byte(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON, .hostname = "h\"\n"};
	struct reading reading = sample_flows();
	struct json_object *root;

	(void)state;
	free(reading.interface);
	reading.interface = strdup("e\"\\\x1b\xff\xc3\xa9");
	reading.namespace = strdup("a\tb");
	root = document(&options, &reading, 1);
	assert_string_equal(text_at(root, "hostname"), "h\"\n");
	assert_string_equal(text_at(root, "sources/0/metadata/interface"),
			    "e\"\\\x1b\xef\xbf\xbd\xc3\xa9");
	assert_string_equal(text_at(root, "sources/0/metadata/namespace"), "a\tb");
	json_object_put(root);
	reading_clear(&reading);
}

static void pretty_is_indented(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON, .pretty = true};
	struct reading reading = sample_flows();
	char *text = sample_output(&options, &reading, 1), *plain;

	(void)state;
	assert_int_equal(strncmp(text, "{\n  \"schema\": \"netacct/1\",\n", 27), 0);
	assert_non_null(strstr(text,
			       "\n      \"traffic_data\": [\n        {\n          \"source_ip\": "
			       "\"192.168.1.100\",\n          \"destination_ip\""));
	assert_non_null(strstr(text, "\"sample_ips\": []\n"));
	assert_string_equal(text + strlen(text) - 12, "    }\n  ]\n}\n");
	free(text);
	plain = sample_output(&(struct output_options){.format = OUTPUT_JSON}, NULL, 0);
	assert_string_equal(plain, "{\"schema\":\"netacct/1\",\"timestamp\":"
				   "\"2026-11-22T10:30:00.123456Z\",\"hostname\":\"db1\","
				   "\"sources\":[]}\n");
	free(plain);
	reading_clear(&reading);
}

static void many_records(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	const size_t many = 5000;
	struct flow_record *records = calloc(many, sizeof(*records));
	struct json_object *root, *data;
	struct reading reading;
	size_t i;

	(void)state;
	for (i = 0; i < many; i++)
		records[i] = sample_record(sample_key("2001:db8::1", "10.0.0.1", 6, (uint16_t)i, 0),
					   i, UINT64_MAX / 2);
	reading = sample_reading(NA_KEY_FLOW, records, many);
	root = document(&options, &reading, 1);
	data = at(root, "sources/0/traffic_data");
	assert_int_equal(json_object_array_length(data), many);
	for (i = 0; i < many; i++) {
		assert_int_equal(number_at(json_object_array_get_idx(data, i), "source_port"), i);
		assert_int_equal(number_at(json_object_array_get_idx(data, i), "tx_bytes"),
				 UINT64_MAX / 2);
	}
	json_object_put(root);
	reading_clear(&reading);
	free(records);
}

static void a_full_disk_is_told(void **state)
{
	struct output_options options = {.format = OUTPUT_JSON, .hostname = "db1"};
	struct reading reading = sample_flows();
	FILE *full = fopen("/dev/full", "w");
	enum output_format format;

	(void)state;
	assert_int_equal(output_readings(full, &options, &reading, 1), -ENOSPC);
	fclose(full);
	reading_clear(&reading);
	assert_int_equal(output_format_parse("table", &format), 0);
	assert_int_equal(format, OUTPUT_TABLE);
	assert_int_equal(output_format_parse("JSON", &format), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_any_byte),
		cmocka_unit_test(pretty_is_indented),
		cmocka_unit_test(many_records),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "../../src/output/services.h"
#include "sample_json.h"

/* Ports have names where the system has a list of them. */
static const char *names_of_a_flow(void)
{
	_cleanup_services_ struct services *services = NULL;

	if (services_load(SERVICES_FILE, &services) < 0 || !services_find(services, 17, 53))
		return "source_ip destination_ip source_port destination_port protocol "
		       "rx_packets rx_bytes tx_packets tx_bytes total_bytes first_seen "
		       "last_updated ";
	return "source_ip destination_ip source_port destination_port protocol service rx_packets "
	       "rx_bytes tx_packets tx_bytes total_bytes first_seen last_updated ";
}

static void names_in_order(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_flows();
	struct json_object *root = document(&options, &reading, 1);

	(void)state;
	check_names(root, "schema timestamp hostname sources ");
	check_names(at(root, "sources/0"), "id metadata summary balance protocol_breakdown "
					   "traffic_data whitelist_info ");
	check_names(at(root, "sources/0/metadata"),
		    "timestamp attached_at since exact live meter generation tag perspective "
		    "interface ifindex namespace netns_inode netns_cookie cgroup ingress egress "
		    "hook key bytes max_flows total_entries whitelisted_ips_count ");
	check_names(at(root, "sources/0/summary"),
		    "total_rx_packets total_rx_bytes total_tx_packets total_tx_bytes total_bytes "
		    "unique_source_ips unique_destination_ips ");
	check_names(at(root, "sources/0/balance"), "seen accounted excluded overflow non_ip "
						   "handed_out collected difference ");
	check_names(at(root, "sources/0/balance/seen"), "rx_packets rx_bytes tx_packets tx_bytes ");
	check_names(at(root, "sources/0/protocol_breakdown/TCP"),
		    "count rx_packets rx_bytes tx_packets tx_bytes ");
	check_names(at(root, "sources/0/traffic_data/0"), names_of_a_flow());
	check_names(at(root, "sources/0/whitelist_info"), "enabled count sample_ips ");
	json_object_put(root);
	reading_clear(&reading);
}

static void values_of_records(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON, .pretty = true};
	struct reading reading = sample_flows();
	struct json_object *root = document(&options, &reading, 1), *data;

	(void)state;
	data = at(root, "sources/0/traffic_data");
	assert_int_equal(json_object_array_length(data), 3);
	assert_string_equal(text_at(data, "0/source_ip"), "192.168.1.100");
	assert_string_equal(text_at(data, "0/destination_ip"), "8.8.8.8");
	assert_int_equal(number_at(data, "0/source_port"), 40000);
	assert_string_equal(text_at(data, "0/protocol"), "UDP");
	assert_int_equal(number_at(data, "0/rx_packets"), 10);
	assert_int_equal(number_at(data, "0/total_bytes"), 1536);
	/* Tick 0 began 120 s ago and lasted 0.256 s; tick 250 is 64 s later. */
	assert_string_equal(text_at(data, "0/first_seen"), "2026-11-22T10:28:00Z");
	assert_string_equal(text_at(data, "0/last_updated"), "2026-11-22T10:29:04Z");
	assert_string_equal(text_at(data, "1/source_ip"), "2001:db8::1");
	assert_string_equal(text_at(data, "1/destination_ip"), "2001:db8:0:1::2");
	assert_string_equal(text_at(data, "1/tcp_flags"), "SYN|ACK");
	assert_false(json_object_object_get_ex(at(data, "1"), "fragment", NULL));
	assert_string_equal(text_at(data, "2/protocol"), "200");
	assert_true(json_object_get_boolean(at(data, "2/fragment")));
	assert_false(json_object_object_get_ex(at(data, "2"), "service", NULL));
	json_object_put(root);
	reading_clear(&reading);
}

static void values_of_source(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_flows();
	struct json_object *root, *source;

	(void)state;
	reading.shown = 1;
	reading.whitelist.enabled = true;
	reading.whitelist.count = 3;
	strcpy(reading.whitelist.sample[0], "127.0.0.1");
	strcpy(reading.whitelist.sample[1], "fd00::/8");
	root = document(&options, &reading, 1);
	source = at(root, "sources/0");
	assert_string_equal(text_at(root, "schema"), "netacct/1");
	assert_string_equal(text_at(root, "hostname"), "db1");
	assert_string_equal(text_at(root, "timestamp"), "2026-11-22T10:30:00.123456Z");
	assert_string_equal(text_at(source, "metadata/timestamp"), "2026-11-22T10:30:00.123456Z");
	assert_string_equal(text_at(source, "metadata/attached_at"), "2026-11-22T09:00:00Z");
	assert_string_equal(text_at(source, "metadata/key"), "flow");
	assert_null(at(source, "metadata/tag"));
	assert_int_equal(number_at(source, "metadata/total_entries"), 3);
	assert_int_equal(number_at(source, "summary/total_bytes"), 2336);
	assert_int_equal(number_at(source, "summary/unique_source_ips"), 3);
	assert_int_equal(number_at(source, "protocol_breakdown/200/count"), 1);
	assert_int_equal(json_object_array_length(at(source, "traffic_data")), 1);
	assert_int_equal(number_at(source, "balance/handed_out/rx_packets"), 3);
	assert_int_equal(number_at(source, "balance/collected/tx_bytes"), 4);
	assert_int_equal(number_at(source, "balance/seen/tx_packets"), UINT64_MAX);
	assert_null(at(source, "balance/difference"));
	assert_string_equal(text_at(source, "whitelist_info/sample_ips/1"), "fd00::/8");
	assert_int_equal(json_object_array_length(at(source, "whitelist_info/sample_ips")), 2);
	json_object_put(root);
	reading_clear(&reading);
}

static void words_of_metadata(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_flows();
	struct json_object *root, *metadata;

	(void)state;
	reading.ingress = NA_INGRESS_XDP_GENERIC;
	reading.hook = NA_HOOK_TCX;
	reading.exact = false;
	reading.peer = true;
	reading.layer3 = true;
	reading.netns_cookie = 0;
	reading.balance.judged = true;
	reading.balance.difference = 5;
	root = document(&options, &reading, 1);
	metadata = at(root, "sources/0/metadata");
	assert_string_equal(text_at(metadata, "ingress"), "xdp-generic");
	assert_string_equal(text_at(metadata, "egress"), "tc");
	assert_string_equal(text_at(metadata, "hook"), "tcx");
	assert_string_equal(text_at(metadata, "perspective"), "peer");
	assert_string_equal(text_at(metadata, "bytes"), "l3");
	assert_false(json_object_get_boolean(at(metadata, "exact")));
	assert_null(at(metadata, "netns_cookie"));
	assert_int_equal(number_at(root, "sources/0/balance/difference"), 5);
	json_object_put(root);
	reading_clear(&reading);
}

static void keys_have_their_fields(void **state)
{
	static const char *const names[NA_KEY_KINDS] = {
		[NA_KEY_TOTAL] = "",
		[NA_KEY_HOST] = "source_ip ",
		[NA_KEY_REMOTE] = "destination_ip ",
		[NA_KEY_HOST_PAIR] = "source_ip destination_ip protocol ",
		[NA_KEY_FLOW] = "source_ip destination_ip source_port destination_port protocol ",
	};
	const struct output_options options = {.format = OUTPUT_JSON};
	struct flow_record record = sample_record(sample_key("::1", "::2", 253, 0, 0), 1, 2);
	struct json_object *root;
	struct reading reading;
	char expected[256];
	int kind;

	(void)state;
	for (kind = 0; kind < NA_KEY_KINDS; kind++) {
		reading = sample_reading((enum na_key_kind)kind, &record, 1);
		root = document(&options, &reading, 1);
		snprintf(expected, sizeof(expected),
			 "%srx_packets rx_bytes tx_packets tx_bytes total_bytes first_seen "
			 "last_updated ",
			 names[kind]);
		check_names(at(root, "sources/0/traffic_data/0"), expected);
		assert_int_equal(json_object_object_get_ex(at(root, "sources/0"),
							   "protocol_breakdown", NULL),
				 kind >= NA_KEY_HOST_PAIR);
		json_object_put(root);
		reading_clear(&reading);
	}
}

static void counters_as_strings(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON, .string_counters = true};
	struct reading reading = sample_flows();
	struct json_object *root = document(&options, &reading, 1), *source;

	(void)state;
	source = at(root, "sources/0");
	assert_string_equal(text_at(source, "balance/seen/tx_packets"), "18446744073709551615");
	assert_string_equal(text_at(source, "balance/seen/tx_bytes"), "9007199254740992");
	assert_string_equal(text_at(source, "summary/total_rx_bytes"), "1724");
	assert_string_equal(text_at(source, "protocol_breakdown/TCP/rx_bytes"), "700");
	assert_string_equal(text_at(source, "traffic_data/0/total_bytes"), "1536");
	assert_int_equal(number_at(source, "traffic_data/0/source_port"), 40000);
	assert_int_equal(number_at(source, "metadata/max_flows"), 65536);
	json_object_put(root);
	reading_clear(&reading);
}

/* In the sums, and nothing else: it is neither a host nor a protocol. */
static void all_the_others(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_flows();
	struct json_object *root;

	(void)state;
	reading.records[0].key = (struct na_key){};
	root = document(&options, &reading, 1);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/source_ip"), "other");
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/destination_ip"), "other");
	assert_int_equal(number_at(root, "sources/0/traffic_data/0/rx_bytes"), 1024);
	assert_int_equal(number_at(root, "sources/0/summary/total_rx_bytes"), 1724);
	assert_int_equal(number_at(root, "sources/0/summary/unique_source_ips"), 2);
	check_names(at(root, "sources/0/protocol_breakdown"), "TCP 200 ");
	json_object_put(root);
	reading_clear(&reading);
}

/* Of cumulative files: also where nothing but bytes is known of it. */
static void what_meters_before_counted(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_reading(NA_KEY_HOST, NULL, 0);
	struct json_object *root = document(&options, &reading, 1);

	(void)state;
	assert_false(json_object_object_get_ex(at(root, "sources/0"), "earlier", NULL));
	json_object_put(root);
	reading.earlier[NA_SEEN][NA_TX].bytes = 7;
	root = document(&options, &reading, 1);
	assert_int_equal(number_at(root, "sources/0/earlier/seen/tx_bytes"), 7);
	check_names(at(root, "sources/0/earlier"), "seen accounted excluded overflow non_ip ");
	json_object_put(root);
	reading_clear(&reading);
}

static void nothing_is_from_the_future(void **state)
{
	const struct output_options options = {.format = OUTPUT_JSON};
	struct reading reading = sample_flows();
	struct json_object *root;

	(void)state;
	/* It began 0.45 s into a second; its middle is nearer to the next. */
	reading.read_at = 1795343400 * SAMPLE_SECOND + 450000000;
	reading.time_base.realtime_minus_monotonic = reading.read_at;
	reading.records[0].last_seen = 0;
	root = document(&options, &reading, 1);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/last_updated"),
			    "2026-11-22T10:30:00Z");
	json_object_put(root);
	reading.read_at += SAMPLE_SECOND;
	root = document(&options, &reading, 1);
	assert_string_equal(text_at(root, "sources/0/traffic_data/0/last_updated"),
			    "2026-11-22T10:30:01Z");
	json_object_put(root);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_the_others),
		cmocka_unit_test(what_meters_before_counted),
		cmocka_unit_test(names_in_order),
		cmocka_unit_test(values_of_records),
		cmocka_unit_test(values_of_source),
		cmocka_unit_test(words_of_metadata),
		cmocka_unit_test(keys_have_their_fields),
		cmocka_unit_test(counters_as_strings),
		cmocka_unit_test(nothing_is_from_the_future),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"

#define SOURCE "timestamp,hostname,id,interface,namespace,tag,meter,generation,"
#define COUNTERS "rx_packets,rx_bytes,tx_packets,tx_bytes,total_bytes,first_seen,last_updated"
#define TIMES "2026-11-22T10:28:00Z,2026-11-22T10:29:04Z"

static const struct output_options csv = {.format = OUTPUT_CSV};

static void rows_of_a_pair(void **state)
{
	struct flow_record records[] = {
		sample_record(sample_key("10.0.0.1", "8.8.8.8", 17, 0, 0), 1024, 512),
		sample_record(sample_key("::1", "::2", 58, 0, 0), 100, 0),
	};
	struct reading reading;
	char *text;

	(void)state;
	records[0].key.what |= NA_WHAT_FRAGMENT;
	records[1].tcp_flags = 0x3;
	reading = sample_reading(NA_KEY_HOST_PAIR, records, 2);
	text = sample_output(&csv, &reading, 1);
	assert_string_equal(text, SOURCE
			    "source_ip,destination_ip,protocol," COUNTERS ",tcp_flags,fragment\r\n"
			    "2026-11-22T10:30:00.123456Z,db1,host--eth0,eth0,,,"
			    "0b5c0000-0000-4000-8000-000000000001,12,"
			    "10.0.0.1,8.8.8.8,UDP,10,1024,5,512,1536," TIMES ",,true\r\n"
			    "2026-11-22T10:30:00.123456Z,db1,host--eth0,eth0,,,"
			    "0b5c0000-0000-4000-8000-000000000001,12,"
			    "::1,::2,IPv6-ICMP,1,100,0,0,100," TIMES ",SYN|FIN,\r\n");
	free(text);
	reading_clear(&reading);
}

static void names_are_quoted(void **state)
{
	struct flow_record record = sample_record((struct na_key){.what = NA_WHAT_SET}, 100, 0);
	struct reading reading = sample_reading(NA_KEY_TOTAL, &record, 1);
	char *text;

	(void)state;
	free(reading.interface);
	reading.interface = strdup("a,b");
	reading.namespace = strdup("say \"x\"");
	reading.tag = strdup("two\r\nlines");
	text = sample_output(&csv, &reading, 1);
	assert_non_null(
		strstr(text, ",host--eth0,\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",0b5c"));
	assert_int_equal(strncmp(text, SOURCE COUNTERS "\r\n", strlen(SOURCE COUNTERS "\r\n")), 0);
	free(text);
	reading_clear(&reading);
}

/* One header for both: what a key lacks is empty. */
static void sources_of_different_keys(void **state)
{
	struct flow_record record =
		sample_record(sample_key("10.0.0.1", "10.0.0.2", 253, 0, 0), 100, 0);
	struct reading readings[] = {sample_reading(NA_KEY_HOST, &record, 1),
				     sample_reading(NA_KEY_REMOTE, &record, 1)};
	char *text = sample_output(&csv, readings, 2);

	(void)state;
	assert_int_equal(strncmp(text, SOURCE "source_ip,destination_ip,rx_packets,",
				 strlen(SOURCE "source_ip,destination_ip,rx_packets,")),
			 0);
	assert_non_null(strstr(text, ",12,10.0.0.1,,1,100,"));
	assert_non_null(strstr(text, ",12,,10.0.0.2,1,100,"));
	free(text);
	reading_clear(&readings[0]);
	reading_clear(&readings[1]);
}

/* What found no room in a list of totals says so in the place of its key. */
static void all_the_others(void **state)
{
	struct flow_record records[] = {
		sample_record(sample_key("10.0.0.1", "8.8.8.8", 17, 40000, 53), 1024, 512),
		sample_record((struct na_key){}, 200, 100),
	};
	static const char *const rows[NA_KEY_KINDS] = {
		[NA_KEY_TOTAL] = ",12,2,200,1,100,300," TIMES "\r\n",
		[NA_KEY_HOST] = ",12,other,2,200,1,100,300," TIMES "\r\n",
		[NA_KEY_REMOTE] = ",12,other,2,200,1,100,300," TIMES "\r\n",
		[NA_KEY_HOST_PAIR] = ",12,other,other,other,2,200,1,100,300," TIMES ",,\r\n",
		[NA_KEY_FLOW] = ",12,other,other,0,0,other,,2,200,1,100,300," TIMES ",,\r\n",
	};
	struct reading reading;
	char *text;
	int kind;

	(void)state;
	for (kind = 0; kind < NA_KEY_KINDS; kind++) {
		reading = sample_reading((enum na_key_kind)kind, records, 2);
		text = sample_output(&csv, &reading, 1);
		if (!strstr(text, rows[kind]))
			fail_msg("by %s: %s", key_kind_name((enum na_key_kind)kind), text);
		free(text);
		reading_clear(&reading);
	}
}

static void only_what_is_shown(void **state)
{
	struct flow_record records[3] = {0};
	struct reading reading = sample_reading(NA_KEY_TOTAL, records, 3);
	char *text, *at;
	int lines = 0;

	(void)state;
	reading.shown = 2;
	text = sample_output(&csv, &reading, 1);
	for (at = text; (at = strstr(at, "\r\n")); at += 2)
		lines++;
	assert_int_equal(lines, 3);
	free(text);
	reading_clear(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_the_others),     cmocka_unit_test(rows_of_a_pair),
		cmocka_unit_test(names_are_quoted),   cmocka_unit_test(sources_of_different_keys),
		cmocka_unit_test(only_what_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

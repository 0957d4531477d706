// SPDX-License-Identifier: GPL-2.0-or-later
/* Percentiles, limits, anomalies, names and forms of `report`. */
#include <netdb.h>
#include <netinet/in.h>

#include "test_history_report.h"

#define DAY 86400
#define BIN 300

/* A drain a bin for a day: 15,000 bytes/s in and 3,750 out, in each tenth bin ten times that out.
 */
static void fill_bins(struct lab *lab)
{
	lab_pass(lab, 10);
	lab->drained = lab->boot;
	for (int i = 0; i < DAY / BIN; i++) {
		struct flow_record record;

		lab_pass(lab, BIN - 20);
		if (i >= DAY / BIN / 2 && i < DAY / BIN * 3 / 4) {
			lab->drained = lab->boot + 20 * SECOND; /* nobody counts for six hours */
		} else {
			record = lab_record(lab, 1, 15000ull * BIN,
					    (i % 10 ? 3750ull : 37500ull) * BIN);
			lab_store(lab, &record, 1);
		}
		lab_pass(lab, 20);
	}
	lab_maintain(lab, true);
	lab_close(lab);
}

LAB_TEST(percentiles)
{
	struct json_object *document;

	fill_bins(lab);
	document = report_json(lab, "--since 2026-11-22T12:00Z --until 2026-11-23T12:00Z "
				    "--percentile 95");
	assert_int_equal(number_at(document, "percent"), 95);
	assert_string_equal(text_at(document, "percentiles/0/source"), "host--eth0");
	assert_int_equal(number_at(document, "percentiles/0/rx_bits_per_second"), 120000);
	assert_int_equal(number_at(document, "percentiles/0/tx_bits_per_second"), 300000);
	assert_int_equal(number_at(document, "percentiles/0/max_bits_per_second"), 300000);
	assert_int_equal(number_at(document, "percentiles/0/seconds"), DAY);
	assert_in_range(number_at(document, "percentiles/0/bins"), 216, 217);
	assert_in_range(number_at(document, "percentiles/0/covered_seconds"), 64700, 64800);
	json_object_put(document);
	document = report_json(lab, "--since 2026-11-22T12:00Z --until 2026-11-23T12:00Z "
				    "--percentile 80 --total");
	assert_int_equal(number_at(document, "percentiles/0/tx_bits_per_second"), 30000);
	assert_int_equal(number_at(document, "percentiles/0/max_bits_per_second"), 120000);
	json_object_put(document);
}

static void configure(const struct lab *lab, char path[static 128], const char *bytes)
{
	FILE *file;

	snprintf(path, 128, "%s/netacct.json", lab->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"{\"instances\": [{\"interface\": \"eth0\"}], \"history\": "
		"{\"path\": \"%s\"},\n"
		"\"limits\": [{\"name\": \"uplink\", \"source\": \"host--*\", \"period\": "
		"\"month\", \"bytes\": \"%s\"}, {\"name\": \"wide\", \"bytes\": \"900 TB\"}]}\n",
		lab->path, bytes);
	fclose(file);
}

/* Now is the system's clock: report has no other. */
static void fill_now(struct lab *lab)
{
	struct flow_record record;

	lab->offset = time(NULL) * SECOND - lab->boot;
	lab->drained = lab->boot - 10 * SECOND;
	record = lab_record(lab, 1, 850000, 0);
	lab_store(lab, &record, 1);
	lab_maintain(lab, true);
	lab_close(lab);
}

LAB_TEST(limits)
{
	char path[128], words[256];

	fill_now(lab);
	configure(lab, path, "1 MB");
	snprintf(words, sizeof(words), "--check -c %s", path);
	{
		_cleanup_ran_ struct ran ran = report(lab, words);

		assert_string_equal(ran.err, "");
		assert_int_equal(ran.status, STATUS_DONE);
		assert_non_null(strstr(ran.out, "uplink: 80 % of 1 MB are used (850 kB), until "));
		assert_null(strstr(ran.out, "wide"));
	}
	configure(lab, path, "850 kB");
	{
		_cleanup_ran_ struct ran ran = report(lab, words);

		assert_int_equal(ran.status, STATUS_FOUND);
		assert_non_null(strstr(ran.out, "uplink: 100 % of 850 kB are used"));
	}
	strcat(words, " --json");
	_cleanup_ran_ struct ran ran = report(lab, words);
	struct json_object *document = parse(ran.out, strlen(ran.out));

	assert_int_equal(ran.status, STATUS_FOUND);
	assert_int_equal(length_at(document, "limits"), 2);
	assert_int_equal(number_at(document, "limits/0/bytes"), 850000);
	assert_int_equal(number_at(document, "limits/0/reached_percent"), 100);
	assert_int_equal(number_at(document, "limits/1/reached_percent"), 0);
	json_object_put(document);
}

/* Five weeks of hours, each a little different; on the last Thursday one host sends much. */
LAB_TEST(anomalies)
{
	unsigned int seed = 5;
	struct json_object *document;

	for (int hour = 0; hour < 5 * 7 * 24; hour++) {
		struct flow_record records[2];

		lab_pass(lab, 3590);
		for (uint32_t i = 0; i < 2; i++)
			records[i] =
				lab_record(lab, i + 1, 0,
					   (900000 + (uint32_t)rand_r(&seed) % 200000) * 3600ull);
		if (hour >= 4 * 7 * 24 + 96 && hour < 4 * 7 * 24 + 99)
			records[1].tx.bytes += 20000000 * 3600ull;
		lab_store(lab, records, 2);
		lab_pass(lab, 10);
		lab_maintain(lab, false);
	}
	lab_maintain(lab, true);
	lab_close(lab);
	document = report_json(lab, "--since 2026-12-20 --until 2026-12-27T12:00Z --anomalies");
	assert_int_equal(length_at(document, "anomalies"), 2); /* the host, and so its source */
	for (size_t i = 0; i < 2; i++) {
		struct json_object *row = json_object_array_get_idx(at(document, "anomalies"), i);
		const char *host = text_of(row, "host");

		assert_true(!*host || !strcmp(host, "10.0.0.2"));
		assert_string_equal(text_at(row, "start"), "2026-12-24T12:00:00Z");
		assert_string_equal(text_at(row, "end"), "2026-12-24T15:00:00Z");
		assert_string_equal(text_at(row, "direction"), "out");
	}
	json_object_put(document);
	_cleanup_ran_ struct ran ran =
		report(lab, "--since 2026-12-25 --until 2026-12-27T12:00Z --anomalies");

	assert_non_null(strstr(ran.out, "Nothing stands out in that time."));
}

static int64_t clock_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* A writer is at work, and has made no bin of what it drained two seconds ago. */
LAB_TEST(while_a_collector_runs)
{
	struct flow_record record;
	struct json_object *document;

	lab->boot = clock_of(CLOCK_BOOTTIME) - 2 * SECOND;
	lab->offset = clock_of(CLOCK_REALTIME) - clock_of(CLOCK_BOOTTIME);
	lab->drained = lab->boot - 10 * SECOND;
	record = lab_record(lab, 1, 1000, 234);
	lab_store(lab, &record, 1);
	document = report_json(lab, "--since 1h --by host");
	assert_string_equal(text_at(document, "rows/0/host"), "10.0.0.1");
	assert_int_equal(number_at(document, "rows/0/total_bytes"), 1234);
	json_object_put(document);
	lab_store(lab, &record, 1);
	document = report_json(lab, "--since 1h --total");
	assert_int_equal(number_at(document, "total/total_bytes"), 2468);
	json_object_put(document);
}

LAB_TEST(names)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct flow_record record;
	struct json_object *document;
	char name[256];

	record = lab_record(lab, 0, 1000, 10);
	record.key.local[3] = htonl(INADDR_LOOPBACK);
	lab_store(lab, &record, 1);
	lab_maintain(lab, true);
	lab_close(lab);
	document = report_json(lab, "--since 2026-11-22 --until 2026-11-23 --by host --resolve");
	assert_string_equal(text_at(document, "rows/0/host"), "127.0.0.1");
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!getnameinfo((struct sockaddr *)&address, sizeof(address), name, sizeof(name), NULL, 0,
			 NI_NAMEREQD))
		assert_string_equal(text_at(document, "rows/0/name"), name);
	json_object_put(document);
}

LAB_TEST(csv_and_table)
{
	struct flow_record record = lab_record(lab, 7, 1536, 100);

	lab_store(lab, &record, 1);
	lab_maintain(lab, true);
	lab_close(lab);
	_cleanup_ran_ struct ran csv =
		report(lab, "--since 2026-11-22 --until 2026-11-23 --by host --bin hour --csv");

	assert_string_equal(csv.out, "start,end,host,rx_packets,rx_bytes,tx_packets,tx_bytes,"
				     "total_bytes,other,rest\r\n"
				     "2026-11-22T12:00:00Z,2026-11-22T13:00:00Z,10.0.0.7,15,1536,1,"
				     "100,1636,,\r\n");
	_cleanup_ran_ struct ran table =
		report(lab, "--since 2026-11-22 --until 2026-11-23 --by host");

	assert_string_equal(table.out,
			    "2026-11-22 00:00 to 2026-11-23 00:00\n"
			    "HOST      RX-PACKETS  RX-BYTES  TX-PACKETS  TX-BYTES    TOTAL\n"
			    "10.0.0.7          15   1.5 KiB           1     100 B  1.6 KiB\n"
			    "total             15   1.5 KiB           1     100 B  1.6 KiB\n");
}

static void expect_refusal(const struct lab *lab, const char *words, int status, const char *why)
{
	_cleanup_ran_ struct ran ran = report(lab, words);

	assert_string_equal(ran.out, "");
	if (ran.status != status || !strstr(ran.err, why))
		fail_msg("%s: %d, %s", words, ran.status, ran.err);
}

LAB_TEST(refusals)
{
	lab_close(lab);
	expect_refusal(lab, "--since 30", STATUS_USAGE, "\"30\" is no time");
	expect_refusal(lab, "--since now --until today", STATUS_USAGE, "not before");
	expect_refusal(lab, "--by prefix/129", STATUS_USAGE, "prefix/N (0 to 128)");
	expect_refusal(lab, "--by nothing", STATUS_USAGE, "protocol, port and source");
	expect_refusal(lab, "--reset-day 32", STATUS_USAGE, "31");
	expect_refusal(lab, "--check", STATUS_USAGE, "-c FILE");
	expect_refusal(lab, "--check --anomalies", STATUS_USAGE, "stand alone");
	expect_refusal(lab, "--total --by host", STATUS_USAGE, "--by");
	expect_refusal(lab, "--csv --json", STATUS_USAGE, "JSON");
	expect_refusal(lab, "--percentile 95 --bin day", STATUS_USAGE, "--bin");
	expect_refusal(lab, "--percentile 101", STATUS_USAGE, "100");
	expect_refusal(lab, "--source none*", STATUS_FAILED, "no such source");
	expect_refusal(lab, "--history /nonexistent/x.db", STATUS_FAILED, "netacct collect");
	_cleanup_ran_ struct ran ran = report(lab, "");

	assert_int_equal(ran.status, STATUS_DONE);
	assert_non_null(strstr(ran.out, "\nNothing was counted in that time.\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles), cmocka_unit_test(limits),
		cmocka_unit_test(anomalies),   cmocka_unit_test(while_a_collector_runs),
		cmocka_unit_test(names),       cmocka_unit_test(csv_and_table),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

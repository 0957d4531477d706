// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of `report` against sums that were kept beside the history. */
#include "test_history_report.h"

#define DRAINS 288 /* two days, one each ten minutes */
#define RECORDS 12

struct sent {
	int64_t time;
	const char *id;
	struct flow_record record;
};
static struct sent sent[2 * DRAINS * RECORDS];
static size_t sent_count;
static unsigned int seed;

static uint32_t draw(uint32_t below)
{
	return (uint32_t)rand_r(&seed) % below;
}

static struct flow_record make_record(const struct lab *lab, bool flows)
{
	static const uint8_t protocols[] = {6, 17, 1};
	uint8_t protocol = protocols[draw(3)];
	bool ports = flows && protocol != 1;
	struct flow_record record;
	char local[64], remote[64];

	if (draw(4)) {
		snprintf(local, sizeof(local), "10.0.%u.%u", draw(3), draw(4));
		snprintf(remote, sizeof(remote), "192.0.2.%u", draw(8));
	} else {
		snprintf(local, sizeof(local), "2001:db8:0:%x::%x", draw(2), draw(3) + 1);
		snprintf(remote, sizeof(remote), "2001:db8:ffff::%x", draw(4) + 1);
	}
	record = sample_record(sample_key(local, remote, protocol,
					  ports ? (uint16_t)(40000 + draw(9)) : 0,
					  ports ? (uint16_t)(draw(2) ? 443 : 53) : 0),
			       draw(1000000) * 100, draw(100000) * 100);
	record.last_seen = (uint32_t)(lab->boot / SECOND * LAB_TICKS_PER_SECOND);
	record.first_seen = record.last_seen;
	return record;
}

static void store_drain(struct lab *lab)
{
	struct flow_record records[2][RECORDS];
	struct reading readings[2];

	for (uint32_t i = 0; i < 2; i++) {
		const char *id = i ? "blue--eth1" : "host--eth0";
		size_t count = draw(RECORDS);

		for (size_t j = 0; j < count; j++) {
			records[i][j] = make_record(lab, i == 1);
			sent[sent_count++] = (struct sent){lab_seconds(lab), id, records[i][j]};
		}
		readings[i] = lab_reading(lab, id, i, records[i], count);
		readings[i].key = i ? NA_KEY_FLOW : NA_KEY_HOST_PAIR;
	}
	assert_int_equal(lab_try_store(lab, readings, 2), 0);
}

static void fill(struct lab *lab)
{
	sent_count = 0;
	seed = 7;
	lab_pass(lab, 137); /* no drain falls on the border of two bins */
	for (int i = 0; i < DRAINS; i++) {
		store_drain(lab);
		lab_pass(lab, 600);
		if (i % 6 == 5)
			lab_maintain(lab, false);
	}
	lab_maintain(lab, true);
	lab_close(lab);
}

/* What a group of --by is called, from the address alone, by other means than report's. */
static void label(const struct flow_record *record, const char *by, char text[static 80])
{
	uint32_t address[4];
	bool ipv4 = record->key.what & NA_WHAT_IPV4;

	memcpy(address, strcmp(by, "remote") ? record->key.local : record->key.remote, 16);
	if (!strcmp(by, "prefix/24"))
		address[ipv4 ? 3 : 2] = ipv4 ? address[3] & htonl(0xffffff00) : 0;
	if (!strncmp(by, "prefix/", 7) && !ipv4) {
		address[2] = 0;
		address[3] = 0;
	}
	if (!strcmp(by, "prefix/48"))
		address[1] = ipv4 ? address[1] : address[1] & htonl(0xffff0000);
	inet_ntop(ipv4 ? AF_INET : AF_INET6, ipv4 ? &address[3] : address, text, 80);
	if (!strcmp(by, "prefix/24"))
		strcat(text, ipv4 ? "/24" : "/64");
	else if (!strcmp(by, "prefix/48"))
		strcat(text, ipv4 ? "/32" : "/48");
	else if (!strcmp(by, "protocol"))
		strcpy(text, (uint8_t)record->key.what == 6    ? "TCP"
			     : (uint8_t)record->key.what == 17 ? "UDP"
							       : "ICMP");
}

struct expected {
	const char *by, *group, *id; /* NULL: any */
	int64_t since, until;
};

static struct flow_record sum(const struct expected *expected)
{
	struct flow_record total = {};
	char text[80];

	for (size_t i = 0; i < sent_count; i++) {
		const struct sent *one = &sent[i];

		if (one->time < expected->since || one->time >= expected->until ||
		    (expected->id && strcmp(expected->id, one->id) != 0))
			continue;
		if (expected->group) {
			label(&one->record, expected->by, text);
			if (strcmp(text, expected->group) != 0)
				continue;
		}
		na_count_add(&total.rx, one->record.rx);
		na_count_add(&total.tx, one->record.tx);
	}
	return total;
}

static void check_counts(struct json_object *row, const struct flow_record *expected)
{
	assert_int_equal(number_at(row, "rx_packets"), expected->rx.packets);
	assert_int_equal(number_at(row, "rx_bytes"), expected->rx.bytes);
	assert_int_equal(number_at(row, "tx_packets"), expected->tx.packets);
	assert_int_equal(number_at(row, "tx_bytes"), expected->tx.bytes);
	assert_int_equal(number_at(row, "total_bytes"), expected->rx.bytes + expected->tx.bytes);
}

static uint64_t bytes_of(struct json_object *rows)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < json_object_array_length(rows); i++)
		bytes += number_at(json_object_array_get_idx(rows, i), "total_bytes");
	return bytes;
}

#define ALL "--since 2026-11-22T12:00Z --until 2026-11-25"

/* Each row is what was sent of it, and all rows are all that was sent. */
static void check_by(const struct lab *lab, const char *by, const char *member, const char *times,
		     struct expected expected)
{
	char words[256];
	struct flow_record total = sum(&expected), one;
	struct json_object *document;

	snprintf(words, sizeof(words), "%s --by %s", times, by);
	document = report_json(lab, words);
	check_counts(at(document, "total"), &total);
	assert_true(length_at(document, "rows") > 2);
	expected.by = by;
	for (size_t i = 0; i < length_at(document, "rows"); i++) {
		struct json_object *row = json_object_array_get_idx(at(document, "rows"), i);

		expected.group = text_at(row, member);
		one = sum(&expected);
		check_counts(row, &one);
	}
	assert_int_equal(bytes_of(at(document, "rows")), total.rx.bytes + total.tx.bytes);
	json_object_put(document);
}

LAB_TEST(sums_by_each_key)
{
	const struct expected all = {.until = INT64_MAX};
	const struct expected part = {.since = LAB_NOON + 3600, .until = LAB_NOON + 30 * 3600};
	const char *times = "--since 2026-11-22T13:00Z --until 2026-11-23T18:00Z";

	fill(lab);
	check_by(lab, "host", "host", ALL, all);
	check_by(lab, "remote", "remote", ALL, all);
	check_by(lab, "prefix/24", "prefix", ALL, all);
	check_by(lab, "prefix/48", "prefix", ALL, all);
	check_by(lab, "protocol", "protocol", ALL, all);
	check_by(lab, "host", "host", times, part);
	check_by(lab, "prefix/24", "prefix", times, part);
}

LAB_TEST(sums_by_source)
{
	struct expected expected = {.until = INT64_MAX};
	struct flow_record total;
	struct json_object *document;

	fill(lab);
	document = report_json(lab, ALL);
	assert_string_equal(text_at(document, "by"), "source");
	assert_int_equal(length_at(document, "rows"), 2);
	assert_int_equal(length_at(document, "sources"), 2);
	for (size_t i = 0; i < 2; i++) {
		struct json_object *row = json_object_array_get_idx(at(document, "rows"), i);

		expected.id = text_at(row, "source");
		total = sum(&expected);
		check_counts(row, &total);
	}
	json_object_put(document);
	document = report_json(lab, ALL " --source blue--* --by host");
	expected.id = "blue--eth1";
	total = sum(&expected);
	check_counts(at(document, "total"), &total);
	assert_int_equal(length_at(document, "sources"), 1);
	json_object_put(document);
}

LAB_TEST(a_key_finer_than_the_source_has)
{
	fill(lab);
	{
		_cleanup_ran_ struct ran ran = report(lab, ALL " --by port");

		assert_int_equal(ran.status, STATUS_USAGE);
		assert_string_equal(ran.out, "");
		assert_non_null(strstr(ran.err, "\"host--eth0\" have the key host-pair"));
	}
	struct json_object *document = report_json(lab, ALL " --by port --source blue--eth1");

	assert_int_equal(length_at(document, "rows"), 5); /* TCP and UDP with two, ICMP */
	assert_non_null(strstr(json_object_to_json_string(document), "\"port\": 443"));
	json_object_put(document);
}

static void check_bins(struct lab *lab, const char *bin, size_t count)
{
	char words[256];
	struct json_object *document;
	int64_t start, end, last = 0;

	snprintf(words, sizeof(words), "%s --total --bin %s", ALL, bin);
	document = report_json(lab, words);
	assert_int_equal(length_at(document, "rows"), count);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = json_object_array_get_idx(at(document, "rows"), i);

		assert_int_equal(calendar_parse(text_at(row, "start"), 0, 1, &start), 0);
		assert_int_equal(calendar_parse(text_at(row, "end"), 0, 1, &end), 0);
		assert_true(start >= last && end > start);
		last = end;

		struct expected expected = {.since = start, .until = end};
		struct flow_record total = sum(&expected);

		check_counts(row, &total);
	}
	json_object_put(document);
}

LAB_TEST(bins)
{
	fill(lab);
	check_bins(lab, "hour", 48);
	check_bins(lab, "day", 3);
	check_bins(lab, "month", 1);
}

LAB_TEST(the_busiest_and_the_rest)
{
	struct expected all = {.until = INT64_MAX};
	struct json_object *document, *rows;
	struct flow_record total;
	uint64_t least;

	fill(lab);
	total = sum(&all);
	document = report_json(lab, ALL " --by host --top 3");
	rows = at(document, "rows");
	assert_int_equal(json_object_array_length(rows), 4);
	assert_true(flag_of(json_object_array_get_idx(rows, 3), "rest"));
	assert_string_equal(text_of(json_object_array_get_idx(rows, 3), "host"), "");
	assert_int_equal(bytes_of(rows), total.rx.bytes + total.tx.bytes);
	check_counts(at(document, "total"), &total);
	least = number_at(json_object_array_get_idx(rows, 2), "total_bytes");
	json_object_put(document);
	document = report_json(lab, ALL " --by host");
	assert_true(number_at(document, "rows/2/total_bytes") == least);
	assert_true(number_at(document, "rows/3/total_bytes") <= least);
	json_object_put(document);
	document = report_json(lab, ALL " --by host --top 3 --bin day");
	assert_int_equal(length_at(document, "rows"), 12);
	assert_int_equal(bytes_of(at(document, "rows")), total.rx.bytes + total.tx.bytes);
	json_object_put(document);
}

/* The history itself keeps the busiest alone: what it calls `other` is shown. */
LAB_TEST(other)
{
	struct expected all = {.until = INT64_MAX};
	struct flow_record total;
	struct json_object *document, *rows;

	lab->settings.top[HISTORY_HOUR] = 4;
	history_set(lab->history, &lab->settings);
	fill(lab);
	total = sum(&all);
	document = report_json(lab, ALL " --by host --top 2");
	rows = at(document, "rows");
	assert_int_equal(json_object_array_length(rows), 4);
	assert_true(flag_of(json_object_array_get_idx(rows, 2), "other"));
	assert_true(flag_of(json_object_array_get_idx(rows, 3), "rest"));
	assert_int_equal(bytes_of(rows), total.rx.bytes + total.tx.bytes);
	check_counts(at(document, "total"), &total);
	json_object_put(document);
	_cleanup_ran_ struct ran ran = report(lab, ALL " --by host --top 2");

	assert_non_null(strstr(ran.out, "\nother "));
	assert_non_null(strstr(ran.out, "\n(rest) "));
	assert_non_null(strstr(ran.out, "\ntotal "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_by_each_key),
		cmocka_unit_test(sums_by_source),
		cmocka_unit_test(a_key_finer_than_the_source_has),
		cmocka_unit_test(bins),
		cmocka_unit_test(the_busiest_and_the_rest),
		cmocka_unit_test(other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

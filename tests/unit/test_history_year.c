// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Months of many hosts: what a report of all of it says, and how long it
 * takes. Small where nothing is said; for the figures of a year:
 *
 *	NETACCT_YEAR_HOSTS=10000 NETACCT_YEAR_DAYS=365 NETACCT_YEAR_DRAINS=4 test_history_year
 */
#include <stdio.h>
#include <sys/stat.h>

#include "test_history_report.h"

#define DAY 86400

static unsigned int number_of(const char *name, unsigned int otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned int)strtoul(text, NULL, 10) : otherwise;
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The k-th host sends a k-th of what the first does: few are busy, many are not. */
static uint64_t bytes_of_host(uint32_t host, unsigned int *seed)
{
	return (10000000000ull / (host + 1) / 1000) * (500 + (uint64_t)rand_r(seed) % 1000);
}

struct year {
	uint32_t hosts, days, drains; /* drains: of a day */
	uint64_t *sent; /* by host */
	uint64_t total;
};

static void fill(struct lab *lab, struct year *year)
{
	struct flow_record *records = calloc(year->hosts, sizeof(*records));
	unsigned int seed = 3;

	assert_non_null(records);
	for (uint32_t drain = 0; drain < year->days * year->drains; drain++) {
		lab_pass(lab, DAY / year->drains);
		for (uint32_t i = 0; i < year->hosts; i++) {
			uint64_t bytes = bytes_of_host(i, &seed);

			records[i] = lab_record(lab, i, bytes, bytes / 10);
			year->sent[i] += bytes + bytes / 10;
			year->total += bytes + bytes / 10;
		}
		lab_store(lab, records, year->hosts);
		lab_maintain(lab, false);
	}
	free(records);
}

static uint64_t rows_together(struct json_object *document)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < length_at(document, "rows"); i++)
		bytes += number_at(json_object_array_get_idx(at(document, "rows"), i),
				   "total_bytes");
	return bytes;
}

static void check_busiest(const struct lab *lab, const struct year *year)
{
	char words[128];
	double begun = seconds_of(CLOCK_MONOTONIC);
	struct json_object *document;

	snprintf(words, sizeof(words), "--since 2026-11-22 --until 2029-01-01 --by host --top 20");
	document = report_json(lab, words);
	print_message("%s: %.3f s\n", words, seconds_of(CLOCK_MONOTONIC) - begun);
	assert_int_equal(number_at(document, "total/total_bytes"), year->total);
	assert_int_equal(rows_together(document), year->total);
	for (uint32_t i = 0; i < 20; i++) {
		struct json_object *row = json_object_array_get_idx(at(document, "rows"), i);
		struct in_addr address;

		assert_int_equal(inet_pton(AF_INET, text_at(row, "host"), &address), 1);
		assert_int_equal(number_at(row, "total_bytes"),
				 year->sent[ntohl(address.s_addr) - 0x0a000000]);
	}
	json_object_put(document);
}

LAB_TEST(a_year)
{
	struct year year = {.hosts = number_of("NETACCT_YEAR_HOSTS", 60),
			    .days = number_of("NETACCT_YEAR_DAYS", 40),
			    .drains = number_of("NETACCT_YEAR_DRAINS", 8)};
	double begun = seconds_of(CLOCK_MONOTONIC);
	struct stat file;

	year.sent = calloc(year.hosts, sizeof(*year.sent));
	assert_non_null(year.sent);
	fill(lab, &year);
	lab_maintain(lab, true);
	lab_close(lab);
	assert_int_equal(stat(lab->path, &file), 0);
	print_message("%u hosts, %u days: %.1f MB, filled in %.1f s\n", year.hosts, year.days,
		      (double)file.st_size / 1e6, seconds_of(CLOCK_MONOTONIC) - begun);
	check_busiest(lab, &year);
	free(year.sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

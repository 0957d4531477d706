// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include "test_history_lab.h"

#define HOSTS 400

/* A drain of HOSTS hosts each 5 minutes. */
static uint64_t fill(struct lab *lab, size_t drains)
{
	struct flow_record records[HOSTS];
	uint64_t bytes = 0;
	size_t i, j;

	for (i = 0; i < drains; i++) {
		lab_pass(lab, 300);
		for (j = 0; j < HOSTS; j++) {
			records[j] = lab_record(lab, (uint32_t)j, j + 1, 0);
			bytes += j + 1;
		}
		lab_store(lab, records, HOSTS);
		lab_maintain(lab, false);
	}
	return bytes;
}

static uint64_t size_of(struct lab *lab)
{
	return (uint64_t)lab_number(lab, "SELECT (page_count - freelist_count) * page_size"
					 " FROM pragma_page_count, pragma_freelist_count,"
					 " pragma_page_size");
}

static uint64_t file_size(const struct lab *lab)
{
	struct stat status;

	assert_int_equal(stat(lab->path, &status), 0);
	return (uint64_t)status.st_size;
}

static void no_journal_is_left(struct lab *lab)
{
	lab_pass(lab, 600);
	lab_maintain(lab, false);
	assert_int_equal(database_execute(lab->history, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
}

/* The finest go first, the sums stay, and the file shrinks. */
LAB_TEST(the_size_is_bounded)
{
	uint64_t bytes = fill(lab, 24 * 12), before;

	no_journal_is_left(lab);
	before = file_size(lab);
	lab->settings.max_size = size_of(lab) / 2;
	history_set(lab->history, &lab->settings);
	no_journal_is_left(lab);
	assert_true(size_of(lab) <= lab->settings.max_size);
	assert_true(file_size(lab) < before * 3 / 4);
	assert_true(lab_level_bytes(lab, HISTORY_5MIN) < bytes * 2 / 3);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rx.bytes, bytes);
}

/* However small: what is not rolled up is not deleted. */
LAB_TEST(what_is_not_rolled_up_stays)
{
	uint64_t bytes = fill(lab, 20);

	lab->settings.max_size = 1;
	lab->settings.retention[HISTORY_5MIN] = 1;
	lab->settings.retention[HISTORY_HOUR] = 1;
	lab->settings.retention[HISTORY_DAY] = 1;
	history_set(lab->history, &lab->settings);
	no_journal_is_left(lab);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_5MIN).rx.bytes, bytes);
	assert_true(lab_level_bytes(lab, HISTORY_5MIN) < bytes);
}

static int64_t series_rows(struct lab *lab, enum history_level level)
{
	char sql[80];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM series WHERE level = %d", level);
	return lab_number(lab, sql);
}

LAB_TEST(series_outlive_their_bins)
{
	fill(lab, 12);
	lab_pass(lab, 50 * 86400);
	lab->drained = lab->boot;
	fill(lab, 1);
	no_journal_is_left(lab);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM bin WHERE level = 1 AND start < "
					 "1797000000"),
			 0);
	assert_int_equal(series_rows(lab, HISTORY_5MIN), 13);
	assert_int_equal(series_rows(lab, HISTORY_MINUTE), 5);
	lab_pass(lab, 401 * 86400);
	lab_maintain(lab, false);
	assert_int_equal(series_rows(lab, HISTORY_5MIN), 0);
	assert_int_equal(series_rows(lab, HISTORY_MONTH), 2);
}

/* Where only months are left, a range has the months that begin in it. */
LAB_TEST(old_ranges_have_coarser_bins)
{
	struct lab_sum sum;
	uint64_t bytes;

	lab->settings.retention[HISTORY_5MIN] = 86400;
	lab->settings.retention[HISTORY_HOUR] = 86400;
	lab->settings.retention[HISTORY_DAY] = 86400;
	history_set(lab->history, &lab->settings);
	bytes = fill(lab, 12);
	lab_pass(lab, 70 * 86400);
	lab_maintain(lab, false);
	assert_int_equal(lab_level_bytes(lab, HISTORY_DAY), 0);
	sum = lab_rows(lab, LAB_NOON - 30 * 86400, LAB_NOON, HISTORY_5MIN);
	assert_int_equal(sum.rx.bytes, bytes);
	assert_int_equal(sum.minutes, 0);
	assert_int_equal(lab_rows(lab, LAB_NOON - 86400, LAB_NOON + 86400, HISTORY_5MIN).rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_size_is_bounded),
		cmocka_unit_test(what_is_not_rolled_up_stays),
		cmocka_unit_test(series_outlive_their_bins),
		cmocka_unit_test(old_ranges_have_coarser_bins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* unshare() */
#include <sched.h>
#include <sys/mount.h>

#include "test_history_lab.h"

#define HOSTS 20000

static struct flow_record *many(const struct lab *lab)
{
	struct flow_record *records = malloc(HOSTS * sizeof(*records));
	size_t i;

	assert_non_null(records);
	for (i = 0; i < HOSTS; i++)
		records[i] = lab_record(lab, (uint32_t)i, 100, 0);
	return records;
}

/* Nothing is stored in part, and it goes on where there is room again. */
LAB_TEST(no_pages_are_left)
{
	struct flow_record *records = many(lab);
	struct reading readings[] = {lab_reading(lab, "host--eth0", 0, records, 10),
				     lab_reading(lab, "host--eth1", 1, records, HOSTS)};
	char sql[64];

	lab_store(lab, records, 1);
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %d",
		 (int)lab_number(lab, "PRAGMA page_count") + 20);
	assert_int_equal(database_execute(lab->history, sql), 0);
	assert_int_equal(lab_try_store(lab, readings, 2), -ENOSPC);
	assert_non_null(strstr(lab->why.text, "full"));
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100);
	assert_int_equal(lab_number(lab, "SELECT generation FROM meter"), 1);
	assert_int_equal(database_execute(lab->history, "PRAGMA max_page_count = 1000000"), 0);
	assert_int_equal(lab_try_store(lab, readings, 2), 0);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100 * (HOSTS + 11));
	free(records);
}

/* The fold fails whole: the journal still has it. */
LAB_TEST(no_pages_are_left_for_the_fold)
{
	struct flow_record *records = many(lab);
	char sql[64];

	lab_store(lab, records, HOSTS);
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %d",
		 (int)lab_number(lab, "PRAGMA page_count") + 20);
	assert_int_equal(database_execute(lab->history, sql), 0);
	assert_int_equal(history_maintain(lab->history, true, &lab->why), -ENOSPC);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100 * HOSTS);
	assert_int_equal(lab_number(lab, "SELECT count(*) FROM bin"), 0);
	assert_int_equal(database_execute(lab->history, "PRAGMA max_page_count = 1000000"), 0);
	lab_maintain(lab, true);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100 * HOSTS);
	free(records);
}

static void on_a_full_disk(struct lab *lab)
{
	struct flow_record *records = many(lab);
	struct reading reading = lab_reading(lab, "host--eth0", 0, records, HOSTS);
	char path[100], rest[4096] = {0};
	uint64_t stored = 0;
	int fd, err;

	snprintf(path, sizeof(path), "%s/rest", lab->folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	lab_store(lab, records, 1);
	while (write(fd, rest, sizeof(rest)) > 0)
		;
	err = lab_try_store(lab, &reading, 1);
	assert_int_equal(err, -ENOSPC);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100);
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	stored = 100 * (HOSTS + 1);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, stored);
	free(records);
}

static void a_full_disk(void **state)
{
	struct lab lab;

	(void)state;
	if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL))
		skip();
	lab_begin(&lab);
	if (mount("netacct", lab.folder, "tmpfs", 0, "size=4m")) {
		rmdir(lab.folder);
		skip();
	}
	lab_open(&lab);
	on_a_full_disk(&lab);
	lab_close(&lab);
	umount2(lab.folder, MNT_DETACH);
	rmdir(lab.folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_pages_are_left),
		cmocka_unit_test(no_pages_are_left_for_the_fold),
		cmocka_unit_test(a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

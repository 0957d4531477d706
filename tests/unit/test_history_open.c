// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>
#include <sys/wait.h>

#include "test_history_lab.h"

static int reopen(struct lab *lab)
{
	lab_close(lab);
	return history_open(lab->path, &lab->settings, &lab->history, &lab->set_aside, &lab->why);
}

static void store_one(struct lab *lab)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);

	lab_store(lab, &record, 1);
}

static size_t count_files(const struct lab *lab, const char *part)
{
	DIR *folder = opendir(lab->folder);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		count += strstr(entry->d_name, part) != NULL;
	closedir(folder);
	return count;
}

static void write_at(const struct lab *lab, off_t offset, const char *text, size_t length)
{
	int fd = open(lab->path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, length, offset), length);
	close(fd);
}

LAB_TEST(makes_folder_and_file)
{
	struct history *history;
	struct stat status;
	char path[120], folder[100];

	snprintf(folder, sizeof(folder), "%s/netacct", lab->folder);
	snprintf(path, sizeof(path), "%s/history.db", folder);
	assert_int_equal(history_open(path, &lab->settings, &history, NULL, &lab->why), 0);
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0750);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	/* a reader in the group cannot hold the lock */
	snprintf(path, sizeof(path), "%s/history.db.lock", folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	history_close(history);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

LAB_TEST(one_writer_at_a_time)
{
	struct history *other;
	char number[32];

	assert_int_equal(history_open(lab->path, &lab->settings, &other, NULL, &lab->why), -EBUSY);
	snprintf(number, sizeof(number), "process %d", getpid());
	assert_non_null(strstr(lab->why.text, number));
}

/* Somebody writes into it with another tool. */
LAB_TEST(locked_by_another)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct reading reading = lab_reading(lab, "host--eth0", 0, &record, 1);
	sqlite3 *other;

	assert_int_equal(sqlite.open_v2(lab->path, &other, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite.exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	sqlite.busy_timeout(lab->history->database, 1);
	assert_int_equal(lab_try_store(lab, &reading, 1), -EBUSY);
	assert_non_null(strstr(lab->why.text, lab->path));
	assert_int_equal(sqlite.exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite.close_v2(other);
	assert_int_equal(lab_try_store(lab, &reading, 1), 0);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rx.bytes, 100);
}

LAB_TEST(sets_aside_what_is_no_database)
{
	store_one(lab);
	lab_close(lab);
	write_at(lab, 0, "this is not a database, and never was one", 41);
	assert_int_equal(reopen(lab), 0);
	assert_non_null(strstr(lab->set_aside.text, ".corrupt-"));
	assert_int_equal(count_files(lab, ".corrupt-"), 3);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rows, 0);
	store_one(lab);
	assert_int_equal(reopen(lab), 0);
	assert_string_equal(lab->set_aside.text, "");
}

/* It is looked at closely only where the last run did not come to its end. */
LAB_TEST(sets_aside_what_a_crash_broke)
{
	char rubbish[4096];

	store_one(lab);
	lab_maintain(lab, true);
	assert_int_equal(reopen(lab), 0);
	assert_int_equal(database_execute(lab->history, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	lab_kill(lab);
	memset(rubbish, 0xa5, sizeof(rubbish));
	write_at(lab,
		 lab_number(lab, "SELECT (rootpage - 1) * 4096 FROM sqlite_master"
				 " WHERE name = 'bin'"),
		 rubbish, sizeof(rubbish));
	assert_int_equal(reopen(lab), 0);
	assert_non_null(strstr(lab->set_aside.text, ".corrupt-"));
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_DAY).rows, 0);
}

/* Found while it runs: it is no use to open it again as it is. */
LAB_TEST(sets_aside_what_was_found_corrupt)
{
	store_one(lab);
	assert_int_equal(database_execute(lab->history, "UPDATE records SET part = x'ffff'"), 0);
	assert_int_equal(history_maintain(lab->history, true, &lab->why), -EUCLEAN);
	assert_int_equal(reopen(lab), 0);
	assert_non_null(strstr(lab->set_aside.text, ".corrupt-"));
	assert_int_equal(reopen(lab), 0);
	assert_string_equal(lab->set_aside.text, "");
}

LAB_TEST(tells_that_the_file_is_gone)
{
	struct flow_record record = lab_record(lab, 1, 100, 0);
	struct reading reading = lab_reading(lab, "host--eth0", 0, &record, 1);

	store_one(lab);
	unlink(lab->path);
	assert_int_equal(lab_try_store(lab, &reading, 1), -ENOENT);
	assert_int_equal(reopen(lab), 0);
	store_one(lab);
}

LAB_TEST(an_empty_file_is_begun)
{
	lab_close(lab);
	unlink(lab->path);
	close(open(lab->path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(reopen(lab), 0);
	assert_string_equal(lab->set_aside.text, "");
	store_one(lab);
}

LAB_TEST(leaves_what_is_somebody_elses)
{
	assert_int_equal(database_execute(lab->history, "PRAGMA application_id = 7"), 0);
	assert_int_equal(reopen(lab), -EUCLEAN);
	assert_int_equal(count_files(lab, ".corrupt-"), 0);
	assert_int_equal(history_open_readonly(lab->path, &lab->history, &lab->why), -EUCLEAN);
}

LAB_TEST(leaves_what_is_newer)
{
	assert_int_equal(database_execute(lab->history, "PRAGMA user_version = 2"), 0);
	assert_int_equal(reopen(lab), -EPROTO);
	assert_int_equal(count_files(lab, ".corrupt-"), 0);
	assert_int_equal(history_open_readonly(lab->path, &lab->history, &lab->why), -EPROTO);
}

LAB_TEST(readers_change_nothing)
{
	struct history *reader;
	struct lab_sum sum = {0};

	store_one(lab);
	assert_int_equal(history_open_readonly(lab->path, &reader, &lab->why), 0);
	assert_int_equal(history_rows(reader, 0, INT64_MAX, HISTORY_DAY, UINT32_MAX, lab_add, &sum,
				      &lab->why),
			 0);
	assert_int_equal(sum.rx.bytes, 100);
	assert_int_equal(history_maintain(reader, true, &lab->why), -EROFS);
	history_close(reader);
	unlink(lab->path);
	assert_int_equal(history_open_readonly(lab->path, &reader, &lab->why), -ENOENT);
	assert_int_not_equal(access(lab->path, F_OK), 0);
}

/* Neither the collector nor its log are there, and the folder may not be written to. */
LAB_TEST(readers_need_no_log)
{
	struct lab_sum sum = {0};
	char command[256];

	store_one(lab);
	lab_close(lab);
	snprintf(command, sizeof(command), "rm -f %s-wal %s-shm", lab->path, lab->path);
	assert_int_equal(system(command), 0);
	chmod(lab->folder, 0555);
	assert_int_equal(history_open_readonly(lab->path, &lab->history, &lab->why), 0);
	assert_int_equal(history_rows(lab->history, 0, INT64_MAX, HISTORY_DAY, UINT32_MAX, lab_add,
				      &sum, &lab->why),
			 0);
	assert_int_equal(sum.rx.bytes, 100);
	chmod(lab->folder, 0755);
}

static int ask_within(void *context, const struct history_row *row)
{
	struct lab *lab = context;
	struct history_totals totals = {0};

	assert_int_equal(row->rx.bytes, 100);
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_int_equal(totals.count, 1);
	history_totals_clear(&totals);
	return 7;
}

/* Who is given a row may ask for something else; what the function returns ends it. */
LAB_TEST(asks_while_it_is_told)
{
	store_one(lab);
	lab_maintain(lab, true);
	assert_int_equal(history_rows(lab->history, 0, INT64_MAX, HISTORY_DAY, UINT32_MAX,
				      ask_within, lab, &lab->why),
			 7);
	store_one(lab);
}

LAB_TEST(a_snapshot_stands_still)
{
	struct history *reader;
	struct lab_sum sum = {0};

	store_one(lab);
	assert_int_equal(history_open_readonly(lab->path, &reader, &lab->why), 0);
	assert_int_equal(history_snapshot_begin(reader, &lab->why), 0);
	store_one(lab);
	lab_maintain(lab, true);
	assert_int_equal(history_rows(reader, 0, INT64_MAX, HISTORY_DAY, UINT32_MAX, lab_add, &sum,
				      &lab->why),
			 0);
	assert_int_equal(sum.rx.bytes, 100);
	history_snapshot_end(reader);
	assert_int_equal(history_rows(reader, 0, INT64_MAX, HISTORY_DAY, UINT32_MAX, lab_add, &sum,
				      &lab->why),
			 0);
	assert_int_equal(sum.rx.bytes, 300);
	history_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_folder_and_file),
		cmocka_unit_test(one_writer_at_a_time),
		cmocka_unit_test(locked_by_another),
		cmocka_unit_test(sets_aside_what_is_no_database),
		cmocka_unit_test(sets_aside_what_a_crash_broke),
		cmocka_unit_test(sets_aside_what_was_found_corrupt),
		cmocka_unit_test(tells_that_the_file_is_gone),
		cmocka_unit_test(an_empty_file_is_begun),
		cmocka_unit_test(leaves_what_is_somebody_elses),
		cmocka_unit_test(leaves_what_is_newer),
		cmocka_unit_test(readers_change_nothing),
		cmocka_unit_test(readers_need_no_log),
		cmocka_unit_test(asks_while_it_is_told),
		cmocka_unit_test(a_snapshot_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

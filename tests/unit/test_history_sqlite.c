// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"

#include <netacct/cleanup.h>
#include <pthread.h>

#include "../../src/history/library.h"
#include "../../src/history/sqlite.h"

static void each_function_is_found(void **state)
{
	struct history_error why = {""};
	void *function;

	(void)state;
	assert_int_equal(sqlite_load(&why), 0);
	for (size_t at = 0; at < sizeof(sqlite); at += sizeof(function)) {
		memcpy(&function, (const char *)&sqlite + at, sizeof(function));
		assert_non_null(function);
	}
	assert_string_equal(sqlite.errstr(SQLITE_NOTADB), "file is not a database");
	assert_string_equal(why.text, "");
}

static void *load(void *why)
{
	return sqlite_load(why) ? why : NULL;
}

static void threads_may_load_it_at_once(void **state)
{
	struct history_error why[8];
	pthread_t threads[ARRAY_SIZE(why)];
	struct sqlite before;
	void *failed;
	size_t i;

	(void)state;
	sqlite = (struct sqlite){};
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, load, &why[i]), 0);
	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_non_null(sqlite.open_v2);
	before = sqlite;
	assert_int_equal(sqlite_load(&why[0]), 0);
	assert_memory_equal(&sqlite, &before, sizeof(sqlite));
}

static void says_what_to_install(void **state)
{
	struct history_error why = {""};
	struct sqlite functions;

	(void)state;
	assert_int_equal(sqlite_load_from("libsqlite3-absent.so.0", &functions, &why), -ENOPKG);
	assert_int_equal(strncmp(why.text, "libsqlite3-absent.so.0: ", 24), 0);
	assert_non_null(strstr(why.text, "; install libsqlite3-0 "));
}

/* A library of that name that lacks one of the functions. */
static void says_which_function_is_missing(void **state)
{
	static const char *const names[] = {"sqlite3_step", "sqlite3_of_tomorrow"};
	const struct library library = {.soname = "libsqlite3.so.0",
					.package = "libsqlite3-0",
					.functions = names,
					.count = ARRAY_SIZE(names)};
	struct history_error why = {""};
	void *functions[ARRAY_SIZE(names)];

	(void)state;
	assert_int_equal(library_load(&library, functions, &why), -ENOPKG);
	assert_non_null(strstr(why.text, "sqlite3_of_tomorrow"));
	assert_non_null(strstr(why.text, "; install a newer libsqlite3-0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_function_is_found),
		cmocka_unit_test(threads_may_load_it_at_once),
		cmocka_unit_test(says_what_to_install),
		cmocka_unit_test(says_which_function_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files a whitelist is read from, and how large they may be. */
#include "whitelist_text.h"

#include "../../src/meter/json_strict.h"

#include <fcntl.h>
#include <unistd.h>

/* A temporary file with the text, `padding` spaces behind it. */
static void write_file(char path[static 32], const char *text, size_t padding)
{
	_cleanup_free_ char *spaces = malloc(padding + 1);
	_cleanup_close_ int fd = -1;

	assert_non_null(spaces);
	memset(spaces, ' ', padding);
	strcpy(path, "/tmp/test_whitelist.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(write(fd, spaces, padding), padding);
}

static int load_padded(const char *text, size_t padding, struct whitelist *ret,
		       struct whitelist_error *why)
{
	char path[32];
	int rc;

	write_file(path, text, padding);
	rc = whitelist_load(path, ret, why);
	unlink(path);
	return rc;
}

static void loads_files_up_to_the_limit(void **state)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	size_t room = JSON_FILE_MAX - strlen(example);
	struct whitelist_error why;

	(void)state;
	assert_int_equal(load_padded(example, 0, &whitelist, &why), 0);
	assert_int_equal(whitelist.count, 4);
	whitelist_clear(&whitelist);
	assert_int_equal(load_padded(example, room, &whitelist, &why), 0);
	assert_int_equal(whitelist.count, 4);
	whitelist_clear(&whitelist);
	assert_int_equal(load_padded(example, room + 1, &whitelist, &why), -EFBIG);
	assert_string_equal(why.text, "larger than 16 MiB");
	assert_null(whitelist.prefixes);
	assert_int_equal(load_padded("", 0, &whitelist, &why), -EINVAL);
}

static void loads_pipes(void **state)
{
	_cleanup_whitelist_ struct whitelist whitelist = {0};
	struct whitelist_error why;
	char path[32];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], example, strlen(example)), strlen(example));
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	assert_int_equal(whitelist_load(path, &whitelist, &why), 0);
	assert_int_equal(whitelist.count, 4);
	close(ends[0]);
}

static void refuses_other_files(void **state)
{
	struct whitelist whitelist = {0};
	struct whitelist_error why;

	(void)state;
	assert_int_equal(whitelist_load("/nonexistent/wl.json", &whitelist, &why), -ENOENT);
	assert_string_equal(why.text, strerror(ENOENT));
	assert_int_equal(whitelist_load("/", &whitelist, &why), -EISDIR);
	assert_string_equal(why.text, strerror(EISDIR));
	assert_int_equal(whitelist_load("/dev/zero", &whitelist, &why), -EINVAL);
	assert_string_equal(why.text, "neither a file nor a pipe");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_files_up_to_the_limit),
		cmocka_unit_test(loads_pipes),
		cmocka_unit_test(refuses_other_files),
	};

	return cmocka_run_group_tests_name("whitelist load", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whitelist files that change while they are watched. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../../src/collector/reload.h"

#define LIST(reload, ips)                                                                      \
	"{\"metadata\": {\"auto_reload\": " reload "}, \"whitelist\": {\"a\": {\"ips\": [" ips \
	"]}}}"

struct watched {
	char path[64];
	struct config_instance instances[2];
	struct config config;
	struct reload reload;
	struct voice voice;
	unsigned int errors, notices;
};

static void hear(void *context, enum voice_level level, const char *what, const char *sentence)
{
	struct watched *watched = context;

	assert_string_equal(what, watched->path);
	assert_non_null(sentence);
	if (level == VOICE_ERROR)
		watched->errors++;
	else
		watched->notices++;
}

/* Another file under the same name, as editors write it. */
static void write_list(const struct watched *watched, const char *text)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s.new", watched->path);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename(path, watched->path), 0);
}

static void begin(struct watched *watched, const char *text)
{
	memset(watched, 0, sizeof(*watched));
	snprintf(watched->path, sizeof(watched->path), "/tmp/netacct-reload-%d", getpid());
	if (text)
		write_list(watched, text);
	watched->instances[1].whitelist_file = watched->path;
	watched->config = (struct config){.instances = watched->instances, .count = 2};
	watched->voice = (struct voice){hear, watched};
	assert_int_equal(reload_open(&watched->reload, &watched->config), 0);
}

static void end(struct watched *watched)
{
	reload_close(&watched->reload);
	unlink(watched->path);
}

static void expect_list(const struct watched *watched, unsigned int version, size_t listed)
{
	const struct whitelist *whitelist;
	unsigned int got = 0;

	assert_null(reload_whitelist(&watched->reload, 0, &got));
	assert_null(reload_whitelist(&watched->reload, 2, &got));
	whitelist = reload_whitelist(&watched->reload, 1, &got);
	assert_non_null(whitelist);
	assert_int_equal(got, version);
	assert_int_equal(whitelist->listed, listed);
}

static void applies_what_changed(void **state)
{
	struct watched watched;

	(void)state;
	begin(&watched, LIST("true", "\"10.0.0.1\""));
	expect_list(&watched, RELOAD_FIRST, 1);
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	write_list(&watched, LIST("true", "\"10.0.0.1\", \"10.0.0.2\""));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 1);
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	expect_list(&watched, RELOAD_FIRST + 1, 2);
	assert_int_equal(watched.notices, 1);
	assert_int_equal(watched.errors, 0);
	end(&watched);
}

static void keeps_the_old_one_for_a_broken_one(void **state)
{
	struct watched watched;

	(void)state;
	begin(&watched, LIST("true", "\"10.0.0.1\""));
	write_list(&watched, LIST("true", "\"10.0.0.1\", \"10.0.0.256\""));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	assert_int_equal(watched.errors, 1);
	expect_list(&watched, RELOAD_FIRST, 1);
	unlink(watched.path);
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	assert_int_equal(watched.errors, 2);
	write_list(&watched, LIST("true", "\"10.0.0.3\", \"10.0.0.4\", \"10.0.0.5\""));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 1);
	expect_list(&watched, RELOAD_FIRST + 1, 3);
	end(&watched);
}

static void waits_to_be_asked(void **state)
{
	struct watched watched;

	(void)state;
	begin(&watched, LIST("false", "\"10.0.0.1\""));
	write_list(&watched, LIST("false", "\"10.0.0.1\", \"10.0.0.2\""));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	expect_list(&watched, RELOAD_FIRST, 1);
	assert_int_equal(reload_check(&watched.reload, true, &watched.voice), 1);
	expect_list(&watched, RELOAD_FIRST + 1, 2);
	end(&watched);
}

static void begins_without_one(void **state)
{
	unsigned int version;
	struct watched watched;

	(void)state;
	begin(&watched, NULL);
	assert_null(reload_whitelist(&watched.reload, 1, &version));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 0);
	write_list(&watched, LIST("true", "\"10.0.0.1\""));
	assert_int_equal(reload_check(&watched.reload, false, &watched.voice), 1);
	expect_list(&watched, 1, 1);
	end(&watched);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(applies_what_changed),
		cmocka_unit_test(keeps_the_old_one_for_a_broken_one),
		cmocka_unit_test(waits_to_be_asked),
		cmocka_unit_test(begins_without_one),
	};

	return cmocka_run_group_tests_name("collector reload", tests, NULL, NULL);
}

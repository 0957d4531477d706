/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What netacct says on stderr: its form, its levels, and nothing that moves a cursor. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cmd/message.h"
#include "../../src/record/nearest.h"

static FILE *captured;
static int real_stderr;

static int capture(void **state)
{
	(void)state;
	captured = tmpfile();
	real_stderr = dup(STDERR_FILENO);
	if (!captured || real_stderr < 0)
		return -1;
	return dup2(fileno(captured), STDERR_FILENO) < 0;
}

static int release(void **state)
{
	(void)state;
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(captured);
	return 0;
}

/* What was said since the last call. */
static const char *said(void)
{
	static char text[16384];
	size_t length;

	rewind(captured);
	length = fread(text, 1, sizeof(text) - 1, captured);
	text[length] = '\0';
	rewind(captured);
	assert_int_equal(ftruncate(fileno(captured), 0), 0);
	lseek(STDERR_FILENO, 0, SEEK_SET);
	return text;
}

static void test_form(void **state)
{
	(void)state;
	message_error("attach", "eth0", "no such %s", "interface");
	assert_string_equal(said(), "netacct: attach: eth0: no such interface\n");
	message_error("attach", NULL, "needs root");
	assert_string_equal(said(), "netacct: attach: needs root\n");
	message_error(NULL, "stdout", "gone");
	assert_string_equal(said(), "netacct: stdout: gone\n");
	message_warning("attach", "eth0", "not exact");
	assert_string_equal(said(), "netacct: attach: eth0: warning: not exact\n");
}

static void test_errno_and_the_kernels_words(void **state)
{
	(void)state;
	message_errno("attach", "eth0", -EBUSY, NULL);
	assert_string_equal(said(), "netacct: attach: eth0: Device or resource busy\n");
	message_errno("attach", "eth0", EBUSY, "");
	assert_string_equal(said(), "netacct: attach: eth0: Device or resource busy\n");
	message_errno("attach", "eth0", -EEXIST, "Exclusivity flag on, cannot modify");
	assert_string_equal(said(), "netacct: attach: eth0: Exclusivity flag on, cannot modify "
				    "(File exists)\n");
}

static void test_errno_is_kept(void **state)
{
	(void)state;
	errno = ENOTTY;
	message_error("attach", "eth0", "x");
	assert_int_equal(errno, ENOTTY);
	said();
}

static void test_one_line_whatever_the_name(void **state)
{
	char longest[9000];
	const char *text;

	(void)state;
	message_error("attach", "a\nb\033[2Jc\177\302\233d\377e", "f\r\tg\"\\");
	assert_string_equal(said(), "netacct: attach: a\\x0ab\\x1b[2Jc\\x7f\\xc2\\x9bd\\xffe: "
				    "f\\x0d\\x09g\"\\\n");
	memset(longest, '\033', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	message_error("attach", longest, "%s", longest);
	text = said();
	assert_true(strlen(text) < 4200);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void assert_escaped(const char *text, const char *expected)
{
	char buffer[64];

	assert_int_equal(message_escape(text, buffer, sizeof(buffer)), strlen(expected));
	assert_string_equal(buffer, expected);
}

static void test_escape_knows_utf8(void **state)
{
	(void)state;
	assert_escaped("", "");
	assert_escaped("\303\244\342\202\254\360\237\230\200",
		       "\303\244\342\202\254\360\237\230\200");
	assert_escaped("\302\240", "\302\240"); /* first after C1 */
	assert_escaped("\300\200", "\\xc0\\x80"); /* overlong */
	assert_escaped("\340\200\200", "\\xe0\\x80\\x80");
	assert_escaped("\360\200\200\200", "\\xf0\\x80\\x80\\x80");
	assert_escaped("\355\240\200", "\\xed\\xa0\\x80"); /* a surrogate */
	assert_escaped("\364\220\200\200", "\\xf4\\x90\\x80\\x80"); /* past U+10FFFF */
	assert_escaped("\342\202", "\\xe2\\x82"); /* cut */
}

/* What is not an escape must not look like one. */
static void test_a_backslash_in_a_name(void **state)
{
	char buffer[64];

	(void)state;
	assert_escaped("a\\x1b\033\\", "a\\\\x1b\\x1b\\\\");
	assert_int_equal(message_escape("abcd\\", buffer, 6), 4);
	assert_string_equal(buffer, "abcd");
	assert_int_equal(message_escape_sentence("\"\\x1b\"\033", buffer, sizeof(buffer)), 10);
	assert_string_equal(buffer, "\"\\x1b\"\\x1b");
	message_error("attach", "a\\x0a", "in %s", "\"\\x0a\"");
	assert_string_equal(said(), "netacct: attach: a\\\\x0a: in \"\\x0a\"\n");
}

static void test_escape_is_bounded(void **state)
{
	char buffer[6];

	(void)state;
	assert_int_equal(message_escape("abcdefgh", buffer, sizeof(buffer)), 5);
	assert_string_equal(buffer, "abcde");
	assert_int_equal(message_escape("ab\033", buffer, sizeof(buffer)), 2);
	assert_string_equal(buffer, "ab");
	assert_int_equal(message_escape("abcd\342\202\254", buffer, sizeof(buffer)), 4);
	assert_string_equal(buffer, "abcd");
}

/* The level only rises, so this one is the last. */
static void test_levels(void **state)
{
	(void)state;
	assert_int_equal(message_level(), MESSAGE_QUIET);
	message_step("step");
	message_detail("detail");
	message_text("log", "line");
	assert_string_equal(said(), "");
	message_raise_level();
	message_step("step %d", 1);
	message_detail("detail");
	assert_string_equal(said(), "netacct: step 1\n");
	message_raise_level();
	message_raise_level();
	assert_int_equal(message_level(), MESSAGE_DETAILS);
	message_detail("detail %d", 2);
	message_text("log", "one\ntwo\033\n");
	assert_string_equal(said(),
			    "netacct: detail 2\nnetacct: log: one\nnetacct: log: two\\x1b\n");
}

static void test_word_distance(void **state)
{
	(void)state;
	assert_int_equal(word_distance("attach", "attach"), 0);
	assert_int_equal(word_distance("atach", "attach"), 1);
	assert_int_equal(word_distance("detach", "attach"), 2);
	assert_int_equal(word_distance("", "dump"), 4);
	assert_int_equal(word_distance("dump", ""), 4);
	assert_int_equal(word_distance("kitten", "sitting"), 3);
}

static void test_word_is_near(void **state)
{
	(void)state;
	assert_true(word_is_near("att", "attach"));
	assert_true(word_is_near("dumb", "dump"));
	assert_true(word_is_near("vreify", "verify"));
	assert_false(word_is_near("frob", "drain"));
	assert_false(word_is_near("attack3d", "attach"));
	assert_false(word_is_near("", "dump"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_form, capture, release),
		cmocka_unit_test_setup_teardown(test_errno_and_the_kernels_words, capture, release),
		cmocka_unit_test_setup_teardown(test_errno_is_kept, capture, release),
		cmocka_unit_test_setup_teardown(test_one_line_whatever_the_name, capture, release),
		cmocka_unit_test(test_escape_knows_utf8),
		cmocka_unit_test_setup_teardown(test_a_backslash_in_a_name, capture, release),
		cmocka_unit_test(test_escape_is_bounded),
		cmocka_unit_test_setup_teardown(test_levels, capture, release),
		cmocka_unit_test(test_word_distance),
		cmocka_unit_test(test_word_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

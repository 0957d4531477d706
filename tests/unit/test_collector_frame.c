/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes over the collector's socket, and what is let through. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/socket.h>

#include "../../src/collector/frame.h"

static void pair(int fds[static 2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
}

static void close_pair(const int fds[static 2])
{
	close(fds[0]);
	close(fds[1]);
}

static void frames_as_written(void **state)
{
	static char bytes[FRAME_MAX];
	enum frame_kind kind;
	size_t length = 99;
	int fds[2];

	(void)state;
	pair(fds);
	assert_int_equal(frame_write(fds[0], FRAME_OUT, "a\0b", 3), 0);
	assert_int_equal(frame_write(fds[0], FRAME_ERR, "", 0), 0);
	assert_int_equal(frame_write(fds[0], FRAME_STATUS, "\3", 1), 0);
	assert_int_equal(frame_read(fds[1], &kind, bytes, &length), 0);
	assert_int_equal(kind, FRAME_OUT);
	assert_int_equal(length, 3);
	assert_memory_equal(bytes, "a\0b", 3);
	assert_int_equal(frame_read(fds[1], &kind, bytes, &length), 0);
	assert_int_equal(kind, FRAME_ERR);
	assert_int_equal(length, 0);
	assert_int_equal(frame_read(fds[1], &kind, bytes, &length), 0);
	assert_int_equal(kind, FRAME_STATUS);
	assert_int_equal(bytes[0], 3);
	assert_int_equal(frame_write(fds[0], FRAME_OUT, bytes, FRAME_MAX + 1), -E2BIG);
	close_pair(fds);
}

static void layout_of_a_frame(void **state)
{
	char bytes[16];
	int fds[2];

	(void)state;
	pair(fds);
	assert_int_equal(frame_write(fds[0], FRAME_OUT, "xyz", 3), 0);
	assert_int_equal(recv(fds[1], bytes, sizeof(bytes), 0), 8);
	assert_memory_equal(bytes, "o\3\0\0\0xyz", 8);
	close_pair(fds);
}

static void expect_bad_frame(const void *text, size_t size, int error)
{
	static char bytes[FRAME_MAX];
	enum frame_kind kind;
	size_t length;
	int fds[2];

	pair(fds);
	assert_int_equal(send(fds[0], text, size, 0), size);
	shutdown(fds[0], SHUT_WR);
	assert_int_equal(frame_read(fds[1], &kind, bytes, &length), error);
	close_pair(fds);
}

static void broken_frames(void **state)
{
	(void)state;
	expect_bad_frame("", 0, -EPIPE);
	expect_bad_frame("o\3\0", 3, -EPIPE);
	expect_bad_frame("o\3\0\0\0xy", 7, -EPIPE);
	expect_bad_frame("q\1\0\0\0x", 6, -EPROTO);
	expect_bad_frame("o\1\0\1\0x", 6, -EPROTO);
	expect_bad_frame("o\377\377\377\377", 5, -EPROTO);
}

static void expect_request(int argc, char *const *argv)
{
	struct request request;
	int fds[2], i;

	pair(fds);
	assert_int_equal(request_write(fds[0], argc, argv), 0);
	assert_int_equal(request_read(fds[1], &request), 0);
	assert_int_equal(request.argc, argc);
	for (i = 0; i < argc; i++)
		assert_string_equal(request.argv[i], argv[i]);
	assert_null(request.argv[argc]);
	close_pair(fds);
}

static void requests_as_written(void **state)
{
	char *dump[] = {"dump", "-j", "", "blue--eth0"};
	char *many[REQUEST_WORDS];
	char longest[REQUEST_MAX];
	char *one[] = {longest};
	size_t i;

	(void)state;
	expect_request(4, dump);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = "x";
	expect_request(REQUEST_WORDS, many);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	expect_request(1, one);
}

static void requests_too_large(void **state)
{
	char longer[REQUEST_MAX + 1], *one[] = {longer}, *two[] = {"dump", longer};
	char *many[REQUEST_WORDS + 1];
	size_t i;

	(void)state;
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(request_write(-1, 1, one), -E2BIG);
	longer[sizeof(longer) - 2] = '\0';
	assert_int_equal(request_write(-1, 2, two), -E2BIG);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = "x";
	assert_int_equal(request_write(-1, REQUEST_WORDS + 1, many), -E2BIG);
	assert_int_equal(request_write(-1, 0, many), -E2BIG);
}

static void expect_bad_request(const char *bytes, size_t size, int error)
{
	struct request request;
	int fds[2];

	pair(fds);
	assert_int_equal(send(fds[0], bytes, size, 0), size);
	shutdown(fds[0], SHUT_WR);
	assert_int_equal(request_read(fds[1], &request), error);
	close_pair(fds);
}

static void broken_requests(void **state)
{
	char words[4 + 2 * (REQUEST_WORDS + 1)] = {(char)(2 * (REQUEST_WORDS + 1))};
	size_t i;

	(void)state;
	expect_bad_request("", 0, -EPIPE);
	expect_bad_request("\0\0\0\0", 4, -EPROTO);
	expect_bad_request("\4\0\0\0dump", 8, -EPROTO);
	expect_bad_request("\5\0\0\0dum", 7, -EPIPE);
	expect_bad_request("\1\20\0\0", 4, -E2BIG);
	expect_bad_request("\377\377\377\377", 4, -E2BIG);
	for (i = 4; i < sizeof(words); i += 2)
		words[i] = 'x';
	expect_bad_request(words, sizeof(words), -E2BIG);
}

static int ask(const char *line, const char **word)
{
	static char copy[512];
	char *argv[32], *at = copy, *next;
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((next = strsep(&at, " ")))
		argv[argc++] = next;
	return request_allowed(argc, argv, word);
}

static void lets_through(void **state)
{
	static const char *const lines[] = {
		"dump",
		"report",
		"dump -jv blue--eth0",
		"dump --top 5 --sort total_bytes",
		"dump --top=5 --by=host -p",
		"dump -n blue eth0",
		"dump -nblue eth0",
		"dump -jnblue eth0",
		"dump --netns=blue eth0",
		"dump --namespace pid:7 eth0",
		"dump blue/eth0",
		"dump 0b5c4f2e-0000-4000-8000-000000000000",
		"report --since 30d --by prefix/24 --bin day --csv",
		"dump --help",
		"dump -- x",
	};
	const char *word;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (ask(lines[i], &word) && strcmp(word, "--"))
			fail_msg("%s: %s is not let through", lines[i], word);
}

static void refuses(void **state)
{
	static const char *const lines[][2] = {
		{"drain", "drain"},
		{"collect --once", "collect"},
		{"", ""},
		{"report -c /etc/shadow", "-c"},
		{"report -jc x", "-jc"},
		{"report --config=/etc/shadow", "--config=/etc/shadow"},
		{"report --history /root/x.db", "--history"},
		{"report --history=/root/x.db", "--history=/root/x.db"},
		{"report --geoip /root/x", "--geoip"},
		{"report --geoip=/root/x", "--geoip=/root/x"},
		{"report --top --history=/root/x", "--history=/root/x"},
		{"report --hist=/root/x", "--hist=/root/x"},
		{"dump -n /root/fifo eth0", "/root/fifo"},
		{"dump -n a/b eth0", "a/b"},
		{"dump -n/root/fifo eth0", "-n/root/fifo"},
		{"dump -jn/root/fifo eth0", "-jn/root/fifo"},
		{"dump --netns=/root/fifo eth0", "--netns=/root/fifo"},
		{"dump --namespace /root/fifo eth0", "/root/fifo"},
		{"dump -n -j", "-j"},
		{"dump /proc/7/ns/net/eth0", "/proc/7/ns/net/eth0"},
		{"dump a/b/eth0", "a/b/eth0"},
		{"dump ./eth0", "./eth0"},
		{"dump -", "-"},
	};
	const char *word;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		if (ask(lines[i][0], &word) != -EPERM)
			fail_msg("%s: let through", lines[i][0]);
		assert_string_equal(word, lines[i][1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_as_written),  cmocka_unit_test(layout_of_a_frame),
		cmocka_unit_test(broken_frames),      cmocka_unit_test(requests_as_written),
		cmocka_unit_test(requests_too_large), cmocka_unit_test(broken_requests),
		cmocka_unit_test(lets_through),	      cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("collector frame", tests, NULL, NULL);
}

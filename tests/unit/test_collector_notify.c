/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a service manager hears; it is the test's own socket. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

#include "../../src/collector/notify.h"

struct manager {
	int fd;
	char name[108];
};

static void listen_at(struct manager *manager, bool abstract)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t length;

	snprintf(manager->name, sizeof(manager->name), "%snotify-%d", abstract ? "@" : "/tmp/",
		 getpid());
	memcpy(address.sun_path, manager->name, sizeof(address.sun_path));
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(manager->name));
	if (abstract)
		address.sun_path[0] = '\0';
	else
		length++;
	manager->fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_true(manager->fd >= 0);
	assert_int_equal(bind(manager->fd, (const struct sockaddr *)&address, length), 0);
	setenv("NOTIFY_SOCKET", manager->name, 1);
}

static void expect_heard(const struct manager *manager, const char *text)
{
	char heard[2048] = "";
	ssize_t length = recv(manager->fd, heard, sizeof(heard) - 1, MSG_DONTWAIT);

	assert_true(length >= 0);
	assert_string_equal(heard, text);
}

static void expect_silence(const struct manager *manager)
{
	char byte;

	assert_int_equal(recv(manager->fd, &byte, 1, MSG_DONTWAIT), -1);
}

static void leave(struct manager *manager)
{
	close(manager->fd);
	if (manager->name[0] == '/')
		unlink(manager->name);
}

static void says(bool abstract)
{
	struct manager manager = {};
	struct notify notify;
	char heard[128] = "";

	listen_at(&manager, abstract);
	notify_open(&notify);
	assert_null(getenv("NOTIFY_SOCKET"));
	notify_say(&notify, "READY=1\nSTATUS=%d meters", 3);
	expect_heard(&manager, "READY=1\nSTATUS=3 meters");
	notify_reloading(&notify);
	assert_true(recv(manager.fd, heard, sizeof(heard) - 1, MSG_DONTWAIT) > 0);
	assert_non_null(strstr(heard, "RELOADING=1\nMONOTONIC_USEC="));
	notify_alive(&notify);
	expect_silence(&manager);
	assert_int_equal(notify_wait(&notify), -1);
	notify_close(&notify);
	leave(&manager);
}

static void to_a_path(void **state)
{
	(void)state;
	says(false);
}

static void to_an_abstract_name(void **state)
{
	(void)state;
	says(true);
}

static void signs_of_life(void **state)
{
	struct manager manager = {};
	struct notify notify;
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", getpid());
	listen_at(&manager, true);
	setenv("WATCHDOG_USEC", "100000", 1);
	setenv("WATCHDOG_PID", pid, 1);
	notify_open(&notify);
	assert_null(getenv("WATCHDOG_USEC"));
	assert_int_equal(notify.watchdog, 50000000);
	assert_int_equal(notify_wait(&notify), 0);
	notify_alive(&notify);
	expect_heard(&manager, "WATCHDOG=1");
	notify_alive(&notify);
	expect_silence(&manager);
	assert_in_range(notify_wait(&notify), 1, 51);
	usleep(60000);
	notify_alive(&notify);
	expect_heard(&manager, "WATCHDOG=1");
	notify_close(&notify);
	leave(&manager);
}

/* Of another process, or no number: none are asked for. */
static void no_signs_of_life(void **state)
{
	static const char *const texts[] = {"", "soon", "-5", "1e6", "18446744073709551615"};
	struct manager manager = {};
	struct notify notify;
	size_t i;

	(void)state;
	listen_at(&manager, true);
	setenv("WATCHDOG_USEC", "100000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	notify_open(&notify);
	assert_int_equal(notify.watchdog, 0);
	notify_close(&notify);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		setenv("NOTIFY_SOCKET", manager.name, 1);
		setenv("WATCHDOG_USEC", texts[i], 1);
		notify_open(&notify);
		assert_true(notify.fd >= 0);
		assert_int_equal(notify.watchdog, 0);
		notify_close(&notify);
	}
	leave(&manager);
}

/* Without a manager, with a name that is none, with nobody there: nothing happens. */
static void to_nobody(void **state)
{
	static const char *const names[] = {"", "relative", "@", "/", "/nonexistent/notify"};
	struct notify notify;
	char longer[200];
	size_t i;

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_open(&notify);
	assert_int_equal(notify.fd, -1);
	notify_say(&notify, "READY=1");
	notify_close(&notify);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		notify_open(&notify);
		assert_int_equal(notify.fd >= 0, i == 4);
		notify_say(&notify, "READY=1");
		notify_close(&notify);
	}
	memset(longer, 'x', sizeof(longer));
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longer, 1);
	notify_open(&notify);
	assert_int_equal(notify.fd, -1);
	notify_close(&notify);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_a_path),	 cmocka_unit_test(to_an_abstract_name),
		cmocka_unit_test(signs_of_life), cmocka_unit_test(no_signs_of_life),
		cmocka_unit_test(to_nobody),
	};

	return cmocka_run_group_tests_name("collector notify", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "notify.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "../meter/clock.h"

/* -EINVAL for a name that sd_notify(3) would not take either. */
static int parse_address(const char *text, struct notify *notify)
{
	size_t length = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || length < 2 ||
	    length >= sizeof(notify->address.sun_path))
		return -EINVAL;
	notify->address.sun_family = AF_UNIX;
	memcpy(notify->address.sun_path, text, length + 1);
	if (text[0] == '@')
		notify->address.sun_path[0] = '\0';
	notify->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	if (text[0] == '/')
		notify->length++;
	return 0;
}

/* 0: not a whole number. */
static uint64_t number(const char *text)
{
	unsigned long long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 10);
	return *end || errno ? 0 : value;
}

static uint64_t watchdog_asked(void)
{
	const char *whose = getenv("WATCHDOG_PID");
	uint64_t microseconds = number(getenv("WATCHDOG_USEC"));

	if (whose && number(whose) != (uint64_t)getpid())
		return 0;
	return microseconds > UINT64_MAX / 1000 ? 0 : microseconds * 1000 / 2;
}

void notify_open(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = NOTIFY_NONE;
	if (name && !parse_address(name, notify))
		notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notify->fd >= 0)
		notify->watchdog = watchdog_asked();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_close(struct notify *notify)
{
	cleanup_close(&notify->fd);
	*notify = NOTIFY_NONE;
}

static void send_text(const struct notify *notify, const char *text)
{
	if (notify->fd >= 0)
		(void)sendto(notify->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
			     (const struct sockaddr *)&notify->address, notify->length);
}

void notify_say(const struct notify *notify, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	send_text(notify, text);
}

void notify_reloading(const struct notify *notify)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 (unsigned long long)(clock_monotonic() / 1000));
	send_text(notify, text);
}

void notify_alive(struct notify *notify)
{
	uint64_t now;

	if (!notify->watchdog)
		return;
	now = clock_monotonic();
	if (now < notify->next)
		return;
	send_text(notify, "WATCHDOG=1");
	notify->next = now + notify->watchdog;
}

int notify_wait(const struct notify *notify)
{
	uint64_t now = clock_monotonic();

	if (!notify->watchdog)
		return -1;
	if (notify->next <= now)
		return 0;
	now = (notify->next - now) / 1000000 + 1;
	return now > 86400000 ? 86400000 : (int)now;
}

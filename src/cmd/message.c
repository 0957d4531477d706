/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../record/utf8.h"

#define MESSAGE_LENGTH 4096
#define NAME_LENGTH 1536
#define ESCAPED_LENGTH 4 /* \xHH */

static enum message_level level = MESSAGE_QUIET;

void message_raise_level(void)
{
	if (level < MESSAGE_DETAILS)
		level++;
}

enum message_level message_level(void)
{
	return level;
}

/* 0: not UTF-8, or a character that a terminal may obey (C0, DEL, C1). */
static size_t printable_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = utf8_sequence(text, strnlen(text, 4));

	if (length == 1 && (bytes[0] < 0x20 || bytes[0] == 0x7f))
		return 0;
	if (length == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0)
		return 0;
	return length;
}

/* One character as it is shown; returns how many bytes of `text` it was. */
static size_t show(const char *text, bool backslash, char shown[static ESCAPED_LENGTH + 1])
{
	size_t length = printable_length(text);

	if (backslash && *text == '\\')
		memcpy(shown, "\\\\", 3);
	else if (length)
		snprintf(shown, ESCAPED_LENGTH + 1, "%.*s", (int)length, text);
	else
		snprintf(shown, ESCAPED_LENGTH + 1, "\\x%02x", (unsigned char)*text);
	return length ? length : 1;
}

static size_t escape(const char *text, bool backslash, char *buffer, size_t size)
{
	char shown[ESCAPED_LENGTH + 1];
	size_t used = 0, length;

	while (*text) {
		text += show(text, backslash, shown);
		length = strlen(shown);
		if (used + length >= size)
			break;
		memcpy(buffer + used, shown, length);
		used += length;
	}
	if (size)
		buffer[used] = '\0';
	return used;
}

size_t message_escape(const char *text, char *buffer, size_t size)
{
	return escape(text, true, buffer, size);
}

size_t message_escape_sentence(const char *text, char *buffer, size_t size)
{
	return escape(text, false, buffer, size);
}

/* One write, so that the lines of several processes do not mix. */
static void say(const char *line)
{
	char escaped[MESSAGE_LENGTH + 2];
	size_t length = message_escape_sentence(line, escaped, MESSAGE_LENGTH);

	escaped[length++] = '\n';
	fwrite(escaped, 1, length, stderr);
}

static void MESSAGE_FORMAT(4, 0) compose(const char *where, const char *what, const char *kind,
					 const char *format, va_list arguments)
{
	int saved = errno;
	char line[MESSAGE_LENGTH];
	char why[MESSAGE_LENGTH / 2];
	char name[NAME_LENGTH] = "''";

	if (what && what[0])
		message_escape(what, name, sizeof(name));
	vsnprintf(why, sizeof(why), format, arguments);
	snprintf(line, sizeof(line), "netacct: %s%s%s%s%s%s", where ? where : "", where ? ": " : "",
		 what ? name : "", what ? ": " : "", kind, why);
	say(line);
	errno = saved;
}

void message_error(const char *where, const char *what, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	compose(where, what, "", format, arguments);
	va_end(arguments);
}

void message_errno(const char *where, const char *what, int error, const char *kernel)
{
	const char *words = strerror(error < 0 ? -error : error);

	if (kernel && kernel[0])
		message_error(where, what, "%s (%s)", kernel, words);
	else
		message_error(where, what, "%s", words);
}

void message_warning(const char *where, const char *what, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	compose(where, what, "warning: ", format, arguments);
	va_end(arguments);
}

void message_step(const char *format, ...)
{
	va_list arguments;

	if (level < MESSAGE_STEPS)
		return;
	va_start(arguments, format);
	compose(NULL, NULL, "", format, arguments);
	va_end(arguments);
}

void message_detail(const char *format, ...)
{
	va_list arguments;

	if (level < MESSAGE_DETAILS)
		return;
	va_start(arguments, format);
	compose(NULL, NULL, "", format, arguments);
	va_end(arguments);
}

void message_text(const char *what, const char *text)
{
	_cleanup_free_ char *copy = NULL;
	char *rest = NULL;

	if (level < MESSAGE_DETAILS)
		return;
	copy = strdup(text);
	if (!copy)
		return;
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		message_detail("%s: %s", what, line);
}

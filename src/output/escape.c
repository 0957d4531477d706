// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

#include "../record/utf8.h"
#include "escape.h"

static void write_hex(struct buffer *buffer, uint32_t value, unsigned int digits)
{
	while (digits--)
		buffer_char(buffer, "0123456789abcdef"[value >> 4 * digits & 0xf]);
}

static void escape_json_ascii(struct buffer *buffer, char character)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = character ? strchr(from, character) : NULL;

	if (found) {
		buffer_char(buffer, '\\');
		buffer_char(buffer, to[found - from]);
	} else if ((unsigned char)character < 0x20 || character == 0x7f) {
		buffer_text(buffer, "\\u00");
		write_hex(buffer, (unsigned char)character, 2);
	} else {
		buffer_char(buffer, character);
	}
}

/* How much of the text stands for itself: most of what is ever written. */
static size_t plain(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] >= 0x7f || text[i] == '"' || text[i] == '\\')
			break;
	return i;
}

void escape_json(struct buffer *buffer, const char *text, size_t length)
{
	uint32_t character;
	size_t i = plain(text, length), size;

	buffer_char(buffer, '"');
	buffer_bytes(buffer, text, i);
	for (; i < length; i += size) {
		size = utf8_read(text + i, length - i, &character);
		if (character == UTF8_INVALID) {
			buffer_text(buffer, "\xef\xbf\xbd");
		} else if (character < 0x80) {
			escape_json_ascii(buffer, (char)character);
		} else if (character < 0xa0) {
			/* A terminal takes C1 for what ESC begins. */
			buffer_text(buffer, "\\u00");
			write_hex(buffer, character, 2);
		} else {
			buffer_bytes(buffer, text + i, size);
		}
	}
	buffer_char(buffer, '"');
}

/* Invisible or turning the writing round: Unicode's format characters and separators. */
static bool is_invisible(uint32_t character)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{0x00ad, 0x00ad},	  {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160},
		      {0x17b4, 0x17b5},	  {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e},
		      {0x2060, 0x206f},	  {0x3164, 0x3164}, {0xe000, 0xf8ff}, {0xfe00, 0xfe0f},
		      {0xfeff, 0xfeff},	  {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1d173, 0x1d17a},
		      {0xe0000, 0x10ffff}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	}
	return false;
}

static void escape_bytes(struct buffer *buffer, const char *bytes, size_t count)
{
	while (count--) {
		buffer_text(buffer, "\\x");
		write_hex(buffer, (unsigned char)*bytes++, 2);
	}
}

void escape_terminal(struct buffer *buffer, const char *text)
{
	size_t length = strlen(text), size;
	uint32_t character;

	for (; length; text += size, length -= size) {
		size = utf8_read(text, length, &character);
		if (character == '\\') {
			buffer_text(buffer, "\\\\");
		} else if (character == UTF8_INVALID || character < 0x20 ||
			   (character >= 0x7f && character < 0xa0)) {
			escape_bytes(buffer, text, size);
		} else if (is_invisible(character)) {
			buffer_text(buffer, "\\u{");
			write_hex(buffer, character, character > 0xffff ? 6 : 4);
			buffer_char(buffer, '}');
		} else {
			buffer_bytes(buffer, text, size);
		}
	}
}

void escape_csv(struct buffer *buffer, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		buffer_text(buffer, text);
		return;
	}
	buffer_char(buffer, '"');
	for (; *text; text++) {
		if (*text == '"')
			buffer_char(buffer, '"');
		buffer_char(buffer, *text);
	}
	buffer_char(buffer, '"');
}

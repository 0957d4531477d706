// SPDX-License-Identifier: GPL-2.0-or-later
#include "sentence.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../record/utf8.h"

static const char ellipsis[] = "…\"";

int sentence(char *text, size_t size, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, size, format, arguments);
	va_end(arguments);
	return error;
}

void sentence_append(char *text, size_t size, const char *format, ...)
{
	size_t used = strnlen(text, size);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

static bool is_control(const char *text, size_t length)
{
	const uint8_t *bytes = (const uint8_t *)text;

	if (length == 1)
		return bytes[0] < 0x20 || bytes[0] == 0x7f;
	return length == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0;
}

/* One character as it stands in quotes; returns how many bytes of text it was. */
static size_t render(const char *text, size_t length, char unit[static 16])
{
	size_t sequence = utf8_sequence(text, length);

	if (sequence == 1 && (*text == '"' || *text == '\\')) {
		snprintf(unit, 16, "\\%c", *text);
		return 1;
	}
	if (sequence && !is_control(text, sequence)) {
		snprintf(unit, 16, "%.*s", (int)sequence, text);
		return sequence;
	}
	snprintf(unit, 16, "\\x%02x", (uint8_t)*text);
	return 1;
}

struct quoted quote_bytes(const char *text, size_t length)
{
	struct quoted result = {.text = "\""};
	size_t used = 1;

	for (size_t i = 0; i < length;) {
		char unit[16];
		size_t width;

		i += render(text + i, length - i, unit);
		width = strlen(unit);
		if (used + width + sizeof(ellipsis) > sizeof(result.text)) {
			memcpy(result.text + used, ellipsis, sizeof(ellipsis));
			return result;
		}
		memcpy(result.text + used, unit, width);
		used += width;
	}
	result.text[used++] = '"';
	result.text[used] = '\0';
	return result;
}

struct quoted quote(const char *text)
{
	return quote_bytes(text, strlen(text));
}

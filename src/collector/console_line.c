// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>

#include "../record/utf8.h"
#include "console_line.h"

static size_t character_width(uint32_t character)
{
	static const struct {
		uint32_t first, last;
		size_t width;
	} ranges[] = {
		{0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x1ab0, 0x1aff, 0},
		{0x1dc0, 0x1dff, 0},   {0x20d0, 0x20ff, 0},   {0x2e80, 0xa4cf, 2},
		{0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},   {0xfe20, 0xfe2f, 0},
		{0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},
		{0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2},
		{0x20000, 0x3fffd, 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (character >= ranges[i].first && character <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

/* How many bytes fit into `columns`, and how many columns they take. */
static size_t measure(const char *text, size_t length, size_t columns, size_t *ret_width)
{
	size_t used = 0, width = 0;

	while (used < length) {
		uint32_t character;
		size_t size = utf8_read(text + used, length - used, &character);
		size_t wide = character_width(character);

		if (wide > columns - width)
			break;
		width += wide;
		used += size;
	}
	*ret_width = width;
	return used;
}

size_t console_width(const char *text, size_t length)
{
	size_t width;

	(void)measure(text, length, SIZE_MAX, &width);
	return width;
}

size_t console_clip(struct buffer *buffer, const char *text, size_t length, size_t columns)
{
	size_t width, used = measure(text, length, columns, &width);

	if (used < length && columns) {
		used = measure(text, length, columns - 1, &width);
		buffer_bytes(buffer, text, used);
		buffer_text(buffer, "…");
		return width + 1;
	}
	buffer_bytes(buffer, text, used);
	return width;
}

void console_end_line(struct buffer *buffer, struct buffer *line, size_t columns)
{
	(void)console_clip(buffer, line->data, line->used, columns);
	buffer_char(buffer, '\n');
	line->used = 0;
}

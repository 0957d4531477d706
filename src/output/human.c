// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <string.h>

#include "human.h"

char *human_bytes_write(char *out, uint64_t bytes)
{
	static const char units[][4] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	uint64_t unit = 1024, tenths;
	size_t i = 0;

	if (bytes < unit) {
		out = number_write(out, bytes);
		*out++ = ' ';
		*out++ = 'B';
		return out;
	}
	for (;; i++, unit *= 1024) {
		/* In two parts: ten times the bytes may not fit. */
		tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
		if (tenths < 10240 || i + 1 == ARRAY_SIZE(units))
			break;
	}
	out = number_write(out, tenths / 10);
	*out++ = '.';
	*out++ = (char)('0' + tenths % 10);
	*out++ = ' ';
	memcpy(out, units[i], 3);
	return out + 3;
}

void human_cell(struct buffer *buffer, const char *text, size_t length, size_t width, bool right)
{
	size_t space = length < width ? width - length : 0;

	if (right)
		buffer_spaces(buffer, space);
	buffer_bytes(buffer, text, length);
	if (!right)
		buffer_spaces(buffer, space);
}

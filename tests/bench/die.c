// SPDX-License-Identifier: GPL-2.0-or-later
#include "die.h"

#include <stdarg.h>

void die(const char *format, ...)
{
	va_list list;

	fflush(stdout);
	fputs("netacct: bench: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	exit(1);
}

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		die("no memory");
	return memory;
}

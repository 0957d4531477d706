/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fault_clear(struct fault *fault)
{
	free(fault->log);
	fault->log = NULL;
	fault->text[0] = '\0';
	fault->error = 0;
}

__attribute__((format(printf, 2, 3))) static void append(struct fault *fault, const char *format,
							 ...)
{
	size_t used = strlen(fault->text);
	va_list list;

	va_start(list, format);
	vsnprintf(fault->text + used, sizeof(fault->text) - used, format, list);
	va_end(list);
}

int fault_errno(struct fault *fault, int error, const char *format, ...)
{
	va_list list;

	fault->error = error;
	va_start(list, format);
	vsnprintf(fault->text, sizeof(fault->text), format, list);
	va_end(list);
	append(fault, ": %s", strerror(-error));
	return error;
}

int fault_set(struct fault *fault, int error, const char *format, ...)
{
	va_list list;

	fault->error = error;
	va_start(list, format);
	vsnprintf(fault->text, sizeof(fault->text), format, list);
	va_end(list);
	return error;
}

int fault_netlink(struct fault *fault, int error, const struct nl_error *kernel, const char *format,
		  ...)
{
	va_list list;

	fault->error = error;
	va_start(list, format);
	vsnprintf(fault->text, sizeof(fault->text), format, list);
	va_end(list);
	append(fault, ": %s", strerror(-error));
	if (kernel->text[0])
		append(fault, " (%s)", kernel->text);
	return error;
}

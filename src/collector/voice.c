/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "voice.h"

#include <stdarg.h>
#include <stdio.h>

void voice_say(const struct voice *voice, enum voice_level level, const char *what,
	       const char *format, ...)
{
	char text[1024];
	va_list arguments;

	if (!voice || !voice->say)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	voice->say(voice->context, level, what, text);
}

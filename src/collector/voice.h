/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the collector speaks: it prints nothing itself, the command gives it a
 * voice. A sentence has no newline; `what` is a source, instance or file,
 * NULL where it is about all.
 */
#ifndef NETACCT_VOICE_H
#define NETACCT_VOICE_H

enum voice_level { VOICE_ERROR, VOICE_WARNING, VOICE_NOTICE, VOICE_DEBUG };

struct voice {
	void (*say)(void *context, enum voice_level level, const char *what, const char *sentence);
	void *context;
};

void voice_say(const struct voice *voice, enum voice_level level, const char *what,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif

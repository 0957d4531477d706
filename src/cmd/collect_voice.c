/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../collector/frame.h"
#include "cmd.h"
#include "collect_voice.h"
#include "message.h"
#include "privilege.h"

#define COMMAND "collect"

static void say(void *context, enum voice_level level, const char *what, const char *sentence)
{
	const bool *debug = context;

	if (level == VOICE_DEBUG && !*debug)
		return;
	if (level == VOICE_WARNING)
		message_warning(COMMAND, what, "%s", sentence);
	else
		message_error(COMMAND, what, "%s", sentence);
}

struct voice collect_voice(const bool *debug)
{
	return (struct voice){say, (void *)(uintptr_t)debug};
}

/*
 * The program anew: SQLite's state is the process's, and may not be used
 * behind a fork (sqlite.org/howtocorrupt.html, section 2.6).
 */
int collect_answer(int argc, char **argv, const char *history)
{
	char *words[REQUEST_WORDS + 4] = {"netacct"};
	size_t count = 1;
	int i;

	if (argc < 1 || argc > REQUEST_WORDS)
		return STATUS_FAILED;
	words[count++] = argv[0];
	if (!strcmp(argv[0], "report")) {
		words[count++] = "--history";
		words[count++] = (char *)(uintptr_t)history;
	}
	for (i = 1; i < argc; i++)
		words[count++] = argv[i];
	if (!privilege_keep(PRIVILEGE_MAPS | PRIVILEGE_ENTER))
		execv("/proc/self/exe", words);
	message_errno(argv[0], "/proc/self/exe", errno, NULL);
	return STATUS_FAILED;
}

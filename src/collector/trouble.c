/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "running.h"

int trouble_begins(struct collector *collector, enum trouble trouble, const char *what, int error,
		   const char *sentence)
{
	static const char *const meanwhile[] = {
		[TROUBLE_HISTORY] = "nothing is lost: the counts stay in the kernel until it works",
		[TROUBLE_FILES] = "it is tried again",
		[TROUBLE_UPKEEP] = "it is tried again",
		[TROUBLE_LIMITS] = "the limits are not watched until it can be read",
	};

	if (!collector->trouble[trouble])
		voice_say(collector->voice, VOICE_ERROR, what, "%s; %s", sentence,
			  meanwhile[trouble]);
	collector->trouble[trouble] = true;
	return error;
}

void trouble_ends(struct collector *collector, enum trouble trouble, const char *what)
{
	static const char *const words[] = {
		[TROUBLE_HISTORY] = "the history is written again, with all that was counted",
		[TROUBLE_FILES] = "the output files are written again",
		[TROUBLE_UPKEEP] = "the history is looked after again",
		[TROUBLE_LIMITS] = "the limits are watched again",
	};

	if (collector->trouble[trouble])
		voice_say(collector->voice, VOICE_NOTICE, what, "%s", words[trouble]);
	collector->trouble[trouble] = false;
}

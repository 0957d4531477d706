/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_COLLECT_VOICE_H
#define NETACCT_COLLECT_VOICE_H

#include <stdbool.h>

#include "../collector/voice.h"

/* Lines on stderr: "netacct: collect: WHAT: sentence". *debug: VOICE_DEBUG is said too. */
struct voice collect_voice(const bool *debug);

/* struct collector_options.answer: becomes `netacct dump …`, with what that may do. */
int collect_answer(int argc, char **argv, const char *history);

#endif

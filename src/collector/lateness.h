/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A source that sees nothing: since when, and what the likely causes are. */
#ifndef NETACCT_LATENESS_H
#define NETACCT_LATENESS_H

#include "../meter/meter.h"
#include "../record/reading.h"
#include "track.h"
#include "voice.h"

/*
 * After a drain: says once, as VOICE_DEBUG, that a source which is attached has seen
 * no packet from one drain to the next, and when it sees some again.
 */
void lateness_judge(struct meter *meter, const struct reading *reading, struct track_source *source,
		    const struct voice *voice);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a meter what it says: attached, whole, balanced, and in agreement with
 * the interface's own counters?
 */
#ifndef NETACCT_VERIFY_H
#define NETACCT_VERIFY_H

#include "meter.h"

enum finding_state { FINDING_OK, FINDING_WRONG, FINDING_NOTE };

struct finding {
	uint32_t source; /* number in the meter */
	const char *check; /* "attached", "pins", "order", "buckets", "records", "taken",
			      "interface" */
	enum finding_state state; /* NOTE: could not be judged, and why */
	char text[256];
};

struct findings {
	struct finding *items; /* owned */
	size_t count;
};

void findings_clear(struct findings *findings);
#define _cleanup_findings_ __attribute__((cleanup(findings_clear)))

/*
 * Judges one meter and all its sources; takes pin_lock_meter() for as long.
 * Counting goes on meanwhile and nothing is drained.
 */
int meter_verify(struct meter *meter, struct findings *ret, struct fault *fault);

#endif

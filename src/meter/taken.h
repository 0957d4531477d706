/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The books of what has left the halves. Two copies: a transition makes the
 * one that was written beforehand the valid one.
 */
#ifndef NETACCT_TAKEN_H
#define NETACCT_TAKEN_H

#include "drain.h"

/* What one source has in the idle half and in the carry. */
struct outgoing {
	struct na_count half[NA_DIRECTIONS];
	struct na_count carry[NA_DIRECTIONS];
};

/*
 * Reads the idle half; an entry a source, free() it. What is in it does not
 * change while it is the idle one.
 */
int outgoing_half(const struct meter *meter, const struct na_control *control,
		  struct outgoing **ret, struct fault *fault);
/* The same of the generation under way: the carry, and the idle half if FROZEN. */
int outgoing_generation(const struct meter *meter, const struct na_control *control,
			struct outgoing **ret, struct fault *fault);

enum take { TAKE_HALF, TAKE_HANDED_OUT, TAKE_COLLECTED };

/* Adds it to `taken`, per source: to half[], and to the total that `take` names, if it does. */
void taken_add(const struct meter *meter, const struct na_control *control,
	       const struct outgoing *outgoing, enum take take, struct na_taken *taken);

/* Writes the copy that is not valid and turns control->taken to it; the caller makes the
 * transition. */
int taken_store(const struct meter *meter, struct na_control *control, const struct na_taken *taken,
		struct fault *fault);

#endif

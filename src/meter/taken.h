/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The books of what has left the halves. Two copies: a transition makes the
 * one that was written beforehand the valid one.
 */
#ifndef NETACCT_TAKEN_H
#define NETACCT_TAKEN_H

#include "drain.h"

enum take { TAKE_HALF, TAKE_HANDED_OUT, TAKE_COLLECTED };

/*
 * Adds up, per source, into `taken` (meta.sources entries): TAKE_HALF what
 * the idle half holds into half[]; the others what the generation under way
 * holds (carry, and the idle half if FROZEN) into half[] and that total.
 */
int taken_sum(const struct meter *meter, const struct na_control *control, enum take take,
	      struct na_taken *taken, struct fault *fault);

/* Writes the copy that is not valid and turns control->taken to it; the caller makes the
 * transition. */
int taken_store(const struct meter *meter, struct na_control *control, const struct na_taken *taken,
		struct fault *fault);

#endif

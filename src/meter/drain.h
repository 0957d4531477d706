/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transitions of a meter's control record. One BPF_MAP_UPDATE_ELEM is one
 * transition; a crash between two of them loses and doubles nothing:
 *
 *	flip	DRAINING, FROZEN: the half counted into so far is the
 *		generation under way; wait until no program runs on it
 *	commit	generation + 1, the other copy of `taken`, TAKEN: the half
 *		is booked as handed out (or collected)
 *	zero	TAKEN goes: the half is empty
 *
 * Between flip and commit the generation's records can be read again and
 * again, and are always the same. What verify leaves behind in the idle half
 * (LEFTOVER) is moved to the carry, a pinned list of records, before a flip:
 * so a half is always empty when it is counted into anew by a drain.
 *
 * The caller holds pin_lock_meter() throughout.
 */
#ifndef NETACCT_DRAIN_H
#define NETACCT_DRAIN_H

#include "read.h"

struct outgoing;

struct drain {
	struct meter *meter;
	struct na_control control;
	bool again; /* the generation was begun, and perhaps printed, before */
	struct reading *readings; /* owned */
	size_t count;
	struct outgoing *outgoing; /* what the generation holds, an entry a source; owned */
};

enum drain_kind { DRAIN_HANDED_OUT, DRAIN_COLLECTED };

/* Begins a generation, or takes up the one under way, and reads it. */
int drain_begin(struct meter *meter, enum read_how how, struct drain *ret, struct fault *fault);
/* Books it and empties the half; departed sources that are drained go free. */
int drain_commit(struct drain *drain, enum drain_kind kind, struct fault *fault);
void drain_end(struct drain *drain);
#define _cleanup_drain_ __attribute__((cleanup(drain_end)))

/* What a crash left half done: finishes zeroing, drops carries that nothing names. */
int drain_recover(struct meter *meter, struct na_control *control, struct fault *fault);
/* Moves the idle half's records to the carry and empties it. */
int drain_absorb(struct meter *meter, struct na_control *control, struct fault *fault);
/* The other half, with these flags in place of the old ones; returns when no program runs on the
 * old. */
int drain_flip(struct meter *meter, struct na_control *control, uint32_t flags,
	       struct fault *fault);
/* One transition: sequence + 1. */
int drain_transition(struct meter *meter, struct na_control *control, struct fault *fault);

/* The valid copy of `taken`, an entry a source; free() it. */
int taken_load(const struct meter *meter, const struct na_control *control, struct na_taken **ret,
	       struct fault *fault);

#endif

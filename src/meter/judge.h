/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do the books balance? Judged on a half that no program counts into, never
 * on one under traffic: there two figures may be a packet apart.
 */
#ifndef NETACCT_JUDGE_H
#define NETACCT_JUDGE_H

#include "meter.h"

/* What is missing or too much, per source: packets and bytes, absolute, summed. */
struct judgement {
	int64_t buckets; /* seen against accounted + excluded + overflow + non_ip */
	int64_t records; /* accounted against the records and what was taken */
	int64_t taken; /* taken against carry + handed_out + collected */
};

struct outgoing;

/*
 * The idle half, after a flip, of which `outgoing` is what it holds; an entry
 * per source, free() it. `taken` is not judged here.
 */
int judge_half(const struct meter *meter, const struct na_control *control,
	       const struct outgoing *outgoing, struct judgement **ret, struct fault *fault);

/*
 * Both halves: flips, waits, judges the one that counted, then the other. The
 * caller holds pin_lock_meter(). free() the array.
 */
int judge_meter(struct meter *meter, struct judgement **ret, struct fault *fault);

#endif

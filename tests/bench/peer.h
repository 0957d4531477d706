/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A foreign object, which is judged by nothing but its time.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "subject.h"

struct bpf_object;

/* One of BENCH_PEER. */
struct peer {
	char *text; /* owned; what follows points into it */
	char *file, *program;
	char *settings; /* name=value,... or "" */
};

void peer_parse(const char *text, struct peer *ret);
void peer_clear(struct peer *peer);
#define _cleanup_peer_ __attribute__((cleanup(peer_clear)))

/* Before it is loaded; ends the process where it has no such constant or map. */
void peer_set(struct bpf_object *object, const struct peer *peer,
	      const struct situation *situation);

/* Entries of all its hash maps, removed. */
void peer_empty(struct bpf_object *object);

#endif

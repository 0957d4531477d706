/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this system can do for netacct, found out by doing it. Each condition
 * is one row; nothing here prints, changes what others have or stays behind.
 */
#ifndef NETACCT_PROBE_H
#define NETACCT_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum probe_state { PROBE_GOOD, PROBE_MISSING, PROBE_NOTE };

struct probe {
	const char *name; /* static */
	enum probe_state state;
	bool needed; /* netacct does not run without it */
	bool unseen; /* a note because this process may not look */
	char text[512]; /* what was found */
	char advice[400]; /* what to do, "": nothing */
	char *log; /* the verifier's, NULL: none; owned */
};

/* Start with {}. */
struct probes {
	struct probe *rows; /* owned */
	size_t count;
	int error; /* -ENOMEM: rows are missing */
	struct probe spare; /* what is written where there is no memory */
};

void probes_clear(struct probes *probes);
#define _cleanup_probes_ __attribute__((cleanup(probes_clear)))

/* A new row, a good one; the pointer is valid until the next one. Never NULL. */
struct probe *probe_add(struct probes *probes, const char *name, bool needed);
struct probe *probe_find(struct probes *probes, const char *name); /* NULL: none */

/* State and text; the advice is set by itself. What is too long is cut. */
void probe_say(struct probe *probe, enum probe_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void probe_advise(struct probe *probe, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * It did not work: missing, with the fault's sentence and log (taken out of
 * it). Where the error is -EPERM and this process lacks what BPF asks for
 * (probe_may_bpf()), it could not be seen: a note.
 */
void probe_refuse(struct probe *probe, int error, struct fault *fault);
/* A note: not seen, because of `why`. */
void probe_unseen(struct probe *probe, const char *why);

/* Is that capability (CAP_*) effective? From /proc/thread-self/status. */
bool probe_capable(unsigned int capability);
/* CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, or CAP_SYS_ADMIN in place of the first two. */
bool probe_may_bpf(void);

/* The system call, the kinds of maps, batches and what maps are charged to. */
void probe_maps(struct probes *probes);
/* Our programs for tc and XDP, cmpxchg, BPF_PROG_TEST_RUN and HZ, and the JIT. */
void probe_programs(struct probes *probes);
/* clsact, generic XDP and tcx on the loopback device of a namespace of our own. */
void probe_own_netns(struct probes *probes);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a system call that is about to be made does. */
#ifndef NETNS_INJECT_CALL_H
#define NETNS_INJECT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct inject_call {
	pid_t pid; /* whose; it is stopped */
	long number;
	const uint64_t *arguments; /* six */
};

/* Nothing can be learned from breaking it. */
bool call_harmless(const struct inject_call *call);
/* It reads, and may come in long rows. */
bool call_repeats(const struct inject_call *call);
/* It changes something that outlives the process. */
bool call_changes(const struct inject_call *call);
/* For a message: "bpf(BPF_OBJ_PIN)". */
void call_name(const struct inject_call *call, char *text, size_t size);

#endif

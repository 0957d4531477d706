/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the meters, the program and the machine take, for tests that look whether it grows. */
#ifndef NETNS_USAGE_H
#define NETNS_USAGE_H

#include <stddef.h>
#include <stdint.h>

#include "objects.h"

struct usage {
	unsigned int pins;
	uint64_t pinned; /* bytes of memory of what is pinned */
	size_t objects; /* BPF's, of all who use this machine, that came since the beginning */
	uint64_t kernel_kb; /* of the same */
	uint64_t tool_kb; /* the largest process so far */
};

struct usage usage_now(const struct objects *before);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF objects embedded in the binary: opened, specialised, loaded.
 */
#ifndef NETACCT_OBJECT_H
#define NETACCT_OBJECT_H

#include <netacct/abi.h>
#include <stdbool.h>

#include "fault.h"
#include "layout.h"

enum program {
	PROGRAM_IN, /* tc */
	PROGRAM_EG, /* tc */
	PROGRAM_XDP,
	PROGRAM_FRAGS, /* XDP, packets of several buffers */
	PROGRAM_COUNT
};

const char *program_name(enum program program);

/*
 * Loads the programs of the bit mask `wanted` with these constants onto these
 * maps: ret[] has a descriptor for each, -1 for the others. On failure
 * nothing is left; with `verbose` or on a refusal the verifier's log is in
 * the fault.
 */
int object_load(const struct na_config *config, const int maps[static MAP_COUNT],
		unsigned int wanted, bool verbose, int ret[static PROGRAM_COUNT],
		struct fault *fault);

/* The program of bpf/clock.bpf.c and its map. */
int object_load_clock(int *ret_program, int *ret_map, struct fault *fault);

/* Does the kernel take BPF cmpxchg? Tried, never told by a version number. */
bool object_has_cmpxchg(void);

#endif

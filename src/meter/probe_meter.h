/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest meter, pinned nowhere: its maps and programs are netacct's own
 * and go with the last descriptor. For probe_*.c and doctor.
 */
#ifndef NETACCT_PROBE_METER_H
#define NETACCT_PROBE_METER_H

#include <netacct/abi.h>

#include "layout.h"
#include "object.h"

struct probe_meter {
	struct na_meta meta;
	int maps[MAP_COUNT];
	int programs[PROGRAM_COUNT]; /* -1: not loaded */
};

#define PROBE_METER_CLOSED                                          \
	((struct probe_meter){.maps = {[0 ... MAP_COUNT - 1] = -1}, \
			      .programs = {[0 ... PROGRAM_COUNT - 1] = -1}})

void probe_meter_close(struct probe_meter *meter);
#define _cleanup_probe_meter_ __attribute__((cleanup(probe_meter_close)))

/* Its maps, in the form that this kernel takes (with or without the hot table). */
int probe_meter_create(struct probe_meter *ret, struct fault *fault);
/*
 * One program, for devices with that link header (0 or 14): into
 * meter->programs. The fault has the verifier's log where it is refused.
 */
int probe_meter_load(struct probe_meter *meter, enum program program, uint32_t l2_header,
		     struct fault *fault);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A meter of netacct's own for the programs under test: its maps, unpinned,
 * without a source.
 */
#ifndef BENCH_NETACCT_H
#define BENCH_NETACCT_H

#include "../../src/meter/meter.h"
#include "../../src/meter/object.h"
#include "subject.h"

struct bench_meter {
	struct meter meter;
	struct na_config config; /* of its programs */
	int programs[PROGRAM_COUNT];
};

/* The kind of a subject whose state is such a meter. */
extern const struct subject_kind netacct_kind;

/* With maps and without programs. */
struct bench_meter *bench_meter_make(const struct situation *situation);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs take turns, in an order that rotates from round to round; what is
 * kept is the difference to the empty program of the same round.
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "statistics.h"
#include "subject.h"

/*
 * Measures all subjects: ret[] has for each the ns a packet above the empty
 * program, ret[0] the ns of the empty program itself. Judges each at the end.
 */
void rounds_run(const struct settings *settings, const struct situation *situation,
		const struct generator *generator, struct subject *subjects, uint32_t count,
		struct quartiles ret[]);

#endif

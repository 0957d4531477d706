/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "report.h"

/*
 * A sender that offers so many packets a second to a veth whose other end is
 * counted, and in turn to one where nothing is attached: what is carried, the
 * share of a CPU above that, that of the programs by the kernel's own
 * statistics, and the memory held.
 */
void load_run(const struct settings *settings, struct report *report);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include "report.h"

/*
 * Memory: in the kernel of a meter by its size, of many meters against one
 * group; of the collector's own. As the kernel says (fdinfo, RssAnon).
 */
void memory_run(const struct settings *settings, struct report *report);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_FLOOD_H
#define BENCH_FLOOD_H

#include "report.h"

/*
 * A million sources that are met once each, by BPF_PROG_TEST_RUN, on a meter
 * of the default size: what such a packet costs as the table fills, how many
 * flows it takes, and that what it has no room for is overflow, to the packet.
 */
void flood_run(const struct settings *settings, struct report *report);

#endif

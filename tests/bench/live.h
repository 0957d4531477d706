/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_LIVE_H
#define BENCH_LIVE_H

#include "report.h"

/*
 * Packets that cross a veth, from v0 to v1, on one CPU: each goes through the
 * egress side of v0 and the ingress side of v1. netacct, attached to both by
 * `attach`, empty programs, nftables and conntrack take turns. Meanwhile the
 * same packets cross a second veth, in a namespace where nothing is attached,
 * a few milliseconds here and a few there; what is kept is the difference.
 */
void live_run(const struct settings *settings, struct report *report);

#endif

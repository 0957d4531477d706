/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who stands before our programs, in the order in which a packet meets them:
 * XDP, tcx, the filters by priority. Whoever stands there may end the
 * packet's way, and then it is not counted.
 */
#ifndef NETACCT_ORDER_H
#define NETACCT_ORDER_H

#include "hooks.h"

#define ORDER_WHO 96

/* Per filter_side: the first foreign program before ours, "" where there is none. */
struct order {
	char who[2][ORDER_WHO];
};

int order_query(const struct hook_site *site, struct order *ret, struct fault *fault);

/*
 * Does the interface count what we do not see? Only told where somebody stands
 * before us; both figures since attach, in packets. Segments of super-packets
 * are on our side, so that seeing fewer is telling; a few, or a tenth, may be
 * on their way or dropped in between.
 */
bool order_starved(uint64_t seen, uint64_t counted);

#endif

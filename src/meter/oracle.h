/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel itself says of a source: are our programs on its hooks, and
 * do the interface's counters (rtnl_link_stats64) agree with `seen`?
 */
#ifndef NETACCT_ORACLE_H
#define NETACCT_ORACLE_H

#include "hooks.h"
#include "order.h"

struct oracle {
	int error; /* the interface could not be asked: fault says why */
	struct fault fault;
	struct hooks_state hooks;
	struct order order;
	bool starved[2]; /* per filter_side: and we see less than the interface counts */
	char incomparable[200]; /* why its counters count something else, "" if they do not */
	char outside[200]; /* which figure lies outside the interval, "" if none */
};

static inline void cleanup_oracle(struct oracle *oracle)
{
	fault_clear(&oracle->fault);
}
#define _cleanup_oracle_ __attribute__((cleanup(cleanup_oracle)))

/*
 * `seen` must lie between what the interface counted from after the attach to
 * before this call and from before the attach to after it. Under traffic a
 * packet may be between hook and counter, so it is asked a few times.
 */
void oracle_ask(struct meter *meter, uint32_t number, struct oracle *ret);

#endif

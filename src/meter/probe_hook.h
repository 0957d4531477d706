/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netacct's programs onto the hooks of one interface and off again, each by
 * itself, with the maps of a meter that is pinned nowhere. What others have
 * there stays, and the clsact qdisc goes only if it was made here.
 */
#ifndef NETACCT_PROBE_HOOK_H
#define NETACCT_PROBE_HOOK_H

#include <netacct/netlink.h>

#include "probe.h"

enum probe_hooks {
	PROBE_HOOK_TC = 1, /* rows tc-ingress and tc-egress */
	PROBE_HOOK_TCX = 2, /* tcx-ingress and tcx-egress */
	PROBE_HOOK_XDP_NATIVE = 4,
	PROBE_HOOK_XDP_GENERIC = 8,
	PROBE_HOOK_ALL = 15
};

/*
 * A row for each hook of the mask. The calling thread stands in the
 * interface's namespace, and `nl` belongs to it. tc and tcx can stand in for
 * each other: where one of them works, the other is not needed.
 */
void probe_hooks(struct probes *probes, struct rtnl *nl, const struct link *link,
		 unsigned int hooks);

/*
 * The raw BPF_LINK_CREATE for tcx: a descriptor of the link, which goes with
 * it, or -errno (-EINVAL: the kernel has no tcx).
 */
int probe_tcx_link(int program, uint32_t ifindex, enum filter_side side);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare() */
#include <netacct/cleanup.h>
#include <sched.h>
#include <string.h>

#include "../source/netns.h"
#include "probe_hook.h"

static int link_lo(struct rtnl **ret_nl, struct link *ret, struct fault *fault)
{
	struct nl_error words = {};
	int error = rtnl_open(ret_nl, &words);

	if (!error)
		error = link_by_name(*ret_nl, "lo", ret, &words);
	return error ? fault_netlink(fault, error, &words, "rtnetlink") : 0;
}

static void probe_inside(struct probes *probes)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	_cleanup_fault_ struct fault fault = {};
	struct probe *probe = probe_add(probes, "netns", false);
	struct link link;
	int error = link_lo(&nl, &link, &fault);

	if (error) {
		probe_refuse(probe, error, &fault);
		return;
	}
	probe_say(probe, PROBE_GOOD, "one was made and entered: the hooks were tried there");
	probe_hooks(probes, nl, &link, PROBE_HOOK_TC | PROBE_HOOK_TCX | PROBE_HOOK_XDP_GENERIC);
}

void probe_own_netns(struct probes *probes)
{
	_cleanup_netns_ struct netns own = {.fd = -1};
	int error = netns_open_own(&own), previous = -1;
	struct probe *probe;

	/* a way back that works, before there is a way in */
	if (!error)
		error = netns_enter(&own, &previous);
	if (!error && unshare(CLONE_NEWNET))
		error = -errno;
	if (!error)
		probe_inside(probes);
	if (previous >= 0) {
		int back = netns_leave(previous);

		if (back)
			error = back;
	}
	if (!error)
		return;
	probe = probe_add(probes, "netns", false);
	if (error == -EPERM) {
		probe_unseen(probe, "this user may make no network namespace to try the hooks in");
		return;
	}
	probe_say(probe, PROBE_NOTE, "no network namespace to try the hooks in: %s",
		  strerror(-error));
	probe_advise(probe, "netacct doctor --try IFACE tries them on an interface");
}

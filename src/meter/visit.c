/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "visit.h"

#include <errno.h>

#include "../source/netns.h"

static void hand_over(struct visit *to, struct visit *from)
{
	*to = *from;
	*from = VISIT_NONE;
}

int visit_begin(struct meter *meter, uint32_t number, struct visit *ret, struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	_cleanup_netns_ struct netns ns = {.fd = -1};
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	struct nl_error words = {};
	int error = netns_open_identity(source->netns_device, source->netns_inode,
					source->netns_cookie, &ns);

	if (error == -ENOENT)
		return fault_set(fault, error,
				 "gone: its namespace has been deleted; `netacct detach %s` prints "
				 "its final totals",
				 source->id);
	if (!error)
		error = netns_enter(&ns, &visit.previous);
	if (error)
		return fault_errno(fault, error, "cannot enter its namespace");
	visit.site = (struct hook_site){.meter = meter, .number = number};
	error = rtnl_open(&visit.site.nl, &words);
	if (error)
		return fault_netlink(fault, error, &words, "cannot open rtnetlink");
	hand_over(ret, &visit);
	return 0;
}

void visit_end(struct visit *visit)
{
	rtnl_close(visit->site.nl);
	if (visit->previous >= 0)
		netns_leave(visit->previous);
	*visit = VISIT_NONE;
}

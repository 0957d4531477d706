/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "visit.h"

#include <errno.h>
#include <stdlib.h>

static bool is_there(const struct visit *visit, uint64_t device, uint64_t inode, uint64_t cookie)
{
	return visit->site.nl && visit->device == device && visit->inode == inode &&
	       visit->cookie == cookie;
}

/* The thread is where it was before. */
static int enter(struct meter *meter, uint32_t number, const struct netns *ns, struct visit *visit,
		 struct fault *fault)
{
	struct nl_error words = {};
	int error = netns_enter(ns, &visit->previous);

	if (error)
		return fault_errno(fault, error, "cannot enter its namespace");
	error = rtnl_open(&visit->site.nl, &words);
	if (error) {
		visit_end(visit);
		return fault_netlink(fault, error, &words, "cannot open rtnetlink");
	}
	visit->site.meter = meter;
	visit->site.number = number;
	return 0;
}

int visit_next(struct meter *meter, uint32_t number, struct visit *visit, struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	_cleanup_netns_ struct netns ns = {.fd = -1};
	int error;

	if (is_there(visit, source->netns_device, source->netns_inode, source->netns_cookie)) {
		visit->site.meter = meter;
		visit->site.number = number;
		return 0;
	}
	visit_end(visit);
	error = netns_open_identity(source->netns_device, source->netns_inode, source->netns_cookie,
				    &ns);
	if (error == -ENOENT)
		return fault_set(fault, error,
				 "gone: its namespace has been deleted; `netacct detach %s` prints "
				 "its final totals",
				 source->id);
	if (error)
		return fault_errno(fault, error, "cannot enter its namespace");
	visit->device = source->netns_device;
	visit->inode = source->netns_inode;
	visit->cookie = source->netns_cookie;
	return enter(meter, number, &ns, visit, fault);
}

int visit_begin(struct meter *meter, uint32_t number, struct visit *ret, struct fault *fault)
{
	*ret = VISIT_NONE;
	return visit_next(meter, number, ret, fault);
}

int visit_enter(struct meter *meter, uint32_t number, const struct netns *ns, struct visit *visit,
		struct fault *fault)
{
	struct nl_error words = {};
	int error;

	if (is_there(visit, ns->device, ns->inode, ns->cookie)) {
		visit->site.number = number;
		return 0;
	}
	visit_end(visit);
	visit->device = ns->device;
	visit->inode = ns->inode;
	visit->cookie = ns->cookie;
	error = enter(meter, number, ns, visit, fault);
	if (error)
		return error;
	error = qdisc_list(visit->site.nl, &visit->qdiscs.list, &visit->qdiscs.count, &words);
	if (error)
		return fault_netlink(fault, error, &words, "cannot list the qdiscs");
	visit->site.qdiscs = &visit->qdiscs;
	return 0;
}

void visit_end(struct visit *visit)
{
	rtnl_close(visit->site.nl);
	free(visit->qdiscs.list);
	if (visit->previous >= 0)
		netns_leave(visit->previous);
	*visit = VISIT_NONE;
}

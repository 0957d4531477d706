/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "survey_netns.h"

static void take_xdp(struct survey_interface *interface)
{
	const struct link *link = &interface->link;

	if (link->xdp.native)
		interface->xdp_mode = SURVEY_XDP_NATIVE;
	else if (link->xdp.generic)
		interface->xdp_mode = SURVEY_XDP_GENERIC;
	else if (link->xdp.offload)
		interface->xdp_mode = SURVEY_XDP_OFFLOAD;
	interface->xdp.id = link->xdp.native	? link->xdp.native
			    : link->xdp.generic ? link->xdp.generic
						: link->xdp.offload;
}

static int take_filters(struct rtnl *nl, uint32_t ifindex, enum filter_side side,
			struct survey_filters *ret, struct nl_error *why)
{
	int error;

	error = filter_list(nl, ifindex, side, &ret->filters, &ret->count, why);
	if (error)
		return error;
	ret->programs = calloc(ret->count + 1, sizeof(*ret->programs));
	if (!ret->programs) {
		ret->count = 0;
		return -ENOMEM;
	}
	for (size_t i = 0; i < ret->count; i++)
		ret->programs[i].id = ret->filters[i].prog_id;
	return 0;
}

static int take_tc(struct rtnl *nl, struct survey_interface *interface, struct nl_error *why)
{
	uint32_t ifindex = interface->link.ifindex;
	int error = 0;

	if (interface->qdisc != QDISC_NONE)
		error = take_filters(nl, ifindex, FILTER_INGRESS, &interface->tc[FILTER_INGRESS],
				     why);
	/* what was put on the egress side of an ingress qdisc runs on ingress */
	if (interface->qdisc == QDISC_CLSACT && !error)
		error = take_filters(nl, ifindex, FILTER_EGRESS, &interface->tc[FILTER_EGRESS],
				     why);
	return error;
}

/* Once refused for want of a right, or unknown to the kernel, tcx is not asked for again. */
static int take_tcx(struct survey_tcx_sight *tcx, uint32_t ifindex, enum filter_side side,
		    struct survey_tcx *ret)
{
	struct tcx_programs programs;
	int error;

	if (tcx->absent || tcx->error)
		return 0;
	error = tcx_query(ifindex, side, &programs);
	if (error == -EINVAL)
		tcx->absent = true;
	else if (error && error != -ENODEV)
		tcx->error = error;
	if (error || !programs.count)
		return 0;
	ret->programs = calloc(programs.count, sizeof(*ret->programs));
	if (!ret->programs)
		return -ENOMEM;
	ret->count = programs.count;
	for (uint32_t i = 0; i < programs.count; i++)
		ret->programs[i].id = programs.ids[i];
	return 0;
}

int survey_attached(struct rtnl *nl, struct survey_tcx_sight *tcx,
		    struct survey_interface *interface, struct nl_error *why)
{
	uint32_t ifindex = interface->link.ifindex;
	int error;

	take_xdp(interface);
	error = take_tc(nl, interface, why);
	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS && !error; side++)
		error = take_tcx(tcx, ifindex, side, &interface->tcx[side]);
	return error == -ENODEV ? 0 : error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <stdio.h>

#include "program_names.h"
#include "survey_netns.h"

static bool is_ours(const struct survey *survey, uint32_t id)
{
	for (size_t i = 0; i < survey->sighting_count; i++) {
		const struct meter_sighting *sighting = &survey->sightings[i];

		if (sighting->in_prog_id == id || sighting->eg_prog_id == id)
			return true;
	}
	return false;
}

static int describe(struct survey *survey, uint32_t id, struct survey_program *ret)
{
	const char *name = "";
	int error;

	*ret = (struct survey_program){.id = id};
	if (!id)
		return 0;
	error = program_names_find(survey->names, id, &name);
	if (error)
		return error;
	ret->ours = is_ours(survey, id);
	snprintf(ret->name, sizeof(ret->name), "%s", name);
	return 0;
}

static int take_xdp(struct survey *survey, struct survey_interface *interface)
{
	const struct link *link = &interface->link;

	if (link->xdp.native)
		interface->xdp_mode = SURVEY_XDP_NATIVE;
	else if (link->xdp.generic)
		interface->xdp_mode = SURVEY_XDP_GENERIC;
	else if (link->xdp.offload)
		interface->xdp_mode = SURVEY_XDP_OFFLOAD;
	return describe(survey,
			link->xdp.native    ? link->xdp.native
			: link->xdp.generic ? link->xdp.generic
					    : link->xdp.offload,
			&interface->xdp);
}

static int take_filters(struct survey *survey, struct rtnl *nl, uint32_t ifindex,
			enum filter_side side, struct survey_filters *ret, struct nl_error *why)
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
	for (size_t i = 0; i < ret->count && !error; i++)
		error = describe(survey, ret->filters[i].prog_id, &ret->programs[i]);
	return error;
}

static int take_tc(struct survey *survey, struct rtnl *nl, struct survey_interface *interface,
		   struct nl_error *why)
{
	uint32_t ifindex = interface->link.ifindex;
	int error = 0;

	if (interface->qdisc != QDISC_NONE)
		error = take_filters(survey, nl, ifindex, FILTER_INGRESS,
				     &interface->tc[FILTER_INGRESS], why);
	/* what was put on the egress side of an ingress qdisc runs on ingress */
	if (interface->qdisc == QDISC_CLSACT && !error)
		error = take_filters(survey, nl, ifindex, FILTER_EGRESS,
				     &interface->tc[FILTER_EGRESS], why);
	return error;
}

/* Once refused for want of a right, or unknown to the kernel, tcx is not asked for again. */
static int take_tcx(struct survey *survey, uint32_t ifindex, enum filter_side side,
		    struct survey_tcx *ret)
{
	struct tcx_programs programs;
	int error;

	if (!survey->tcx || survey->blind[SIGHT_TCX])
		return 0;
	error = tcx_query(ifindex, side, &programs);
	if (error == -EINVAL)
		survey->tcx = false;
	else if (error && error != -ENODEV)
		survey->blind[SIGHT_TCX] = error;
	if (error || !programs.count)
		return 0;
	ret->programs = calloc(programs.count, sizeof(*ret->programs));
	if (!ret->programs)
		return -ENOMEM;
	ret->count = programs.count;
	for (uint32_t i = 0; i < programs.count && !error; i++)
		error = describe(survey, programs.ids[i], &ret->programs[i]);
	return error;
}

int survey_attached(struct survey *survey, struct rtnl *nl, struct survey_interface *interface,
		    struct nl_error *why)
{
	uint32_t ifindex = interface->link.ifindex;
	int error;

	error = take_xdp(survey, interface);
	if (!error)
		error = take_tc(survey, nl, interface, why);
	for (enum filter_side side = FILTER_INGRESS; side <= FILTER_EGRESS && !error; side++)
		error = take_tcx(survey, ifindex, side, &interface->tcx[side]);
	return error == -ENODEV ? 0 : error;
}

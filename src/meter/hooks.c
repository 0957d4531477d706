/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hooks.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "program.h"
#include "tc_hook.h"
#include "tcx_hook.h"
#include "xdp_hook.h"

int hook_qdisc(const struct hook_site *site, enum ingress_qdisc *ret, struct nl_error *words)
{
	uint32_t ifindex = hook_source(site)->ifindex;
	size_t i;

	if (!site->qdiscs)
		return qdisc_query(site->nl, ifindex, ret, words);
	*ret = QDISC_NONE;
	for (i = 0; i < site->qdiscs->count; i++)
		if (site->qdiscs->list[i].ifindex == ifindex)
			*ret = site->qdiscs->list[i].kind;
	return 0;
}

int hooks_check(const struct link *link, enum ingress_request request, struct fault *fault)
{
	struct program_info info;
	uint32_t id = link->xdp.native ? link->xdp.native : link->xdp.generic;

	if (request == INGRESS_TC)
		return 0;
	if (!id)
		id = link->xdp.offload;
	if (!id)
		return 0;
	if (program_info(id, &info) || !info.name[0])
		return fault_set(fault, -EBUSY, "an XDP program (id %u) is there already", id);
	return fault_set(fault, -EBUSY, "the XDP program %s (id %u) is there already", info.name,
			 id);
}

static int attach_side(const struct hook_site *site, enum filter_side side, int fd, bool tail,
		       struct fault *fault)
{
	if (hook_source(site)->hook == NA_HOOK_TCX)
		return tcx_attach(site, side, fd, tail, fault);
	return tc_attach(site, side, fd, tail, fault);
}

static int replace_side(const struct hook_site *site, enum filter_side side, int fd,
			struct fault *fault)
{
	if (side == FILTER_INGRESS && source_by_xdp(hook_source(site)))
		return xdp_hook_replace(site, fd, fault);
	if (hook_source(site)->hook == NA_HOOK_TCX)
		return tcx_replace(site, side, fd, fault);
	return tc_replace(site, side, fd, fault);
}

static int detach_side(const struct hook_site *site, enum filter_side side, struct fault *fault)
{
	if (side == FILTER_INGRESS && source_by_xdp(hook_source(site)))
		return xdp_hook_detach(site, fault);
	if (hook_source(site)->hook == NA_HOOK_TCX)
		return tcx_detach(site, side, fault);
	return tc_detach(site, side, fault);
}

static int query_side(const struct hook_site *site, enum filter_side side, bool *ret,
		      struct fault *fault)
{
	if (side == FILTER_INGRESS && source_by_xdp(hook_source(site)))
		return xdp_hook_query(site, ret, fault);
	if (hook_source(site)->hook == NA_HOOK_TCX)
		return tcx_attached(site, side, ret, fault);
	return tc_query(site, side, ret, fault);
}

int hooks_detach(const struct hook_site *site, struct fault *fault)
{
	int error = detach_side(site, FILTER_INGRESS, fault);
	int second = detach_side(site, FILTER_EGRESS, fault);

	if (!error)
		error = second;
	return error ? error : tc_remove_clsact(site, fault);
}

/*
 * tcx where somebody uses it on that interface already: its programs run
 * before all filters. And over an ingress qdisc, where clsact cannot be.
 */
static enum na_hook choose_hook(const struct hook_site *site, enum hook_request request)
{
	uint32_t ifindex = hook_source(site)->ifindex;
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error words = {};
	struct tcx_programs programs;

	if (request != HOOK_REQUEST_AUTO)
		return request == HOOK_REQUEST_TCX ? NA_HOOK_TCX : NA_HOOK_CLSACT;
	if (tcx_in_use(ifindex))
		return NA_HOOK_TCX;
	if (!hook_qdisc(site, &kind, &words) && kind == QDISC_INGRESS &&
	    !tcx_query(ifindex, FILTER_INGRESS, &programs))
		return NA_HOOK_TCX;
	return NA_HOOK_CLSACT;
}

int hooks_attach(const struct hook_site *site, const struct hooks_request *request,
		 struct hook_programs programs, struct fault *fault)
{
	struct na_source *source = hook_source(site);
	struct fault second = {};
	int error = 0;

	source->hook = choose_hook(site, request->hook);
	source->ingress = NA_INGRESS_TC;
	if (source->hook == NA_HOOK_CLSACT)
		error = tc_ensure_clsact(site, fault);
	if (!error)
		error = attach_side(site, FILTER_EGRESS, programs.eg, request->tail, fault);
	if (!error && request->ingress == INGRESS_TC)
		error = attach_side(site, FILTER_INGRESS, programs.in, request->tail, fault);
	else if (!error)
		error = xdp_hook_attach(site, request->ingress, programs.in, fault);
	if (error)
		hooks_detach(site, &second);
	return error;
}

int hooks_replace(const struct hook_site *site, struct hook_programs old,
		  struct hook_programs fresh, struct fault *fault)
{
	struct fault second = {};
	int error = replace_side(site, FILTER_INGRESS, fresh.in, fault);

	if (!error)
		error = replace_side(site, FILTER_EGRESS, fresh.eg, fault);
	if (!error)
		return 0;
	/* where only the kernel's answer was lost, it has been done: both go back */
	replace_side(site, FILTER_INGRESS, old.in, &second);
	replace_side(site, FILTER_EGRESS, old.eg, &second);
	return error;
}

int hooks_query(const struct hook_site *site, struct hooks_state *ret, struct fault *fault)
{
	struct hooks_state state = {};
	int error = query_side(site, FILTER_INGRESS, &state.in, fault);

	if (!error)
		error = query_side(site, FILTER_EGRESS, &state.eg, fault);
	if (!error)
		*ret = state;
	return error;
}

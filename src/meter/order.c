/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "order.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "program.h"
#include "xdp_hook.h"

#define STARVED_SLACK 8

/* What one side looks like from our program. */
struct view {
	const struct na_attachment *at;
	uint32_t next;
};

static void name_program(const char *kind, uint32_t id, char who[static ORDER_WHO])
{
	struct program_info info;

	if (who[0])
		return;
	if (!program_info(id, &info) && info.name[0])
		snprintf(who, ORDER_WHO, "%s program %s (id %u)", kind, info.name, id);
	else
		snprintf(who, ORDER_WHO, "%s program (id %u)", kind, id);
}

static int look_at_xdp(const struct hook_site *site, char who[static ORDER_WHO],
		       struct fault *fault)
{
	struct nl_error words = {};
	struct link link;
	uint32_t id;
	int error = link_by_index(site->nl, hook_source(site)->ifindex, &link, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot see its XDP program");
	id = link.xdp.offload  ? link.xdp.offload
	     : link.xdp.native ? link.xdp.native
			       : link.xdp.generic;
	if (id)
		name_program("XDP", id, who);
	return 0;
}

/* True: ours stands there, nothing behind it matters. */
static bool look_at_tcx(const struct hook_site *site, enum filter_side side, struct view view,
			char who[static ORDER_WHO])
{
	struct tcx_programs programs;
	uint32_t i;

	if (tcx_query(hook_source(site)->ifindex, side, &programs))
		return false; /* a kernel without tcx */
	for (i = 0; i < programs.count; i++) {
		if (hook_ours(programs.ids[i], view.at, view.next))
			return true;
		name_program("tcx", programs.ids[i], who);
	}
	return false;
}

static int look_at_filters(const struct hook_site *site, enum filter_side side, struct view view,
			   char who[static ORDER_WHO], struct fault *fault)
{
	_cleanup_free_ struct filter *filters = NULL;
	struct nl_error words = {};
	size_t count, i;
	int error =
		filter_list(site->nl, hook_source(site)->ifindex, side, &filters, &count, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot list its filters");
	for (i = 0; i < count && !hook_ours(filters[i].prog_id, view.at, view.next); i++) {
		if (who[0])
			continue;
		if (filters[i].prog_id)
			name_program("filter", filters[i].prog_id, who);
		else
			snprintf(who, ORDER_WHO, "filter %s of priority %u", filters[i].kind,
				 filters[i].priority);
	}
	return 0;
}

static int look(const struct hook_site *site, enum filter_side side, char who[static ORDER_WHO],
		struct fault *fault)
{
	const struct na_source *source = hook_source(site);
	struct view view = {side == FILTER_INGRESS ? &source->in : &source->eg,
			    side == FILTER_INGRESS ? source->next_in : source->next_eg};
	int error = 0;

	if (side == FILTER_INGRESS && source_by_xdp(source))
		return 0; /* nothing comes before XDP */
	if (side == FILTER_INGRESS)
		error = look_at_xdp(site, who, fault);
	if (error || look_at_tcx(site, side, view, who) || source->hook == NA_HOOK_TCX)
		return error;
	return look_at_filters(site, side, view, who, fault);
}

int order_query(const struct hook_site *site, struct order *ret, struct fault *fault)
{
	struct order order = {};
	int error = look(site, FILTER_INGRESS, order.who[FILTER_INGRESS], fault);

	if (!error)
		error = look(site, FILTER_EGRESS, order.who[FILTER_EGRESS], fault);
	if (!error)
		*ret = order;
	return error;
}

bool order_starved(uint64_t seen, uint64_t counted)
{
	if (!seen)
		return counted > 0;
	return counted > seen + STARVED_SLACK && seen < counted - counted / 10;
}

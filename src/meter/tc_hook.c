/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tc_hook.h"
#include "program.h"

#include <errno.h>
#include <netacct/cleanup.h>

/* Room for others to stand before us, where nobody stands yet. */
#define PRIORITY_HEAD 8
/* Behind those that the kernel numbers itself, 49152 downwards. */
#define PRIORITY_TAIL 0xd000
#define PRIORITY_MAX 0xffff

static const char *side_name(enum filter_side side)
{
	return side == FILTER_INGRESS ? "ingress" : "egress";
}

static struct na_attachment *attachment(const struct hook_site *site, enum filter_side side)
{
	struct na_source *source = hook_source(site);

	return side == FILTER_INGRESS ? &source->in : &source->eg;
}

static int list(const struct hook_site *site, enum filter_side side, struct filter **ret,
		size_t *ret_count, struct fault *fault)
{
	struct nl_error words = {};
	int error = filter_list(site->nl, hook_source(site)->ifindex, side, ret, ret_count, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot list the %s filters",
				     side_name(side));
	return 0;
}

/* Before the others: below the lowest priority in use. The kernel's lowest is 1. */
static int head_priority(const struct filter *filters, size_t count, struct fault *fault)
{
	const struct filter *first = filters;

	if (!count || first->priority > PRIORITY_HEAD)
		return PRIORITY_HEAD;
	if (first->priority > 1)
		return first->priority - 1;
	return fault_set(fault, -EBUSY,
			 "the filter %s%s%s (program %u) has priority 1 on %s, nothing can stand "
			 "before it: use --order tail, or --hook tcx",
			 first->kind, first->name[0] ? " " : "", first->name, first->prog_id,
			 side_name(first->side));
}

static int tail_priority(const struct filter *filters, size_t count, struct fault *fault)
{
	const struct filter *last = count ? &filters[count - 1] : NULL;

	if (!last || last->priority < PRIORITY_TAIL)
		return PRIORITY_TAIL;
	if (last->priority < PRIORITY_MAX)
		return last->priority + 1;
	return fault_set(fault, -EBUSY,
			 "a filter has priority %u on %s, nothing can stand behind it",
			 last->priority, side_name(last->side));
}

static const struct filter *find(const struct hook_site *site, enum filter_side side,
				 const struct filter *filters, size_t count)
{
	const struct na_attachment *at = attachment(site, side);
	const struct na_source *source = hook_source(site);
	uint32_t next = side == FILTER_INGRESS ? source->next_in : source->next_eg;
	size_t i;

	for (i = 0; i < count; i++)
		if (hook_ours(filters[i].prog_id, at, next) &&
		    filters[i].priority == at->priority && filters[i].handle == at->handle &&
		    !filters[i].chain)
			return &filters[i];
	return NULL;
}

int tc_query(const struct hook_site *site, enum filter_side side, bool *ret, struct fault *fault)
{
	_cleanup_free_ struct filter *filters = NULL;
	size_t count;
	int error = list(site, side, &filters, &count, fault);

	if (!error)
		*ret = find(site, side, filters, count) != NULL;
	return error;
}

int tc_detach(const struct hook_site *site, enum filter_side side, struct fault *fault)
{
	const struct na_attachment *at = attachment(site, side);
	struct nl_error words = {};
	bool there = false;
	int error;

	if (!at->prog_id)
		return 0;
	error = tc_query(site, side, &there, fault);
	if (error == -ENODEV || (!error && !there))
		return 0;
	if (error)
		return error;
	error = filter_delete(site->nl, hook_source(site)->ifindex, side, (uint16_t)at->priority,
			      at->handle, &words);
	if (!error || error == -ENOENT || error == -ENODEV)
		return 0;
	return fault_netlink(fault, error, &words, "cannot remove the %s filter", side_name(side));
}

static int set(const struct hook_site *site, enum filter_side side, int fd, bool replace,
	       struct fault *fault)
{
	const struct na_attachment *at = attachment(site, side);
	struct nl_error words = {};
	int error = filter_set(site->nl, hook_source(site)->ifindex, side, (uint16_t)at->priority,
			       at->handle, fd, FILTER_NAME, replace, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot %s the %s filter",
				     replace ? "replace" : "add", side_name(side));
	return 0;
}

int tc_attach(const struct hook_site *site, enum filter_side side, int fd, bool tail,
	      struct fault *fault)
{
	_cleanup_free_ struct filter *filters = NULL;
	struct na_attachment *at = attachment(site, side), made = {.handle = FILTER_HANDLE};
	bool there = false;
	size_t count;
	int error = program_id(fd, &made.prog_id), priority;

	if (error)
		return fault_errno(fault, error, "its program");
	error = list(site, side, &filters, &count, fault);
	if (error)
		return error;
	priority =
		tail ? tail_priority(filters, count, fault) : head_priority(filters, count, fault);
	if (priority < 0)
		return priority;
	made.priority = (uint32_t)priority;
	*at = made;
	error = meter_store_source(site->meter, site->number, fault);
	if (!error)
		error = set(site, side, fd, false, fault);
	if (!error)
		error = tc_query(site, side, &there, fault);
	if (!error && !there)
		error = fault_set(fault, -EIO, "the %s filter does not show after it was added",
				  side_name(side));
	return error;
}

int tc_replace(const struct hook_site *site, enum filter_side side, int fd, struct fault *fault)
{
	bool there = false;
	int error = tc_query(site, side, &there, fault);

	if (!error && !there)
		error = fault_set(fault, -ENOENT, "our %s filter is not there any more: detach it",
				  side_name(side));
	return error ? error : set(site, side, fd, true, fault);
}

int tc_ensure_clsact(const struct hook_site *site, struct fault *fault)
{
	struct na_source *source = hook_source(site);
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error words = {}, ignored;
	int error = hook_qdisc(site, &kind, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot list the qdiscs");
	if (kind == QDISC_CLSACT)
		return 0;
	source->flags |= NA_SOURCE_MADE_CLSACT;
	error = meter_store_source(site->meter, site->number, fault);
	if (error)
		return error;
	error = clsact_add(site->nl, source->ifindex, &words);
	if (!error)
		return 0;
	/* another error may have come after the kernel made it: then it is ours */
	if (error == -EEXIST)
		source->flags &= ~NA_SOURCE_MADE_CLSACT;
	/* somebody was faster, which is as good, unless with an ingress qdisc */
	if (error == -EEXIST && kind == QDISC_NONE &&
	    !qdisc_query(site->nl, source->ifindex, &kind, &ignored) && kind != QDISC_INGRESS)
		return 0;
	return fault_netlink(fault, error, &words, "cannot add a clsact qdisc%s",
			     kind == QDISC_INGRESS ? " over the ingress qdisc that is there" : "");
}

/* The kernel deletes no qdisc of another kind than the one that is named: that is ours, gone. */
static bool clsact_gone(const struct hook_site *site, int error)
{
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error ignored;

	if (!error || error == -ENODEV || error == -ENOENT)
		return true;
	return error == -EINVAL &&
	       !qdisc_query(site->nl, hook_source(site)->ifindex, &kind, &ignored) &&
	       kind != QDISC_CLSACT;
}

int tc_remove_clsact(const struct hook_site *site, struct fault *fault)
{
	_cleanup_free_ struct filter *in = NULL, *eg = NULL;
	const struct na_source *source = hook_source(site);
	size_t in_count = 0, eg_count = 0;
	struct nl_error words = {};
	int error;

	if (!(source->flags & NA_SOURCE_MADE_CLSACT))
		return 0;
	error = filter_list(site->nl, source->ifindex, FILTER_INGRESS, &in, &in_count, &words);
	if (!error)
		error = filter_list(site->nl, source->ifindex, FILTER_EGRESS, &eg, &eg_count,
				    &words);
	if (!error && !in_count && !eg_count)
		error = clsact_delete(site->nl, source->ifindex, &words);
	if (clsact_gone(site, error))
		return 0;
	return fault_netlink(fault, error, &words, "cannot remove the clsact qdisc");
}

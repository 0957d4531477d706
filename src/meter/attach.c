/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "attach.h"

#include <netacct/cleanup.h>
#include <string.h>

#include "barrier.h"
#include "clock.h"
#include "group.h"
#include "programs.h"
#include "slot.h"

bool source_is(const struct na_source *one, const struct netns *ns, uint32_t ifindex)
{
	return source_used(one) && one->kind == NA_SOURCE_INTERFACE && one->ifindex == ifindex &&
	       one->netns_device == ns->device && one->netns_inode == ns->inode &&
	       (!one->netns_cookie || !ns->cookie || one->netns_cookie == ns->cookie);
}

static int find_place(const struct meter *meter, uint32_t *ret, struct fault *fault)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (!source_used(&meter->sources[i])) {
			*ret = i;
			return 0;
		}
	return fault_set(fault, -ENOSPC, "the group is full: it was made for %u sources",
			 meter->meta.sources);
}

static void describe(const struct source *source, const struct attach_request *request,
		     struct na_source *ret)
{
	*ret = (struct na_source){.state = NA_SOURCE_ATTACHING,
				  .kind = NA_SOURCE_INTERFACE,
				  .netns_cookie = source->netns.cookie,
				  .netns_device = source->netns.device,
				  .netns_inode = source->netns.inode,
				  .ifindex = source->link.ifindex,
				  .arphrd = source->link.arphrd,
				  .ingress = request->hooks.ingress == INGRESS_TC
						     ? NA_INGRESS_TC
						     : NA_INGRESS_XDP_NATIVE};
	if (request->peer)
		ret->flags |= NA_SOURCE_PEER;
	memcpy(ret->interface, source->link.name, sizeof(ret->interface));
	snprintf(ret->tag, sizeof(ret->tag), "%s", request->tag ? request->tag : "");
	snprintf(ret->id, sizeof(ret->id), "%s", source->id);
	if (!source->netns.own && source->netns.name[0])
		snprintf(ret->place, sizeof(ret->place), "%s", source->netns.name);
	else if (!source->netns.own)
		snprintf(ret->place, sizeof(ret->place), "net-%llu",
			 (unsigned long long)source->netns.inode);
}

static int read_counters(struct rtnl *nl, uint32_t ifindex, struct na_link_counters *ret,
			 struct fault *fault)
{
	struct nl_error words = {};
	struct link link;
	int error = link_by_index(nl, ifindex, &link, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot read its counters");
	*ret = link.counters;
	return 0;
}

/* Where the hook cannot see all that was on the wire, the meter says so. */
static void judge_exactness(struct na_source *source)
{
	struct link_offloads offloads;

	if (source->ingress == NA_INGRESS_XDP_GENERIC)
		source->flags |= NA_SOURCE_INEXACT;
	if (source->ingress == NA_INGRESS_XDP_NATIVE &&
	    !link_offloads(source->interface, &offloads) && offloads.vlan_rx)
		source->flags |= NA_SOURCE_INEXACT;
}

/* In the namespace, with the place written: programs, qdisc, hooks, identity. */
static int attach_inside(const struct hook_site *site, const struct attach_request *request,
			 struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair pair = {.in = -1, .eg = -1};
	struct na_source *source = hook_source(site);
	struct meter *meter = site->meter;
	uint32_t number = site->number;
	int error = programs_get(meter, source, false, request->verbose, &pair, fault);

	if (error)
		return error;
	source->programs = pair.number;
	error = group_enter(meter, number, source->programs, fault);
	if (!error)
		error = read_counters(site->nl, source->ifindex, &source->before, fault);
	if (!error)
		error = meter_store_source(meter, number, fault);
	if (!error)
		error = hooks_attach(site, &request->hooks,
				     (struct hook_programs){pair.in, pair.eg}, fault);
	if (error)
		return error;
	source->attached_at = clock_realtime();
	source->attached_monotonic = clock_monotonic();
	judge_exactness(source);
	error = read_counters(site->nl, source->ifindex, &source->after, fault);
	if (!error) {
		source->state = NA_SOURCE_LIVE;
		error = meter_store_source(meter, number, fault);
	}
	if (error) {
		struct fault second = {};

		hooks_detach(site, &second);
	}
	return error;
}

/* What was counted meanwhile stays in the books, of a source that has departed. */
static void take_back(struct meter *meter, uint32_t number)
{
	struct na_source *source = &meter->sources[number];
	uint32_t programs = source->programs;
	struct fault second = {};

	barrier_wait();
	if (meter->meta.sources > 1 && slot_counted(meter, number)) {
		meter_depart(meter, number, &second);
		return;
	}
	group_leave(meter, number, programs, &second);
	*source = (struct na_source){};
	meter_store_source(meter, number, &second);
	programs_drop_unused(meter, programs);
}

int meter_attach_next(struct meter *meter, const struct source *source,
		      const struct attach_request *request, struct visit *visit,
		      uint32_t *ret_number, struct fault *fault)
{
	uint32_t number = 0;
	int error = hooks_check(&source->link, request->hooks.ingress, fault);

	if (!error && link_header_length(source->link.arphrd) < 0)
		error = fault_set(fault, -EOPNOTSUPP,
				  "a link of type %u (ARPHRD) cannot be counted",
				  source->link.arphrd);
	if (!error)
		error = find_place(meter, &number, fault);
	if (!error && meter->meta.sources > 1 && !request->fresh)
		error = slot_clear(meter, number, fault);
	if (error)
		return error;
	describe(source, request, &meter->sources[number]);
	error = visit_enter(meter, number, &source->netns, visit, fault);
	if (!error)
		error = attach_inside(&visit->site, request, fault);
	if (error) {
		take_back(meter, number);
		return error;
	}
	*ret_number = number;
	return 0;
}

int meter_attach(struct meter *meter, const struct source *source,
		 const struct attach_request *request, uint32_t *ret_number, struct fault *fault)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;

	return meter_attach_next(meter, source, request, &visit, ret_number, fault);
}

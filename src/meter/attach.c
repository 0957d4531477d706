/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "attach.h"

#include <netacct/cleanup.h>
#include <string.h>

#include "barrier.h"
#include "clock.h"
#include "group.h"
#include "programs.h"
#include "slot.h"
#include "visit.h"

bool source_is(const struct na_source *one, const struct netns *ns, uint32_t ifindex)
{
	return source_used(one) && one->kind == NA_SOURCE_INTERFACE && one->ifindex == ifindex &&
	       one->netns_device == ns->device && one->netns_inode == ns->inode &&
	       (!one->netns_cookie || !ns->cookie || one->netns_cookie == ns->cookie);
}

/* Goes back to where the thread was, whichever way the caller leaves. */
static void cleanup_enter(int *previous)
{
	if (*previous >= 0)
		netns_leave(*previous);
}
#define _cleanup_enter_ __attribute__((cleanup(cleanup_enter)))

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
static int attach_inside(struct meter *meter, struct na_source *source,
			 const struct attach_request *request, struct fault *fault)
{
	_cleanup_program_pair_ struct program_pair pair = {.in = -1, .eg = -1};
	uint32_t number = (uint32_t)(source - meter->sources);
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error words = {};
	int error = rtnl_open(&nl, &words);
	struct hook_site site = {nl, meter, number};

	if (error)
		return fault_netlink(fault, error, &words, "cannot open rtnetlink");
	error = programs_get(meter, source, false, request->verbose, &pair, fault);
	if (error)
		return error;
	source->programs = pair.number;
	error = group_enter(meter, number, source->programs, fault);
	if (!error)
		error = read_counters(nl, source->ifindex, &source->before, fault);
	if (!error)
		error = meter_store_source(meter, number, fault);
	if (!error)
		error = hooks_attach(&site, &request->hooks,
				     (struct hook_programs){pair.in, pair.eg}, fault);
	if (error)
		return error;
	source->attached_at = clock_realtime();
	source->attached_monotonic = clock_monotonic();
	judge_exactness(source);
	error = read_counters(nl, source->ifindex, &source->after, fault);
	if (!error) {
		source->state = NA_SOURCE_LIVE;
		error = meter_store_source(meter, number, fault);
	}
	if (error) {
		struct fault second = {};

		hooks_detach(&site, &second);
	}
	return error;
}

static int depart(struct meter *meter, uint32_t number, struct fault *fault);

/* What was counted meanwhile stays in the books, of a source that has departed. */
static void take_back(struct meter *meter, uint32_t number)
{
	struct na_source *source = &meter->sources[number];
	uint32_t programs = source->programs;
	struct fault second = {};

	barrier_wait();
	if (meter->meta.sources > 1 && slot_counted(meter, number)) {
		depart(meter, number, &second);
		return;
	}
	group_leave(meter, number, programs, &second);
	*source = (struct na_source){};
	meter_store_source(meter, number, &second);
	programs_drop_unused(meter, programs);
}

int meter_attach(struct meter *meter, const struct source *source,
		 const struct attach_request *request, uint32_t *ret_number, struct fault *fault)
{
	_cleanup_enter_ int previous = -1;
	uint32_t number = 0;
	int error = hooks_check(&source->link, request->hooks.ingress, fault);

	if (!error && link_header_length(source->link.arphrd) < 0)
		error = fault_set(fault, -EOPNOTSUPP,
				  "a link of type %u (ARPHRD) cannot be counted",
				  source->link.arphrd);
	if (!error)
		error = find_place(meter, &number, fault);
	if (!error && meter->meta.sources > 1)
		error = slot_clear(meter, number, fault);
	if (error)
		return error;
	describe(source, request, &meter->sources[number]);
	error = netns_enter(&source->netns, &previous);
	if (error)
		error = fault_errno(fault, error, "cannot enter its namespace");
	else
		error = attach_inside(meter, &meter->sources[number], request, fault);
	if (error) {
		take_back(meter, number);
		return error;
	}
	*ret_number = number;
	return 0;
}

static int detach_hooks(struct meter *meter, uint32_t number, struct fault *fault)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	int error = visit_begin(meter, number, &visit, fault);

	if (error) /* ENOENT: the namespace has gone, and its hooks with it */
		return error == -ENOENT ? 0 : error;
	return hooks_detach(&visit.site, fault);
}

/*
 * The clsact qdisc is ours to remove only while our filters are on it: an
 * ifindex is used again, and then the qdisc there is somebody else's.
 */
static void disown_qdisc(struct meter *meter, uint32_t number)
{
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	struct na_source *source = &meter->sources[number];
	_cleanup_fault_ struct fault fault = {};
	struct hooks_state hooks = {};

	if (source->state == NA_SOURCE_LIVE && !visit_begin(meter, number, &visit, &fault) &&
	    !hooks_query(&visit.site, &hooks, &fault) && !hooks.in && !hooks.eg)
		source->flags &= ~NA_SOURCE_MADE_CLSACT;
}

static int begin_departure(struct meter *meter, uint32_t number, struct fault *fault)
{
	disown_qdisc(meter, number);
	meter->sources[number].state = NA_SOURCE_DETACHING;
	return meter_store_source(meter, number, fault);
}

/* No program of it runs any more. */
static int depart(struct meter *meter, uint32_t number, struct fault *fault)
{
	struct na_source *source = &meter->sources[number];
	struct na_control control;
	int error = group_leave(meter, number, source->programs, fault);

	if (!error && source->next_in)
		error = group_leave(meter, number, source->next_programs, fault);
	if (!error)
		error = meter_control(meter, &control, fault);
	if (error)
		return error;
	source->state = NA_SOURCE_DEPARTED;
	source->departed_at = clock_realtime();
	source->departed_sequence = control.sequence;
	error = meter_store_source(meter, number, fault);
	if (!error)
		programs_drop_unused(meter, source->programs);
	return error;
}

/* Off their hooks, each that can be; the others stay in `off` as false. */
static int take_off(struct meter *meter, const bool *which, bool *off, struct fault *fault)
{
	int first = 0, error;
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++) {
		struct fault second = {};

		if (!which[i] || !source_counts(&meter->sources[i]))
			continue;
		error = begin_departure(meter, i, first ? &second : fault);
		if (!error)
			error = detach_hooks(meter, i, first ? &second : fault);
		off[i] = !error;
		if (!first)
			first = error;
	}
	return first;
}

int meter_detach_several(struct meter *meter, const bool *which, struct fault *fault)
{
	_cleanup_free_ bool *off = calloc(meter->meta.sources, sizeof(*off));
	int first, error;
	uint32_t i;

	if (!off)
		return fault_errno(fault, -ENOMEM, "its sources");
	first = take_off(meter, which, off, fault);
	error = barrier_wait();
	if (error)
		return fault_errno(fault, error, "cannot wait for RCU");
	for (i = 0; i < meter->meta.sources; i++) {
		struct fault second = {};

		error = off[i] ? depart(meter, i, first ? &second : fault) : 0;
		if (!first)
			first = error;
	}
	return first;
}

int meter_detach(struct meter *meter, uint32_t number, struct fault *fault)
{
	int error;

	if (meter->sources[number].state == NA_SOURCE_DEPARTED)
		return 0;
	error = begin_departure(meter, number, fault);
	if (!error)
		error = detach_hooks(meter, number, fault);
	if (error)
		return error;
	error = barrier_wait();
	if (error)
		return fault_errno(fault, error, "cannot wait for RCU");
	return depart(meter, number, fault);
}

int meter_release(struct meter *meter, uint32_t number, struct fault *fault)
{
	meter->sources[number] = (struct na_source){};
	return meter_store_source(meter, number, fault);
}

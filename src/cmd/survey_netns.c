/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "survey_netns.h"

#include <netacct/cleanup.h>

static int take_links(struct rtnl *nl, bool counters, struct survey_netns *namespace,
		      struct nl_error *why)
{
	_cleanup_free_ struct link *links = NULL;
	struct survey_interface *interfaces;
	size_t count = 0;
	int error;

	error = link_list(nl, counters, &links, &count, why);
	if (error)
		return error;
	interfaces = calloc(count + 1, sizeof(*interfaces));
	if (!interfaces)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		interfaces[i].link = links[i];
	namespace->interfaces = interfaces;
	namespace->count = count;
	return 0;
}

static struct survey_interface *find(const struct survey_netns *namespace, uint32_t ifindex)
{
	return (struct survey_interface *)survey_find(namespace, ifindex);
}

/* The kernel lists addresses by family; here each interface gets a run of the array. */
static int take_addresses(struct rtnl *nl, struct survey_netns *namespace, struct nl_error *why)
{
	_cleanup_free_ struct address *listed = NULL;
	struct survey_interface *interface;
	size_t count = 0, used = 0;
	int error;

	error = address_list(nl, &listed, &count, why);
	if (error)
		return error;
	namespace->addresses = calloc(count + 1, sizeof(*namespace->addresses));
	if (!namespace->addresses)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		interface = find(namespace, listed[i].ifindex);
		if (interface)
			interface->address_count++;
	}
	for (size_t i = 0; i < namespace->count; i++) {
		interface = &namespace->interfaces[i];
		interface->addresses = namespace->addresses + used;
		used += interface->address_count;
		interface->address_count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		size_t at;

		interface = find(namespace, listed[i].ifindex);
		if (!interface)
			continue;
		at = (size_t)(interface->addresses - namespace->addresses);
		namespace->addresses[at + interface->address_count++] = listed[i];
	}
	return 0;
}

static int take_qdiscs(struct rtnl *nl, struct survey_netns *namespace, struct nl_error *why)
{
	_cleanup_free_ struct qdisc *qdiscs = NULL;
	size_t count = 0;
	int error;

	error = qdisc_list(nl, &qdiscs, &count, why);
	if (error)
		return error;
	for (size_t i = 0; i < count; i++) {
		struct survey_interface *interface = find(namespace, qdiscs[i].ifindex);

		if (interface)
			interface->qdisc = qdiscs[i].kind;
	}
	return 0;
}

int survey_netns_fill(struct rtnl *nl, bool counters, struct survey_tcx_sight *tcx,
		      struct survey_netns *namespace, struct nl_error *why)
{
	int error;

	error = rtnl_netns_cookie(nl, &namespace->netns.cookie);
	if (!error)
		error = take_links(nl, counters, namespace, why);
	if (!error)
		error = take_addresses(nl, namespace, why);
	if (!error)
		error = take_qdiscs(nl, namespace, why);
	for (size_t i = 0; i < namespace->count && !error; i++)
		error = survey_attached(nl, tcx, &namespace->interfaces[i], why);
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The qdisc of an interface's ingress side, as libnl-route's objects. */
#include "private.h"

#include <linux/pkt_sched.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/tc.h>
#include <string.h>

#ifndef TC_H_CLSACT
#define TC_H_CLSACT TC_H_INGRESS
#endif

static enum ingress_qdisc kind_of(const struct nlmsghdr *message)
{
	struct nlattr *table[TCA_MAX + 1];
	char kind[16] = "";

	attributes_of(message, sizeof(struct tcmsg), table, TCA_MAX);
	attribute_string(table[TCA_KIND], kind, sizeof(kind));
	if (!strcmp(kind, "clsact"))
		return QDISC_CLSACT;
	return strcmp(kind, "ingress") ? QDISC_NONE : QDISC_INGRESS;
}

static void take_object(struct nl_object *object, void *argument)
{
	struct qdisc *qdisc = argument;

	qdisc->ifindex = (uint32_t)rtnl_tc_get_ifindex(TC_CAST(object));
}

int qdisc_parse(const struct nlmsghdr *message, void *item, const void *context)
{
	struct qdisc *qdisc = item;
	const struct tcmsg *header;
	int r;

	(void)context;
	if (message->nlmsg_type != RTM_NEWQDISC)
		return 0;
	if (!nlmsg_valid_hdr(message, sizeof(*header)))
		return -EBADMSG;
	header = nlmsg_data(message);
	/*
	 * Others first: libnl would read the options of their kinds, and might
	 * refuse them, or read those of a pfifo where there are none.
	 */
	if (header->tcm_parent != TC_H_CLSACT)
		return 0;
	qdisc->kind = kind_of(message);
	if (qdisc->kind == QDISC_NONE)
		return 0;
	r = attribute_object(message, take_object, qdisc);
	return r < 0 ? r : 1;
}

int qdisc_list(struct rtnl *nl, struct qdisc **ret, size_t *ret_count, struct nl_error *err)
{
	static const struct reader reader = {.parse = qdisc_parse, .size = sizeof(struct qdisc)};
	_cleanup_message_ struct nl_msg *request = nlmsg_alloc_simple(RTM_GETQDISC, NLM_F_DUMP);
	struct tcmsg header = {.tcm_family = AF_UNSPEC};
	void *qdiscs;
	int r;

	err->text[0] = '\0';
	if (!request || nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	r = rtnl_query(nl, request, &reader, &qdiscs, ret_count, err);
	if (r < 0)
		return r;
	*ret = qdiscs;
	return 0;
}

/*
 * A dump, though of one interface: RTM_GETQDISC for a single qdisc goes to
 * every listener of RTNLGRP_TC as if it were new (qdisc_notify()).
 */
int qdisc_query(struct rtnl *nl, uint32_t ifindex, enum ingress_qdisc *ret, struct nl_error *err)
{
	_cleanup_free_ struct qdisc *qdiscs = NULL;
	size_t count, i;
	int r;

	r = qdisc_list(nl, &qdiscs, &count, err);
	if (r < 0)
		return r;
	*ret = QDISC_NONE;
	for (i = 0; i < count; i++)
		if (qdiscs[i].ifindex == ifindex)
			*ret = qdiscs[i].kind;
	return 0;
}

/* libnl has no clsact of its own, but the kind is only a word: it has no options. */
static struct rtnl_qdisc *new_clsact(uint32_t ifindex)
{
	struct rtnl_qdisc *qdisc = rtnl_qdisc_alloc();

	if (!qdisc)
		return NULL;
	rtnl_tc_set_ifindex(TC_CAST(qdisc), (int)ifindex);
	rtnl_tc_set_parent(TC_CAST(qdisc), TC_H_CLSACT);
	rtnl_tc_set_handle(TC_CAST(qdisc), TC_H_MAKE(TC_H_CLSACT, 0));
	if (rtnl_tc_set_kind(TC_CAST(qdisc), "clsact") < 0) {
		rtnl_qdisc_put(qdisc);
		return NULL;
	}
	return qdisc;
}

static int change_clsact(struct rtnl *nl, uint32_t ifindex, bool add, struct nl_error *err)
{
	_cleanup_message_ struct nl_msg *request = NULL;
	struct rtnl_qdisc *qdisc;
	int r;

	err->text[0] = '\0';
	if (!ifindex_valid(ifindex))
		return -ENODEV;
	qdisc = new_clsact(ifindex);
	if (!qdisc)
		return -ENOMEM;
	if (add)
		r = rtnl_qdisc_build_add_request(qdisc, NLM_F_CREATE | NLM_F_EXCL, &request);
	else
		r = rtnl_qdisc_build_delete_request(qdisc, &request);
	rtnl_qdisc_put(qdisc);
	if (r < 0)
		return -ENOMEM;
	return rtnl_request(nl, request, err);
}

int clsact_add(struct rtnl *nl, uint32_t ifindex, struct nl_error *err)
{
	return change_clsact(nl, ifindex, true, err);
}

int clsact_delete(struct rtnl *nl, uint32_t ifindex, struct nl_error *err)
{
	return change_clsact(nl, ifindex, false, err);
}

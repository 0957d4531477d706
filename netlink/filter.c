// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters of the clsact qdisc. Built and parsed here: libnl 3.7 has neither
 * TCA_BPF_* nor the two sides of clsact.
 */
#include "private.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <string.h>

/* What names one filter to the kernel. */
struct place {
	uint32_t ifindex;
	enum filter_side side;
	uint16_t priority;
	uint32_t handle;
};

static uint32_t side_parent(enum filter_side side)
{
	return TC_H_MAKE(TC_H_CLSACT, side == FILTER_INGRESS ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS);
}

static void parse_bpf(const struct nlattr *attribute, struct filter *filter)
{
	struct nlattr *table[TCA_BPF_MAX + 1];

	attributes_nested(attribute, table, TCA_BPF_MAX);
	attribute_string(table[TCA_BPF_NAME], filter->name, sizeof(filter->name));
	filter->prog_id = attribute_u32(table[TCA_BPF_ID], 0);
	attribute_bytes(table[TCA_BPF_TAG], filter->tag, sizeof(filter->tag));
	filter->direct_action = attribute_u32(table[TCA_BPF_FLAGS], 0) & TCA_BPF_FLAG_ACT_DIRECT;
}

int filter_parse(const struct nlmsghdr *message, void *item, const void *context)
{
	const enum filter_side *side = context;
	struct nlattr *table[TCA_MAX + 1];
	struct filter *filter = item;
	const struct tcmsg *header;

	if (message->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	if (!nlmsg_valid_hdr(message, sizeof(*header)))
		return -EBADMSG;
	header = nlmsg_data(message);
	attributes_of(message, sizeof(*header), table, TCA_MAX);
	/* Each priority is told once more as a whole, before its filters (tcf_chain_dump()). */
	if (header->tcm_handle == 0 && !table[TCA_OPTIONS])
		return 0;
	/* In a block that interfaces share the message names the block: the side is the asker's. */
	filter->side = *side;
	filter->chain = attribute_u32(table[TCA_CHAIN], 0);
	filter->priority = (uint16_t)(TC_H_MAJ(header->tcm_info) >> 16);
	filter->protocol = ntohs((uint16_t)TC_H_MIN(header->tcm_info));
	filter->handle = header->tcm_handle;
	attribute_string(table[TCA_KIND], filter->kind, sizeof(filter->kind));
	if (!strcmp(filter->kind, "bpf"))
		parse_bpf(table[TCA_OPTIONS], filter);
	return 1;
}

/*
 * The kernel starts with chain 0 and tells chains in the order of their making,
 * each by ascending priority; what shares a priority is told as it is run, so
 * that order must stay.
 */
static void sort_by_chain(struct filter *filters, size_t count)
{
	size_t i, at;

	for (i = 1; i < count; i++) {
		struct filter moved = filters[i];

		for (at = i; at > 0 && filters[at - 1].chain > moved.chain; at--)
			filters[at] = filters[at - 1];
		filters[at] = moved;
	}
}

static struct nl_msg *new_request(int type, int flags, const struct place *place)
{
	struct tcmsg header = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)place->ifindex,
		.tcm_handle = place->handle,
		.tcm_parent = side_parent(place->side),
	};
	struct nl_msg *request = nlmsg_alloc_simple(type, flags);

	if (place->priority)
		header.tcm_info = TC_H_MAKE((uint32_t)place->priority << 16, htons(ETH_P_ALL));
	if (request && nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0) {
		nlmsg_free(request);
		return NULL;
	}
	return request;
}

static int ask(struct rtnl *nl, uint32_t ifindex, enum filter_side side, struct filter **ret,
	       size_t *ret_count, struct nl_error *err)
{
	const struct reader reader = {
		.parse = filter_parse,
		.context = &side,
		.size = sizeof(struct filter),
	};
	const struct place place = {.ifindex = ifindex, .side = side};
	_cleanup_message_ struct nl_msg *request = NULL;
	void *filters;
	int r;

	request = new_request(RTM_GETTFILTER, NLM_F_DUMP, &place);
	if (!request)
		return -ENOMEM;
	r = rtnl_query(nl, request, &reader, &filters, ret_count, err);
	if (r < 0)
		return r;
	*ret = filters;
	return 0;
}

static bool same(const struct filter *a, const struct filter *b)
{
	return a->chain == b->chain && a->priority == b->priority && a->handle == b->handle &&
	       a->prog_id == b->prog_id && !strcmp(a->kind, b->kind);
}

/*
 * An ingress qdisc takes any parent for its own and would tell its filters as
 * those of egress (ingress_find()): then all of them are on ingress, too.
 * Which qdisc it is costs a list of all qdiscs, and is asked only where one is.
 */
static int drop_misplaced(struct rtnl *nl, uint32_t ifindex, const struct filter *filters,
			  size_t *count, struct nl_error *err)
{
	_cleanup_free_ struct filter *ingress = NULL;
	enum ingress_qdisc kind;
	size_t ingress_count, i;
	int r;

	if (*count == 0)
		return 0;
	r = ask(nl, ifindex, FILTER_INGRESS, &ingress, &ingress_count, err);
	if (r < 0)
		return r;
	for (i = 0; i < ingress_count; i++)
		if (same(&ingress[i], filters))
			break;
	if (i == ingress_count)
		return 0;
	r = qdisc_query(nl, ifindex, &kind, err);
	if (r < 0)
		return r;
	if (kind == QDISC_INGRESS)
		*count = 0;
	return 0;
}

int filter_list(struct rtnl *nl, uint32_t ifindex, enum filter_side side, struct filter **ret,
		size_t *ret_count, struct nl_error *err)
{
	_cleanup_free_ struct filter *filters = NULL;
	size_t count;
	int r;

	err->text[0] = '\0';
	if (!ifindex_valid(ifindex))
		return -ENODEV;
	r = ask(nl, ifindex, side, &filters, &count, err);
	if (r == 0 && side == FILTER_EGRESS)
		r = drop_misplaced(nl, ifindex, filters, &count, err);
	if (r < 0)
		return r;
	sort_by_chain(filters, count);
	*ret = TAKE_PTR(filters);
	*ret_count = count;
	return 0;
}

static bool is_at(const struct filter *filter, const struct place *place)
{
	return filter->chain == 0 && filter->priority == place->priority &&
	       filter->handle == place->handle && filter->protocol == ETH_P_ALL &&
	       !strcmp(filter->kind, "bpf");
}

/*
 * The kernel says EINVAL also where there is no qdisc, or where the priority
 * is another protocol's or kind's: to the caller the filter is not there.
 */
static int explain(struct rtnl *nl, const struct place *place, int error)
{
	_cleanup_free_ struct filter *filters = NULL;
	struct nl_error ignored;
	size_t count, i;

	if (error != -EINVAL)
		return error;
	if (filter_list(nl, place->ifindex, place->side, &filters, &count, &ignored) < 0)
		return error;
	for (i = 0; i < count; i++)
		if (is_at(&filters[i], place))
			return error;
	return -ENOENT;
}

static int put_bpf(struct nl_msg *request, int prog_fd, const char *name)
{
	struct nlattr *nest;

	if (nla_put_string(request, TCA_KIND, "bpf") < 0)
		return -ENOMEM;
	nest = nla_nest_start(request, TCA_OPTIONS | NLA_F_NESTED);
	if (!nest || nla_put_u32(request, TCA_BPF_FD, (uint32_t)prog_fd) < 0 ||
	    nla_put_string(request, TCA_BPF_NAME, name) < 0 ||
	    nla_put_u32(request, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT) < 0 ||
	    nla_nest_end(request, nest) < 0)
		return -ENOMEM;
	return 0;
}

/* 0 for either would mean: any of them. */
static int check_place(const struct place *place)
{
	if (!ifindex_valid(place->ifindex))
		return -ENODEV;
	return place->priority && place->handle ? 0 : -EINVAL;
}

int filter_set(struct rtnl *nl, uint32_t ifindex, enum filter_side side, uint16_t priority,
	       uint32_t handle, int prog_fd, const char *name, bool replace, struct nl_error *err)
{
	const struct place place = {ifindex, side, priority, handle};
	_cleanup_message_ struct nl_msg *request = NULL;
	int r;

	err->text[0] = '\0';
	r = check_place(&place);
	if (r < 0)
		return r;
	if (strlen(name) >= sizeof(((struct filter *)NULL)->name))
		return -ENAMETOOLONG;
	request = new_request(RTM_NEWTFILTER, replace ? 0 : NLM_F_CREATE | NLM_F_EXCL, &place);
	if (!request)
		return -ENOMEM;
	r = put_bpf(request, prog_fd, name);
	if (r < 0)
		return r;
	r = rtnl_request(nl, request, err);
	return replace ? explain(nl, &place, r) : r;
}

int filter_delete(struct rtnl *nl, uint32_t ifindex, enum filter_side side, uint16_t priority,
		  uint32_t handle, struct nl_error *err)
{
	const struct place place = {ifindex, side, priority, handle};
	_cleanup_message_ struct nl_msg *request = NULL;
	int r;

	err->text[0] = '\0';
	r = check_place(&place);
	if (r < 0)
		return r;
	request = new_request(RTM_DELTFILTER, 0, &place);
	if (!request || nla_put_string(request, TCA_KIND, "bpf") < 0)
		return -ENOMEM;
	return explain(nl, &place, rtnl_request(nl, request, err));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The default route of the main table. */
#include "private.h"

#include <string.h>

/* The first next hop that lives. */
static uint32_t multipath_ifindex(const struct nlattr *attribute)
{
	struct rtnexthop hop;
	const char *at;
	size_t left;

	if (!attribute)
		return 0;
	at = nla_data(attribute);
	left = (size_t)nla_len(attribute);
	while (left >= sizeof(hop)) {
		size_t length;

		memcpy(&hop, at, sizeof(hop));
		length = RTNH_ALIGN((size_t)hop.rtnh_len);
		if (!(hop.rtnh_flags & RTNH_F_DEAD) && hop.rtnh_ifindex > 0)
			return (uint32_t)hop.rtnh_ifindex;
		if (length < sizeof(hop) || length > left)
			return 0;
		at += length;
		left -= length;
	}
	return 0;
}

static bool is_default(const struct rtmsg *header, uint8_t family)
{
	return header->rtm_family == family && header->rtm_dst_len == 0 &&
	       header->rtm_src_len == 0 && header->rtm_type == RTN_UNICAST &&
	       !(header->rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD));
}

int route_parse(const struct nlmsghdr *message, void *item, const void *context)
{
	struct nlattr *table[RTA_MAX + 1];
	const uint8_t *family = context;
	const struct rtmsg *header;
	struct route *route = item;

	if (message->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (!nlmsg_valid_hdr(message, sizeof(*header)))
		return -EBADMSG;
	header = nlmsg_data(message);
	if (!is_default(header, *family))
		return 0;
	attributes_of(message, sizeof(*header), table, RTA_MAX);
	if (attribute_u32(table[RTA_TABLE], header->rtm_table) != RT_TABLE_MAIN)
		return 0;
	route->metric = attribute_u32(table[RTA_PRIORITY], 0);
	route->ifindex = attribute_u32(table[RTA_OIF], 0);
	if (!route->ifindex)
		route->ifindex = multipath_ifindex(table[RTA_MULTIPATH]);
	return route->ifindex ? 1 : 0;
}

static int find_default(struct rtnl *nl, uint8_t family, uint32_t *ret_ifindex,
			struct nl_error *err)
{
	const struct reader reader = {
		.parse = route_parse,
		.context = &family,
		.size = sizeof(struct route),
	};
	_cleanup_message_ struct nl_msg *request = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg header = {.rtm_family = family};
	_cleanup_free_ void *found = NULL;
	const struct route *routes, *best;
	size_t count, i;
	int r;

	if (!request || nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	r = rtnl_query(nl, request, &reader, &found, &count, err);
	if (r < 0)
		return r;
	if (count == 0)
		return -ENOENT;
	routes = best = found;
	for (i = 1; i < count; i++)
		if (routes[i].metric < best->metric)
			best = &routes[i];
	*ret_ifindex = best->ifindex;
	return 0;
}

int route_default(struct rtnl *nl, uint32_t *ret_ifindex, struct nl_error *err)
{
	int r;

	err->text[0] = '\0';
	r = find_default(nl, AF_INET, ret_ifindex, err);
	if (r != -ENOENT)
		return r;
	r = find_default(nl, AF_INET6, ret_ifindex, err);
	/* A kernel without IPv6. */
	return r == -EOPNOTSUPP || r == -EAFNOSUPPORT ? -ENOENT : r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links. Parsed here and not by libnl-route, whose object has no XDP and which
 * gives up a whole link where the attributes of its kind are not what it knows.
 */
#include "private.h"

#include <linux/if.h>
#include <linux/if_link.h>
#include <stddef.h>
#include <string.h>

_Static_assert(sizeof(((struct link *)NULL)->name) == IFNAMSIZ, "kernel interface");

static uint32_t *xdp_slot(struct link *link, uint8_t attached)
{
	switch (attached) {
	case XDP_ATTACHED_DRV:
		return &link->xdp.native;
	case XDP_ATTACHED_SKB:
		return &link->xdp.generic;
	case XDP_ATTACHED_HW:
		return &link->xdp.offload;
	default:
		return NULL;
	}
}

/* Each mode tells its own id; before 4.19 there is one id, of the mode attached. */
static void parse_xdp(const struct nlattr *attribute, struct link *link)
{
	struct nlattr *table[IFLA_XDP_MAX + 1];
	uint32_t *slot;

	attributes_nested(attribute, table, IFLA_XDP_MAX);
	link->xdp.native = attribute_u32(table[IFLA_XDP_DRV_PROG_ID], 0);
	link->xdp.generic = attribute_u32(table[IFLA_XDP_SKB_PROG_ID], 0);
	link->xdp.offload = attribute_u32(table[IFLA_XDP_HW_PROG_ID], 0);
	slot = xdp_slot(link, attribute_u8(table[IFLA_XDP_ATTACHED], XDP_ATTACHED_NONE));
	if (slot)
		*slot = attribute_u32(table[IFLA_XDP_PROG_ID], *slot);
}

static void parse_kind(const struct nlattr *attribute, struct link *link)
{
	struct nlattr *table[IFLA_INFO_MAX + 1];

	attributes_nested(attribute, table, IFLA_INFO_MAX);
	attribute_string(table[IFLA_INFO_KIND], link->kind, sizeof(link->kind));
}

/* The kernel aligns the attribute to 4 bytes only, and adds fields behind those known here. */
static void parse_counters(const struct nlattr *attribute, struct link *link)
{
	struct rtnl_link_stats64 stats = {0};

	attribute_bytes(attribute, &stats, sizeof(stats));
	link->counters.rx_packets = stats.rx_packets;
	link->tx_dropped = stats.tx_dropped;
	link->counters.rx_bytes = stats.rx_bytes;
	link->counters.tx_packets = stats.tx_packets;
	link->counters.tx_bytes = stats.tx_bytes;
}

static void parse_attributes(struct nlattr **table, struct link *link)
{
	link->lower = attribute_u32(table[IFLA_LINK], 0);
	link->lower_netnsid = (int32_t)attribute_u32(table[IFLA_LINK_NETNSID], UINT32_MAX);
	link->master = attribute_u32(table[IFLA_MASTER], 0);
	link->mtu = attribute_u32(table[IFLA_MTU], 0);
	link->operstate = attribute_u8(table[IFLA_OPERSTATE], 0);
	attribute_string(table[IFLA_IFNAME], link->name, sizeof(link->name));
	attribute_string(table[IFLA_IFALIAS], link->alias, sizeof(link->alias));
	link->address_len =
		(uint8_t)attribute_bytes(table[IFLA_ADDRESS], link->address, sizeof(link->address));
	parse_kind(table[IFLA_LINKINFO], link);
	parse_counters(table[IFLA_STATS64], link);
	parse_xdp(table[IFLA_XDP], link);
}

int link_parse(const struct nlmsghdr *message, void *item, const void *context)
{
	struct nlattr *table[IFLA_MAX + 1];
	const struct ifinfomsg *header;
	struct link *link = item;

	(void)context;
	if (message->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (!nlmsg_valid_hdr(message, sizeof(*header)))
		return -EBADMSG;
	header = nlmsg_data(message);
	attributes_of(message, sizeof(*header), table, IFLA_MAX);
	if (header->ifi_index <= 0 || !table[IFLA_IFNAME])
		return -EBADMSG;
	link->ifindex = (uint32_t)header->ifi_index;
	link->arphrd = header->ifi_type;
	link->flags = header->ifi_flags;
	parse_attributes(table, link);
	return 1;
}

static const struct reader link_reader = {.parse = link_parse, .size = sizeof(struct link)};

static struct nl_msg *new_request(int flags, uint32_t ifindex)
{
	struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex};
	struct nl_msg *request = nlmsg_alloc_simple(RTM_GETLINK, flags);

	if (request && nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0) {
		nlmsg_free(request);
		return NULL;
	}
	return request;
}

static int query_one(struct rtnl *nl, struct nl_msg *request, struct link *ret,
		     struct nl_error *err)
{
	_cleanup_free_ void *found = NULL;
	size_t count;
	int r;

	r = rtnl_query(nl, request, &link_reader, &found, &count, err);
	if (r < 0)
		return r;
	if (count == 0)
		return -EBADMSG;
	memcpy(ret, found, sizeof(*ret));
	return 0;
}

int link_by_name(struct rtnl *nl, const char *name, struct link *ret, struct nl_error *err)
{
	_cleanup_message_ struct nl_msg *request = NULL;
	size_t length = strlen(name);

	err->text[0] = '\0';
	if (length == 0 || length >= IFNAMSIZ)
		return -ENODEV;
	request = new_request(0, 0);
	if (!request || nla_put_string(request, IFLA_IFNAME, name) < 0)
		return -ENOMEM;
	return query_one(nl, request, ret, err);
}

int link_by_index(struct rtnl *nl, uint32_t ifindex, struct link *ret, struct nl_error *err)
{
	_cleanup_message_ struct nl_msg *request = NULL;

	err->text[0] = '\0';
	if (!ifindex_valid(ifindex))
		return -ENODEV;
	request = new_request(0, ifindex);
	if (!request)
		return -ENOMEM;
	return query_one(nl, request, ret, err);
}

static int compare_ifindex(const void *one, const void *other)
{
	const struct link *a = one, *b = other;

	return (a->ifindex > b->ifindex) - (a->ifindex < b->ifindex);
}

/* Those of IPv6 at least, which are summed up over all CPUs for each link. */
static int leave_out_counters(struct nl_msg *request)
{
	return nla_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

int link_list(struct rtnl *nl, bool counters, struct link **ret, size_t *ret_count,
	      struct nl_error *err)
{
	_cleanup_message_ struct nl_msg *request = new_request(NLM_F_DUMP, 0);
	void *links;
	size_t count;
	int r;

	err->text[0] = '\0';
	if (!request || (!counters && leave_out_counters(request) < 0))
		return -ENOMEM;
	r = rtnl_query(nl, request, &link_reader, &links, &count, err);
	if (r < 0)
		return r;
	if (count > 0) /* in the order of a hash table before 6.8 */
		qsort(links, count, sizeof(struct link), compare_ifindex);
	*ret = links;
	*ret_count = count;
	return 0;
}

/* Spelt as in /sys/class/net/…/operstate. */
const char *link_operstate(uint8_t operstate)
{
	static const char *const words[] = {
		[IF_OPER_UNKNOWN] = "unknown", [IF_OPER_NOTPRESENT] = "notpresent",
		[IF_OPER_DOWN] = "down",       [IF_OPER_LOWERLAYERDOWN] = "lowerlayerdown",
		[IF_OPER_TESTING] = "testing", [IF_OPER_DORMANT] = "dormant",
		[IF_OPER_UP] = "up",
	};

	return operstate < ARRAY_SIZE(words) ? words[operstate] : "unknown";
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, as libnl-route's objects. */
#include "private.h"

#include <netlink/addr.h>
#include <netlink/route/addr.h>
#include <string.h>

static size_t family_length(uint8_t family)
{
	switch (family) {
	case AF_INET:
		return 4;
	case AF_INET6:
		return 16;
	default:
		return 0;
	}
}

static void take_object(struct nl_object *object, void *argument)
{
	struct rtnl_addr *from = (struct rtnl_addr *)object;
	struct nl_addr *local = rtnl_addr_get_local(from);
	struct address *address = argument;
	size_t length = family_length(address->family);

	/* libnl takes IFA_ADDRESS where IFA_LOCAL is not told, as for most of IPv6. */
	if (!local || nl_addr_get_len(local) != length)
		return;
	memcpy(address->bytes, nl_addr_get_binary_addr(local), length);
	address->ifindex = (uint32_t)rtnl_addr_get_ifindex(from);
}

int address_parse(const struct nlmsghdr *message, void *item, const void *context)
{
	const struct ifaddrmsg *header;
	struct address *address = item;
	int r;

	(void)context;
	if (message->nlmsg_type != RTM_NEWADDR)
		return 0;
	if (!nlmsg_valid_hdr(message, sizeof(*header)))
		return -EBADMSG;
	header = nlmsg_data(message);
	if (!family_length(header->ifa_family))
		return 0;
	address->family = header->ifa_family;
	address->prefixlen = header->ifa_prefixlen;
	r = attribute_object(message, take_object, address);
	if (r < 0)
		return r;
	return address->ifindex ? 1 : -EBADMSG;
}

int address_list(struct rtnl *nl, struct address **ret, size_t *ret_count, struct nl_error *err)
{
	static const struct reader reader = {
		.parse = address_parse,
		.size = sizeof(struct address),
	};
	_cleanup_message_ struct nl_msg *request = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg header = {.ifa_family = AF_UNSPEC};
	void *addresses;
	int r;

	err->text[0] = '\0';
	if (!request || nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	r = rtnl_query(nl, request, &reader, &addresses, ret_count, err);
	if (r < 0)
		return r;
	*ret = addresses;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes of rtnetlink, read without believing their lengths. */
#include "private.h"

#include <string.h>

void attributes_of(const struct nlmsghdr *message, int header, struct nlattr **table, int max)
{
	/* Without a policy nla_parse() skips what it cannot read and never fails. */
	(void)nla_parse(table, max, nlmsg_attrdata(message, header), nlmsg_attrlen(message, header),
			NULL);
}

void attributes_nested(const struct nlattr *attribute, struct nlattr **table, int max)
{
	struct nlattr *first = attribute ? nla_data(attribute) : NULL;

	(void)nla_parse(table, max, first, attribute ? nla_len(attribute) : 0, NULL);
}

uint32_t attribute_u32(const struct nlattr *attribute, uint32_t absent)
{
	uint32_t value;

	if (!attribute || nla_len(attribute) < (int)sizeof(value))
		return absent;
	memcpy(&value, nla_data(attribute), sizeof(value));
	return value;
}

uint8_t attribute_u8(const struct nlattr *attribute, uint8_t absent)
{
	if (!attribute || nla_len(attribute) < 1)
		return absent;
	return *(const uint8_t *)nla_data(attribute);
}

size_t attribute_bytes(const struct nlattr *attribute, void *to, size_t size)
{
	size_t length;

	if (!attribute)
		return 0;
	length = (size_t)nla_len(attribute);
	if (length > size)
		length = size;
	memcpy(to, nla_data(attribute), length);
	return length;
}

void attribute_string(const struct nlattr *attribute, char *to, size_t size)
{
	if (attribute)
		to[attribute_bytes(attribute, to, size - 1)] = '\0';
}

int attribute_object(const struct nlmsghdr *message,
		     void (*found)(struct nl_object *object, void *argument), void *argument)
{
	/* nlmsg_convert() only reads the header, whatever its prototype says. */
	_cleanup_message_ struct nl_msg *copy = nlmsg_convert((struct nlmsghdr *)message);

	if (!copy)
		return -ENOMEM;
	nlmsg_set_proto(copy, NETLINK_ROUTE);
	return nl_msg_parse(copy, found, argument) < 0 ? -EBADMSG : 0;
}

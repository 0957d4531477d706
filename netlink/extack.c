// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts of the kernel, and its own words with them. */
#include "private.h"

#include <string.h>

#define ERRNO_MAX 4095 /* MAX_ERRNO of the kernel */

/*
 * How many bytes stand before the attributes: the errno, and in an
 * NLMSG_ERROR the header of the request, with all of it behind unless capped.
 */
static size_t extack_offset(const struct nlmsghdr *message, size_t length)
{
	const struct nlmsgerr *verdict = nlmsg_data(message);
	size_t request;

	if (message->nlmsg_type == NLMSG_DONE)
		return NLMSG_ALIGN(sizeof(verdict->error));
	if (length < sizeof(*verdict))
		return length;
	if (message->nlmsg_flags & NLM_F_CAPPED)
		return sizeof(*verdict);
	request = verdict->msg.nlmsg_len;
	if (request < sizeof(verdict->msg) || request > length)
		return length;
	return NLMSG_ALIGN(sizeof(verdict->error) + request);
}

static void extack_text(const struct nlmsghdr *message, size_t length, struct nl_error *err)
{
	struct nlattr *table[NLMSGERR_ATTR_MAX + 1];
	size_t offset;

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	offset = extack_offset(message, length);
	if (offset >= length)
		return;
	(void)nla_parse(table, NLMSGERR_ATTR_MAX,
			(struct nlattr *)((char *)nlmsg_data(message) + offset),
			(int)(length - offset), NULL);
	attribute_string(table[NLMSGERR_ATTR_MSG], err->text, sizeof(err->text));
}

int extack_parse(const struct nlmsghdr *message, struct nl_error *err)
{
	size_t length;
	int error;

	err->text[0] = '\0';
	if (!nlmsg_valid_hdr(message, sizeof(error)))
		/* The end of a dump may come without a verdict. */
		return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	length = (size_t)nlmsg_datalen(message);
	memcpy(&error, nlmsg_data(message), sizeof(error));
	if (error < -ERRNO_MAX)
		return -EBADMSG;
	if (error > 0) {
		/* netlink_dump_done() hands on what the dump returned last, a length at times. */
		if (message->nlmsg_type != NLMSG_DONE)
			return -EBADMSG;
		error = 0;
	}
	extack_text(message, length, err);
	return error;
}

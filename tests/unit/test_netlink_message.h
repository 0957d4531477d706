/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages made by hand, in memory of exactly their size, so that a read past
 * the end is seen by a sanitizer or valgrind; and every small way to spoil one.
 */
#ifndef TEST_NETLINK_MESSAGE_H
#define TEST_NETLINK_MESSAGE_H

#include "../../netlink/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static inline struct nl_msg *message_new(int type, const void *header, size_t size)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, 0);

	assert_non_null(message);
	assert_int_equal(nlmsg_append(message, (void *)header, size, NLMSG_ALIGNTO), 0);
	return message;
}

/* The first length bytes of a message; free() it. */
static inline struct nlmsghdr *message_cut(const struct nlmsghdr *from, size_t length)
{
	struct nlmsghdr *cut = malloc(length);

	assert_non_null(cut);
	memcpy(cut, from, length);
	cut->nlmsg_len = (uint32_t)length;
	return cut;
}

static inline struct nlmsghdr *message_seal(struct nl_msg *message)
{
	struct nlmsghdr *sealed = message_cut(nlmsg_hdr(message), nlmsg_hdr(message)->nlmsg_len);

	nlmsg_free(message);
	return sealed;
}

static inline void message_try(const struct nlmsghdr *message, parse_function parse,
			       const void *context, size_t size)
{
	void *item = calloc(1, size);

	assert_non_null(item);
	parse(message, item, context);
	free(item);
}

/* Cut at every length, then every byte changed to each of a few others. */
static inline void message_spoil(const struct nlmsghdr *message, parse_function parse,
				 const void *context, size_t size)
{
	static const uint8_t others[] = {0x00, 0x01, 0x03, 0x05, 0x7f, 0x80, 0xff};
	size_t length, at, i;

	for (length = sizeof(*message); length <= message->nlmsg_len; length++) {
		struct nlmsghdr *cut = message_cut(message, length);

		message_try(cut, parse, context, size);
		free(cut);
	}
	for (at = sizeof(*message); at < message->nlmsg_len; at++)
		for (i = 0; i < ARRAY_SIZE(others); i++) {
			struct nlmsghdr *spoilt = message_cut(message, message->nlmsg_len);

			((uint8_t *)spoilt)[at] = others[i];
			message_try(spoilt, parse, context, size);
			free(spoilt);
		}
}

#endif

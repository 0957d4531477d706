/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of netlink/ share. A message handed to a parser has
 * nlmsg_len readable bytes; beyond that nothing in it is believed: lengths
 * may lie, strings may lack their NUL, attributes may be absent or short.
 * Numbers of rtnetlink are in host byte order unless said otherwise.
 */
#ifndef NETACCT_NETLINK_PRIVATE_H
#define NETACCT_NETLINK_PRIVATE_H

#include <netacct/cleanup.h>
#include <netacct/netlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/object.h>

struct rtnl {
	int fd;
	uint32_t sequence; /* of the request sent last */
	int timeout; /* ms without a word of the answer, then -ETIMEDOUT */
	void *buffer; /* room for the datagram received last */
	size_t size;
};

static inline void cleanup_message(struct nl_msg **message)
{
	nlmsg_free(*message); /* NULL is fine */
}
#define _cleanup_message_ __attribute__((cleanup(cleanup_message)))

/*
 * One parsed message of an answer: 1 where *item (zeroed before) is filled,
 * 0 where the message is none of those wanted, or a negative errno.
 */
typedef int (*parse_function)(const struct nlmsghdr *message, void *item, const void *context);

struct reader {
	parse_function parse;
	const void *context; /* handed to parse */
	size_t size; /* of an item, bytes */
};

/* socket.c: datagrams. */
int rtnl_send(struct rtnl *nl, struct nl_msg *request, uint32_t *ret_sequence);
/*
 * Into nl->buffer; deadline in ms of rtnl_now(), -ETIMEDOUT behind it. -EMSGSIZE: it did not fit.
 */
int rtnl_receive(struct rtnl *nl, int64_t deadline, size_t *ret_length);
int64_t rtnl_now(void);

/*
 * exchange.c: a request and its answer. -EAGAIN: the kernel's list changed
 * under every try to dump it. After -ETIMEDOUT it is not known whether a
 * request was carried out.
 */
int rtnl_request(struct rtnl *nl, struct nl_msg *request, struct nl_error *err);
/* free() the array; it is NULL where nothing was found. */
int rtnl_query(struct rtnl *nl, struct nl_msg *request, const struct reader *reader, void **ret,
	       size_t *ret_count, struct nl_error *err);

/*
 * extack.c: the verdict in an NLMSG_ERROR or NLMSG_DONE, 0 or a negative
 * errno, with the kernel's words in err (netlink_ack(), netlink_dump_done()).
 */
int extack_parse(const struct nlmsghdr *message, struct nl_error *err);

/* trace.c: tells of each message; `error` is what sending it returned. */
void trace_sent(const struct nlmsghdr *message, int error);
void trace_received(const struct nlmsghdr *message);

/* attribute.c: reads that check. to is left as it is where there is no attribute. */
void attributes_of(const struct nlmsghdr *message, int header, struct nlattr **table, int max);
void attributes_nested(const struct nlattr *attribute, struct nlattr **table, int max);
/* absent: also where the attribute is too short. */
uint32_t attribute_u32(const struct nlattr *attribute, uint32_t absent);
uint8_t attribute_u8(const struct nlattr *attribute, uint8_t absent);
/* At most size bytes, unaligned; returns how many. */
size_t attribute_bytes(const struct nlattr *attribute, void *to, size_t size);
/* Cut at size - 1 bytes, always with a NUL. */
void attribute_string(const struct nlattr *attribute, char *to, size_t size);
/*
 * The message as libnl-route's object, to be read inside found() only;
 * -EBADMSG where libnl refuses it. The caller has checked nlmsg_type.
 */
int attribute_object(const struct nlmsghdr *message,
		     void (*found)(struct nl_object *object, void *argument), void *argument);

/* An ifindex that the kernel would take: it is an int there. */
static inline bool ifindex_valid(uint32_t ifindex)
{
	return ifindex > 0 && ifindex <= INT32_MAX;
}

/* RTM_NEWLINK to struct link. */
int link_parse(const struct nlmsghdr *message, void *item, const void *context);
/* RTM_NEWADDR to struct address. */
int address_parse(const struct nlmsghdr *message, void *item, const void *context);
/* RTM_NEWQDISC to struct qdisc. */
int qdisc_parse(const struct nlmsghdr *message, void *item, const void *context);
/* RTM_NEWTFILTER to struct filter; context: the enum filter_side that was asked for. */
int filter_parse(const struct nlmsghdr *message, void *item, const void *context);
/* RTM_NEWROUTE to struct route; context: the uint8_t address family. */
struct route {
	uint32_t ifindex;
	uint32_t metric;
};
int route_parse(const struct nlmsghdr *message, void *item, const void *context);

#endif

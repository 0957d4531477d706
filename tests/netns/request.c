// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "world.h"

void request_start(struct request *request, uint16_t type, uint16_t flags, const void *fixed,
		   size_t size)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	memcpy(request->bytes + NLMSG_HDRLEN, fixed, size);
	request->header.nlmsg_len = NLMSG_HDRLEN + NLMSG_ALIGN((uint32_t)size);
}

void request_put(struct request *request, uint16_t type, const void *data, size_t size)
{
	size_t at = request->header.nlmsg_len;
	struct rtattr attribute = {.rta_len = (uint16_t)RTA_LENGTH(size), .rta_type = type};

	CHECK(at + RTA_SPACE(size) <= sizeof(request->bytes), "a netlink request too long");
	memcpy(request->bytes + at, &attribute, sizeof(attribute));
	if (size)
		memcpy(request->bytes + at + RTA_LENGTH(0), data, size);
	request->header.nlmsg_len += (uint32_t)RTA_SPACE(size);
}

void request_number(struct request *request, uint16_t type, uint32_t value)
{
	request_put(request, type, &value, sizeof(value));
}

void request_text(struct request *request, uint16_t type, const char *text)
{
	request_put(request, type, text, strlen(text) + 1);
}

size_t request_nest(struct request *request, uint16_t type)
{
	size_t at = request->header.nlmsg_len;

	request_put(request, type, NULL, 0);
	return at;
}

void request_end(struct request *request, size_t nest)
{
	uint16_t length = (uint16_t)(request->header.nlmsg_len - nest);

	memcpy(request->bytes + nest, &length, sizeof(length));
}

static int exchange(int fd, struct request *request, struct request *answer)
{
	struct timeval patience = {.tv_sec = 60};

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    send(fd, request->bytes, request->header.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		union {
			struct nlmsghdr header;
			unsigned char bytes[16384];
		} reply;
		ssize_t length = recv(fd, reply.bytes, sizeof(reply.bytes), 0);
		struct nlmsgerr error;

		if (length < (ssize_t)NLMSG_HDRLEN)
			return length < 0 ? -errno : -EPROTO;
		if (reply.header.nlmsg_type == NLMSG_ERROR) {
			memcpy(&error, NLMSG_DATA(&reply.header), sizeof(error));
			return error.error;
		}
		if (answer && (size_t)length <= sizeof(answer->bytes))
			memcpy(answer->bytes, reply.bytes, (size_t)length);
	}
}

int request_ask_of(int protocol, const char *ns, struct request *request, struct request *answer)
{
	int previous = world_enter(ns);
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	world_leave(previous);
	CHECK(fd >= 0, "netlink socket: %s", strerror(errno));
	return exchange(fd, request, answer);
}

int request_ask(const char *ns, struct request *request, struct request *answer)
{
	return request_ask_of(NETLINK_ROUTE, ns, request, answer);
}

int request_send(const char *ns, struct request *request)
{
	return request_ask(ns, request, NULL);
}

const struct rtattr *answer_find(const struct request *answer, size_t fixed, uint16_t type)
{
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	while (at + sizeof(struct rtattr) <= answer->header.nlmsg_len) {
		const struct rtattr *attribute = (const struct rtattr *)(answer->bytes + at);

		if (attribute->rta_len < sizeof(*attribute))
			break;
		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
		at += RTA_ALIGN(attribute->rta_len);
	}
	return NULL;
}

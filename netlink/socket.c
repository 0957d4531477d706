// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The socket: not libnl's, whose nl_recv() and nl_send() turn an errno into
 * fewer NLE_* codes, wait without a bound and look at each datagram twice.
 */
#include "private.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* include/uapi/asm-generic/socket.h, Linux 5.14 */
#endif

#define TIMEOUT_MS 5000
/*
 * The kernel dumps into pieces of 32 KiB, and what does not fit there, a link of a hundred
 * functions, alone. Pages that are never written to cost nothing.
 */
#define BUFFER_SIZE (256 << 10)

int64_t rtnl_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* All of them are help where the kernel has them, none is a need. */
static void set_options(int fd)
{
	static const int options[] = {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK};
	const int on = 1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		(void)setsockopt(fd, SOL_NETLINK, options[i], &on, sizeof(on));
}

/* The kernel gives it an address when it is sent to (netlink_autobind()). */
static int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	set_options(fd);
	return fd;
}

int rtnl_open(struct rtnl **ret, struct nl_error *err)
{
	_cleanup_rtnl_ struct rtnl *nl = malloc(sizeof(*nl));
	int r;

	err->text[0] = '\0';
	if (!nl)
		return -ENOMEM;
	*nl = (struct rtnl){.fd = -1, .timeout = TIMEOUT_MS, .size = BUFFER_SIZE};
	nl->buffer = malloc(nl->size);
	if (!nl->buffer)
		return -ENOMEM;
	r = rtnl_reopen(nl);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(nl);
	return 0;
}

void rtnl_close(struct rtnl *nl)
{
	if (!nl)
		return;
	cleanup_close(&nl->fd);
	free(nl->buffer);
	free(nl);
}

/* What was asked on the old one is not heard any more: its answers went with it. */
int rtnl_reopen(struct rtnl *nl)
{
	int fd = open_socket();

	if (fd < 0)
		return fd;
	cleanup_close(&nl->fd);
	nl->fd = fd;
	return 0;
}

int rtnl_netns_cookie(const struct rtnl *nl, uint64_t *ret)
{
	uint64_t cookie = 0;
	socklen_t length = sizeof(cookie);

	if (getsockopt(nl->fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) < 0 &&
	    errno != ENOPROTOOPT)
		return -errno;
	*ret = cookie;
	return 0;
}

int rtnl_send(struct rtnl *nl, struct nl_msg *request, uint32_t *ret_sequence)
{
	struct nlmsghdr *header = nlmsg_hdr(request);
	ssize_t sent;

	/* A request that is sent again needs a number of its own. */
	header->nlmsg_seq = ++nl->sequence;
	header->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	do
		sent = send(nl->fd, header, header->nlmsg_len, 0);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -errno;
	if ((size_t)sent != header->nlmsg_len)
		return -EIO;
	*ret_sequence = header->nlmsg_seq;
	return 0;
}

/* A signal takes nothing from the time that is left, and adds nothing. */
static int wait_readable(int fd, int64_t deadline)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};

	for (;;) {
		int64_t left = deadline - rtnl_now();
		int n;

		if (left <= 0)
			return -ETIMEDOUT;
		n = poll(&readable, 1, left > INT32_MAX ? INT32_MAX : (int)left);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

/* Returns the datagram's length; what another process sent is of length 0. */
static ssize_t read_datagram(struct rtnl *nl)
{
	struct sockaddr_nl sender = {0};
	struct iovec room = {.iov_base = nl->buffer, .iov_len = nl->size};
	struct msghdr header = {
		.msg_name = &sender,
		.msg_namelen = sizeof(sender),
		.msg_iov = &room,
		.msg_iovlen = 1,
	};
	ssize_t length = recvmsg(nl->fd, &header, MSG_DONTWAIT);

	if (length < 0)
		return -errno;
	if (header.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return sender.nl_pid ? 0 : length;
}

/* A dump's first piece is there when the request has been sent: looked for first. */
int rtnl_receive(struct rtnl *nl, int64_t deadline, size_t *ret_length)
{
	while (rtnl_now() < deadline) {
		ssize_t length = read_datagram(nl);
		int r;

		if (length >= 0) {
			*ret_length = (size_t)length;
			return 0;
		}
		if (length != -EAGAIN && length != -EINTR)
			return (int)length;
		r = wait_readable(nl->fd, deadline);
		if (r < 0)
			return r;
	}
	return -ETIMEDOUT;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The socket: libnl's, but sent to and read from here, because nl_recv() and
 * nl_send() turn an errno into fewer NLE_* codes and wait without a bound.
 */
#include "private.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

#define TIMEOUT_MS 5000
/* The kernel dumps into pieces of up to 32 KiB where the reader has room for them. */
#define BUFFER_SIZE 65536
#define SOCKET_BUFFER_SIZE (1 << 20)

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
	const int on = 1, size = SOCKET_BUFFER_SIZE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		(void)setsockopt(fd, SOL_NETLINK, options[i], &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* nl_connect() in steps, for the errno of each. */
static int connect_socket(struct nl_sock *sock)
{
	const struct sockaddr_nl any = {.nl_family = AF_NETLINK};
	_cleanup_close_ int fd = -1;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	set_options(fd);
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		return -errno;
	if (nl_socket_set_fd(sock, NETLINK_ROUTE, fd) < 0)
		return -EPROTO;
	TAKE_FD(fd);
	return 0;
}

static int prepare(struct rtnl *nl)
{
	nl->timeout = TIMEOUT_MS;
	nl->size = BUFFER_SIZE;
	nl->buffer = malloc(nl->size);
	nl->socket = nl_socket_alloc();
	if (!nl->buffer || !nl->socket)
		return -ENOMEM;
	return connect_socket(nl->socket);
}

int rtnl_open(struct rtnl **ret, struct nl_error *err)
{
	struct rtnl *nl = calloc(1, sizeof(*nl));
	int r;

	err->text[0] = '\0';
	if (!nl)
		return -ENOMEM;
	r = prepare(nl);
	if (r < 0) {
		rtnl_close(nl);
		return r;
	}
	*ret = nl;
	return 0;
}

void rtnl_close(struct rtnl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		nl_socket_free(nl->socket);
	free(nl->buffer);
	free(nl);
}

/* What was asked on the old one is not heard any more: its answers went with it. */
int rtnl_renew(struct rtnl *nl)
{
	struct nl_sock *fresh = nl_socket_alloc();
	int r;

	if (!fresh)
		return -ENOMEM;
	r = connect_socket(fresh);
	if (r < 0) {
		nl_socket_free(fresh);
		return r;
	}
	nl_socket_free(nl->socket);
	nl->socket = fresh;
	return 0;
}

int rtnl_send(struct rtnl *nl, struct nl_msg *request, uint32_t *ret_sequence)
{
	struct nlmsghdr *header = nlmsg_hdr(request);
	ssize_t sent;

	/* A request that is sent again needs a number of its own. */
	header->nlmsg_seq = NL_AUTO_SEQ;
	nl_complete_msg(nl->socket, request);
	do
		sent = send(nl_socket_get_fd(nl->socket), header, header->nlmsg_len, 0);
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

static int make_room(struct rtnl *nl, size_t length)
{
	void *buffer;

	if (length <= nl->size)
		return 0;
	buffer = realloc(nl->buffer, length);
	if (!buffer)
		return -ENOMEM;
	nl->buffer = buffer;
	nl->size = length;
	return 0;
}

/* Returns the datagram's length; what another process sent is of length 0. */
static ssize_t read_datagram(struct rtnl *nl)
{
	int fd = nl_socket_get_fd(nl->socket);
	struct sockaddr_nl sender = {0};
	struct iovec room = {0};
	struct msghdr header = {
		.msg_name = &sender,
		.msg_namelen = sizeof(sender),
		.msg_iov = &room,
		.msg_iovlen = 1,
	};
	ssize_t length;
	int r;

	length = recv(fd, nl->buffer, nl->size, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	if (length < 0)
		return -errno;
	r = make_room(nl, (size_t)length);
	if (r < 0)
		return r;
	room.iov_base = nl->buffer;
	room.iov_len = nl->size;
	length = recvmsg(fd, &header, MSG_DONTWAIT);
	if (length < 0)
		return -errno;
	return sender.nl_pid ? 0 : length;
}

int rtnl_receive(struct rtnl *nl, int64_t deadline, size_t *ret_length)
{
	for (;;) {
		ssize_t length;
		int r = wait_readable(nl_socket_get_fd(nl->socket), deadline);

		if (r < 0)
			return r;
		length = read_datagram(nl);
		if (length == -EINTR || length == -EAGAIN)
			continue;
		if (length < 0)
			return (int)length;
		*ret_length = (size_t)length;
		return 0;
	}
}

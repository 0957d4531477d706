// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hearing of links: a socket of its own, for what it is told comes in between
 * the answers of a socket that asks. Nothing is taken from the messages: a list
 * that is asked for afterwards is right even where some of them were lost.
 */
#include "private.h"

#include <sys/socket.h>

/* A link with all its attributes; what is longer is cut, and heard all the same. */
#define BUFFER_SIZE 16384
/* A burst that is longer than this is left for the next call. */
#define DATAGRAMS_MAX 4096

struct rtnl_watch {
	int fd;
	char buffer[BUFFER_SIZE];
};

static int open_socket(void)
{
	const struct sockaddr_nl links = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	_cleanup_close_ int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&links, sizeof(links)) < 0)
		return -errno;
	return TAKE_FD(fd);
}

int rtnl_watch_open(struct rtnl_watch **ret, struct nl_error *err)
{
	struct rtnl_watch *watch = malloc(sizeof(*watch));

	err->text[0] = '\0';
	if (!watch)
		return -ENOMEM;
	watch->fd = open_socket();
	if (watch->fd < 0) {
		int error = watch->fd;

		free(watch);
		return error;
	}
	*ret = watch;
	return 0;
}

void rtnl_watch_close(struct rtnl_watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	free(watch);
}

int rtnl_watch_fd(const struct rtnl_watch *watch)
{
	return watch->fd;
}

/* The socket is subscribed to links alone: whatever the kernel says is about one. */
static bool tells(const char *buffer, size_t length, const struct sockaddr_nl *sender)
{
	const struct nlmsghdr *message = (const void *)buffer;
	int left = (int)length;

	if (sender->nl_pid)
		return false;
	if (nlmsg_ok(message, left))
		trace_received(message);
	return true;
}

bool rtnl_watch_happened(struct rtnl_watch *watch)
{
	bool happened = false;
	int i;

	for (i = 0; i < DATAGRAMS_MAX; i++) {
		struct sockaddr_nl sender = {0};
		socklen_t size = sizeof(sender);
		ssize_t length = recvfrom(watch->fd, watch->buffer, sizeof(watch->buffer), 0,
					  (struct sockaddr *)&sender, &size);

		if (length >= 0)
			happened |= tells(watch->buffer, (size_t)length, &sender);
		else if (errno == ENOBUFS)
			happened = true;
		else if (errno != EINTR)
			break;
	}
	return happened;
}

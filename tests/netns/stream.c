// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "world.h"

#define WINDOW (96 * 1024)

static int socket_in(const char *ns, int family)
{
	int window = WINDOW / 2; /* the kernel doubles it */
	int previous = world_enter(ns);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	world_leave(previous);
	CHECK(fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window)),
	      "TCP socket: %s", strerror(errno));
	return fd;
}

static socklen_t socket_address(const char *address, uint16_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, address, &ipv4->sin_addr) == 1) {
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = htons(port);
		return sizeof(*ipv4);
	}
	CHECK(inet_pton(AF_INET6, address, &ipv6->sin6_addr) == 1, "not an address: %s", address);
	ipv6->sin6_family = AF_INET6;
	ipv6->sin6_port = htons(port);
	return sizeof(*ipv6);
}

/* Reads to the end; `argument` is the listening socket, then the number of bytes. */
static void *receive(void *argument)
{
	static char sink[1 << 16];
	uint64_t *value = argument;
	int fd = accept((int)*value, NULL, NULL);
	ssize_t length;

	CHECK(fd >= 0, "accept: %s", strerror(errno));
	*value = 0;
	while ((length = read(fd, sink, sizeof(sink))) > 0)
		*value += (uint64_t)length;
	close(fd);
	return NULL;
}

void stream_send(const char *from_ns, const char *to_ns, const char *address, uint16_t port,
		 uint64_t bytes)
{
	static char data[1 << 16];
	struct sockaddr_storage server;
	socklen_t size = socket_address(address, port, &server);
	_cleanup_close_ int listener = socket_in(to_ns, server.ss_family);
	int fd = socket_in(from_ns, server.ss_family);
	uint64_t received = (uint64_t)listener;
	pthread_t thread;

	CHECK(!bind(listener, (struct sockaddr *)&server, size) && !listen(listener, 1),
	      "listen on %s: %s", address, strerror(errno));
	CHECK(!pthread_create(&thread, NULL, receive, &received), "no thread");
	CHECK(!connect(fd, (struct sockaddr *)&server, size), "connect to %s: %s", address,
	      strerror(errno));
	for (uint64_t left = bytes; left;) {
		ssize_t sent = write(fd, data, left < sizeof(data) ? left : sizeof(data));

		CHECK(sent > 0, "send to %s: %s", address, strerror(errno));
		left -= (uint64_t)sent;
	}
	close(fd);
	pthread_join(thread, NULL);
	expect_number("bytes of the stream", bytes, received);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect_remote.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../collector/frame.h"
#include "../meter/pin.h"
#include "cmd.h"
#include "message.h"
#include "streams.h"

#define PATIENCE 60 /* seconds; the collector ends an answer sooner */

bool collect_remote_wanted(void)
{
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = -1;

	/* root is told what is wrong with the pins */
	if (!geteuid())
		return false;
	root = pin_root(false, &fault);
	return root == -EACCES || root == -EPERM;
}

static int connect_to(const char *path)
{
	const struct timeval patience = {.tv_sec = PATIENCE};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		return -errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return TAKE_FD(fd);
}

/* Until the status comes; 0, or -errno. */
static int pass_on(int fd, char *bytes, int *ret_status)
{
	enum frame_kind kind;
	size_t length;
	int error;

	for (;;) {
		error = frame_read(fd, &kind, bytes, &length);
		if (error)
			return error;
		if (kind == FRAME_STATUS) {
			*ret_status = length ? (unsigned char)bytes[0] : STATUS_FAILED;
			return 0;
		}
		/* what stdout does not take is found out at the end */
		fwrite(bytes, 1, length, kind == FRAME_OUT ? stdout : stderr);
	}
}

static int ask(int fd, int argc, char **argv)
{
	_cleanup_free_ char *bytes = malloc(FRAME_MAX);
	int status = STATUS_FAILED;
	int error = bytes ? request_write(fd, argc, argv) : -ENOMEM;

	/* what refuses a request may do so before it has read it */
	if (!error || error == -EPIPE)
		error = pass_on(fd, bytes, &status);
	if (error == -EPIPE)
		message_error(argv[0], SOCKET_PATH, "the collector ended before its answer did");
	else if (error)
		message_errno(argv[0], SOCKET_PATH, error, NULL);
	if (streams_flush(0) || error)
		return STATUS_FAILED;
	return status;
}

int collect_remote(int argc, char **argv)
{
	_cleanup_close_ int fd = connect_to(SOCKET_PATH);

	if (fd >= 0)
		return ask(fd, argc, argv);
	if (fd == -EACCES || fd == -EPERM)
		message_error(argv[0], SOCKET_PATH,
			      "root is needed, or its group, to ask the collector that runs");
	else
		message_error(argv[0], SOCKET_PATH, "root is needed, or a running collector: %s",
			      strerror(-fd));
	return STATUS_FAILED;
}

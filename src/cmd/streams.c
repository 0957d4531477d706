/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

#include "message.h"

/* open() takes the lowest free number, and those below `fd` are taken by now. */
static int open_if_closed(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
		return 0;
	if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
		return -errno;
	return 0;
}

int streams_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int error = open_if_closed(fd);

		if (error)
			return error;
	}
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	return 0;
}

int streams_flush(int error)
{
	if (fflush(stdout) && !error)
		error = -errno;
	if (ferror(stdout) && !error)
		error = -EIO;
	if (!error)
		return 0;
	__fpurge(stdout);
	clearerr(stdout);
	message_errno(NULL, "stdout", error, NULL);
	return error;
}

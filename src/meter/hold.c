/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hold.h"

#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define LINK "history"

/* Somebody who only asks holds the lock for a moment: so often and so long it is tried. */
#define TRIES 20
#define PAUSE_NS 10000000

static void name_of(const char *uuid, char name[static PIN_NAME])
{
	snprintf(name, PIN_NAME, "c-%s", uuid);
}

static int lock(int fd)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	int try;

	for (try = 0; flock(fd, LOCK_EX | LOCK_NB); try++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (try == TRIES)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int open_directory(int root, const char *name, struct fault *fault)
{
	if (!mkdirat(root, name, 0700) || errno == EEXIST)
		return pin_open_directory(root, name, fault);
	return fault_errno(fault, -errno, "cannot make " PIN_ROOT "/%s", name);
}

int hold_take(int root, const struct meter *meter, const char *history, struct fault *fault)
{
	_cleanup_close_ int fd = -1;
	char name[PIN_NAME];
	int error;

	name_of(meter->uuid, name);
	fd = open_directory(root, name, fault);
	if (fd < 0)
		return fd;
	error = lock(fd);
	if (error == -EBUSY)
		return fault_set(fault, error, "another collector drains it");
	if (error)
		return fault_errno(fault, error, "cannot lock " PIN_ROOT "/%s", name);
	if (unlinkat(fd, LINK, 0) && errno != ENOENT)
		return fault_errno(fault, -errno, PIN_ROOT "/%s/" LINK, name);
	if (symlinkat(history, fd, LINK))
		return fault_errno(fault, -errno, PIN_ROOT "/%s/" LINK, name);
	return TAKE_FD(fd);
}

static int read_link(int fd, char history[static 4096], struct fault *fault)
{
	ssize_t length = readlinkat(fd, LINK, history, 4095);

	if (length < 0 && errno != ENOENT)
		return fault_errno(fault, -errno, LINK " of the collector's hold");
	history[length < 0 ? 0 : length] = '\0';
	return 0;
}

int hold_query(const char *uuid, struct hold_state *ret, struct fault *fault)
{
	_cleanup_close_ int root = pin_root(false, fault), fd = -1;
	struct hold_state state = {};
	char name[PIN_NAME];
	int error;

	if (root < 0)
		return root;
	name_of(uuid, name);
	if (faccessat(root, name, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT) {
		*ret = state;
		return 0;
	}
	fd = pin_open_directory(root, name, fault);
	if (fd < 0)
		return fd;
	if (flock(fd, LOCK_SH | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return fault_errno(fault, -errno, "cannot lock " PIN_ROOT "/%s", name);
		state.held = true;
	}
	error = read_link(fd, state.history, fault);
	if (!error)
		*ret = state;
	return error;
}

int hold_remove(int root, const char *uuid, struct fault *fault)
{
	char name[PIN_NAME];

	name_of(uuid, name);
	return pin_remove_directory(root, name, fault);
}

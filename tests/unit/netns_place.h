/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A place for tests with network namespaces: a mount and a network namespace
 * of their own, with /run of its own, so that nothing of the machine is
 * touched or left behind. isolate() is the group's setup; without root every
 * test that begins with need_isolation() is skipped.
 */
#ifndef TEST_NETNS_PLACE_H
#define TEST_NETNS_PLACE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netacct/cleanup.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../src/source/netns_walk.h"

#define HERE "/proc/thread-self/ns/net"

static inline void touch(const char *path)
{
	_cleanup_close_ int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
}

static inline void bind_file(const char *from, const char *to)
{
	touch(to);
	assert_int_equal(mount(from, to, "none", MS_BIND, NULL), 0);
}

static inline void release(const char *path)
{
	assert_int_equal(umount2(path, MNT_DETACH), 0);
	assert_int_equal(unlink(path), 0);
}

/* A bridge in the namespace that we are in: a device of any name, by one ioctl. */
static inline bool make_bridge(const char *name)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && ioctl(fd, SIOCBRADDBR, name) == 0;
}

/* A new namespace, bound to a path, with these bridges; false where there can be none. */
static inline bool make_netns(const char *path, const char *const *bridges)
{
	_cleanup_close_ int previous = open(HERE, O_RDONLY | O_CLOEXEC);
	bool made = true;

	assert_true(previous >= 0);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	bind_file(HERE, path);
	for (; bridges && *bridges; bridges++)
		made = made && make_bridge(*bridges);
	assert_int_equal(setns(previous, CLONE_NEWNET), 0);
	return made;
}

static inline struct netns_identity identity_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return (struct netns_identity){status.st_dev, status.st_ino};
}

static inline void assert_is(const struct netns *ns, const char *path)
{
	assert_int_equal(ns->device, identity_of(path).device);
	assert_int_equal(ns->inode, identity_of(path).inode);
}

/* A child in a namespace of its own that waits to be killed. */
static inline pid_t child_in_netns(void)
{
	int ends[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		/* a test that fails does not get as far as end_child() */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || unshare(CLONE_NEWNET) < 0 ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return child;
}

static inline void end_child(pid_t child)
{
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* Root in namespaces of our own, or a skip. */
static inline int isolate(void **state)
{
	static const char *const nothing[] = {NULL};

	*state = (void *)nothing; /* anything but NULL: isolated */
	if (geteuid() != 0 || unshare(CLONE_NEWNS | CLONE_NEWNET) < 0 ||
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, "mode=755") < 0)
		*state = NULL;
	else if (mkdir("/run/netns", 0755) < 0)
		return -1;
	return 0;
}

static inline void need_isolation(void **state)
{
	if (*state)
		return;
	print_message("%s\n", geteuid() ? "not root" : "no namespaces of its own");
	skip();
}

#endif

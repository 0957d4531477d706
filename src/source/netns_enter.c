// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* setns() */
#include "netns.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>

#include <netacct/cleanup.h>
#include "netns_walk.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* include/uapi/asm-generic/socket.h, Linux 5.14 */
#endif

/*
 * Root of a user namespace may be allowed in and not back: it owns the other
 * namespace, but not the one it stands in. Going to where we are asks the same
 * of the kernel as coming back (netns_install()).
 */
static int open_way_back(void)
{
	_cleanup_close_ int here = open(NETNS_OWN_PATH, O_RDONLY | O_CLOEXEC);

	if (here < 0 || setns(here, CLONE_NEWNET) < 0)
		return -errno;
	return TAKE_FD(here);
}

int netns_enter(const struct netns *ns, int *ret_previous)
{
	_cleanup_close_ int previous = -1;

	if (ns->fd < 0)
		return ns->error < 0 ? ns->error : -EBADF;
	previous = open_way_back();
	if (previous < 0)
		return previous;
	if (setns(ns->fd, CLONE_NEWNET) < 0)
		return -errno;
	*ret_previous = TAKE_FD(previous);
	return 0;
}

int netns_leave(int previous)
{
	int rc = setns(previous, CLONE_NEWNET) < 0 ? -errno : 0;

	close(previous);
	return rc;
}

int netns_tour_go(struct netns_tour *tour, const struct netns *ns)
{
	if (ns->fd < 0)
		return ns->error < 0 ? ns->error : -EBADF;
	if (tour->home < 0 && !tour->error) {
		int home = open_way_back();

		if (home < 0)
			tour->error = home;
		else
			tour->home = home;
	}
	if (tour->error)
		return tour->error;
	return setns(ns->fd, CLONE_NEWNET) < 0 ? -errno : 0;
}

int netns_tour_end(struct netns_tour *tour)
{
	int home = tour->home;

	*tour = NETNS_TOUR_NONE;
	return home < 0 ? 0 : netns_leave(home);
}

/* Of the namespace that the thread is in: a socket belongs to the one it was made in. */
static int cookie_here(uint64_t *ret)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = 0;
	socklen_t length = sizeof(cookie);

	if (fd < 0)
		return -errno;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) < 0)
		return errno == ENOPROTOOPT ? 0 : -errno; /* before 5.14 there is none */
	*ret = cookie;
	return 0;
}

void netns_read_cookie(struct netns_tour *tour, struct netns *ns)
{
	/* the own one needs no way in: it is looked at before the thread leaves */
	ns->error = ns->own ? 0 : netns_tour_go(tour, ns);
	if (!ns->error)
		ns->error = cookie_here(&ns->cookie);
}

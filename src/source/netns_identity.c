// SPDX-License-Identifier: GPL-2.0-or-later
/* Who each namespace is, and one found again by that, not by what it is called. */
#include <errno.h>
#include <netacct/cleanup.h>

#include "netns_walk.h"

int netns_list(struct netns **ret, size_t *ret_count)
{
	struct netns_tour tour = NETNS_TOUR_NONE;
	struct netns *list;
	size_t count;
	int rc = netns_list_outside(&list, &count);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		if (list[i].fd >= 0)
			netns_read_cookie(&tour, &list[i]);
	rc = netns_tour_end(&tour);
	if (rc < 0) {
		netns_list_free(list, count);
		return rc;
	}
	*ret = list;
	*ret_count = count;
	return 0;
}

/* 0: this is the one. -ENOENT: it is not. */
static int judge(struct netns *ns, uint64_t device, uint64_t inode, uint64_t cookie)
{
	struct netns_tour tour = NETNS_TOUR_NONE;
	int rc = 0;

	if (ns->device != device || ns->inode != inode)
		return -ENOENT;
	if (ns->fd >= 0 && !ns->cookie) {
		netns_read_cookie(&tour, ns);
		rc = netns_tour_end(&tour);
	}
	if (rc < 0)
		return rc;
	/* there, but who it is cannot be told: that is not "gone" */
	if (ns->fd < 0 || (cookie && !ns->cookie))
		return ns->error ? ns->error : -EIO;
	return cookie && ns->cookie != cookie ? -ENOENT : 0;
}

/* Where the thread stands: mostly it is that one, and nothing needs to be searched. */
static int try_own(uint64_t device, uint64_t inode, uint64_t cookie, struct netns *ret)
{
	_cleanup_netns_ struct netns ns = {.fd = -1};
	int rc = netns_open_file(NETNS_OWN_PATH, &ns);

	if (rc < 0)
		return rc;
	ns.own = true;
	rc = judge(&ns, device, inode, cookie);
	if (rc < 0)
		return rc;
	*ret = netns_take(&ns);
	return 0;
}

int netns_open_identity(uint64_t device, uint64_t inode, uint64_t cookie, struct netns *ret)
{
	struct netns *list;
	size_t count;
	int rc;

	if (!try_own(device, inode, cookie, ret))
		return 0;
	rc = netns_list_outside(&list, &count);
	if (rc < 0)
		return rc;
	rc = -ENOENT;
	for (size_t i = 0; i < count && rc < 0; i++) {
		int error = judge(&list[i], device, inode, cookie);

		if (error == -ENOENT)
			continue;
		rc = error;
		if (rc < 0)
			continue;
		*ret = netns_take(&list[i]);
	}
	netns_list_free(list, count);
	return rc;
}

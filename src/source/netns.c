// SPDX-License-Identifier: GPL-2.0-or-later
#include "netns.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <netacct/cleanup.h>
#include "netns_walk.h"

void netns_close(struct netns *ns)
{
	cleanup_close(&ns->fd);
	cleanup_free(&ns->path);
	ns->fd = -1;
	ns->path = NULL;
}

struct netns netns_take(struct netns *ns)
{
	struct netns taken = *ns;

	ns->fd = -1;
	ns->path = NULL;
	return taken;
}

int netns_copy(const struct netns *ns, struct netns *ret)
{
	_cleanup_free_ char *path = strdup(ns->path);
	int fd;

	if (!path)
		return -ENOMEM;
	fd = fcntl(ns->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	*ret = *ns;
	ret->fd = fd;
	ret->path = TAKE_PTR(path);
	return 0;
}

/* An nsfs file may be of another kind of namespace: a mount or user namespace looks alike. */
static int check_kind(int fd)
{
	struct statfs filesystem;

	if (fstatfs(fd, &filesystem) < 0)
		return -errno;
	if (filesystem.f_type != NSFS_MAGIC || ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET)
		return -EINVAL;
	return 0;
}

int netns_open_file(const char *path, struct netns *ret)
{
	/* O_NONBLOCK: a FIFO must not hold us up before it is refused */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int rc;

	if (fd < 0)
		return -errno;
	rc = check_kind(fd);
	if (rc < 0)
		return rc;
	if (fstat(fd, &status) < 0)
		return -errno;
	ret->path = strdup(path);
	if (!ret->path)
		return -ENOMEM;
	ret->fd = TAKE_FD(fd);
	ret->error = 0;
	ret->device = status.st_dev;
	ret->inode = status.st_ino;
	ret->cookie = 0;
	ret->name[0] = '\0';
	ret->own = false;
	return 0;
}

static int is_own(const struct netns *ns, bool *ret)
{
	struct stat status;

	if (stat(NETNS_OWN_PATH, &status) < 0)
		return -errno;
	*ret = status.st_dev == ns->device && status.st_ino == ns->inode;
	return 0;
}

/* A namespace with all that netns.h promises of it. */
static int open_whole(const char *path, struct netns *ret)
{
	_cleanup_netns_ struct netns ns = {.fd = -1};
	struct netns_tour tour = NETNS_TOUR_NONE;
	int rc;

	rc = netns_open_file(path, &ns);
	if (rc < 0)
		return rc;
	rc = is_own(&ns, &ns.own);
	if (rc < 0)
		return rc;
	if (!ns.own)
		rc = netns_first_name((struct netns_identity){ns.device, ns.inode}, ns.name);
	if (rc < 0)
		return rc;
	netns_read_cookie(&tour, &ns);
	rc = netns_tour_end(&tour);
	if (rc < 0)
		return rc;
	*ret = netns_take(&ns);
	return 0;
}

int netns_open_own(struct netns *ret)
{
	return open_whole(NETNS_OWN_PATH, ret);
}

int netns_open_name(const char *name, struct netns *ret)
{
	_cleanup_free_ struct netns_file *files = NULL;
	char path[4096];
	size_t count;
	int rc;

	if (!*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EINVAL;
	rc = netns_files(&files, &count);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(files[i].name, name) != 0)
			continue;
		rc = netns_file_path(&files[i], path);
		return rc < 0 ? rc : open_whole(path, ret);
	}
	return -ENOENT;
}

int netns_open_pid(int pid, struct netns *ret)
{
	char path[64];
	int rc;

	if (pid <= 0)
		return -ESRCH;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	rc = open_whole(path, ret);
	return rc == -ENOENT ? -ESRCH : rc; /* a zombie has no namespace either */
}

int netns_open_path(const char *path, struct netns *ret)
{
	return open_whole(path, ret);
}

void netns_label(const struct netns *ns, char label[static 300])
{
	if (ns->own)
		strcpy(label, "host");
	else if (*ns->name)
		strcpy(label, ns->name);
	else
		snprintf(label, 300, "net-%llu", (unsigned long long)ns->inode);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "netns.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>
#include "netns_walk.h"

/*
 * What was found so far. The identities stand apart, dense: every process of
 * the machine is looked up among them.
 */
struct finds {
	struct netns *list;
	struct netns_identity *known;
	size_t count, room;
	bool hidden; /* a process that may not be looked into is listed */
	bool covered; /* a mount did not lead to what is mounted there */
};

static void finds_clear(struct finds *finds)
{
	netns_list_free(finds->list, finds->count);
	free(finds->known);
}

static bool is_known(const struct finds *finds, uint64_t device, uint64_t inode)
{
	/* from the end: the processes of one namespace come in a row */
	for (size_t i = finds->count; i-- > 0;) {
		if (finds->known[i].inode == inode && finds->known[i].device == device)
			return true;
	}
	return false;
}

static int grow(struct finds *finds)
{
	size_t room = finds->room ? finds->room * 2 : 16;
	struct netns_identity *known;
	struct netns *list;

	if (finds->count < finds->room)
		return 0;
	list = reallocarray(finds->list, room, sizeof(*list));
	if (!list)
		return -ENOMEM;
	finds->list = list;
	known = reallocarray(finds->known, room, sizeof(*known));
	if (!known)
		return -ENOMEM;
	finds->known = known;
	finds->room = room;
	return 0;
}

/* What stands behind the last one is one of the list now. */
static void keep(struct finds *finds, const char *name)
{
	struct netns *ns = &finds->list[finds->count];

	if (strlen(name) < sizeof(ns->name))
		strcpy(ns->name, name);
	finds->known[finds->count++] = (struct netns_identity){ns->device, ns->inode};
}

/* identity: what is known of it, or {0, 0} */
static int add_unopened(struct finds *finds, const char *path, const char *name, int error,
			struct netns_identity identity)
{
	struct netns *ns;
	int rc = grow(finds);

	if (rc < 0)
		return rc;
	ns = &finds->list[finds->count];
	*ns = (struct netns){
		.fd = -1, .error = error, .device = identity.device, .inode = identity.inode};
	snprintf(ns->path, sizeof(ns->path), "%s", path);
	keep(finds, name);
	return 0;
}

/* Opens it. Returns an errno for what cannot be opened and -ENOMEM; 1 where it is in the list. */
static int add_path(struct finds *finds, const char *path, const char *name)
{
	struct netns *ns;
	int rc = grow(finds);

	if (rc < 0)
		return rc;
	ns = &finds->list[finds->count];
	rc = netns_open_file(path, ns);
	if (rc < 0)
		return rc;
	if (is_known(finds, ns->device, ns->inode))
		netns_close(ns);
	else
		keep(finds, name);
	return 1;
}

/* Looks first and opens only what is new: of the many processes hardly any is. */
static int add_if_new(struct finds *finds, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	return is_known(finds, status.st_dev, status.st_ino) ? 1 : add_path(finds, path, "");
}

static int add_own(struct finds *finds)
{
	int rc = add_path(finds, NETNS_OWN_PATH, "");

	if (rc < 0 || finds->count == 0)
		return rc < 0 ? rc : -ENOENT;
	finds->list[0].own = true;
	return 0;
}

/* A name that leads nowhere: a file that a crash left, a link to a process that is gone. */
static int add_broken(struct finds *finds, const char *path, const char *name, int error)
{
	struct stat status;

	if (error == -ENOENT && lstat(path, &status) < 0)
		return 0; /* deleted since we read the directory */
	return add_unopened(finds, path, name, error, (struct netns_identity){0});
}

static int add_named(struct finds *finds)
{
	_cleanup_free_ struct netns_file *files = NULL;
	char path[4096];
	size_t count = 0;
	int rc;

	rc = netns_files(&files, &count);
	if (rc < 0 && rc != -ENOMEM)
		return add_broken(finds, "/run/netns", "", rc);
	for (size_t i = 0; i < count && rc != -ENOMEM; i++) {
		rc = netns_file_path(&files[i], path);
		if (rc == 0)
			rc = add_path(finds, path, files[i].name);
		if (rc < 0 && rc != -ENOMEM)
			rc = add_broken(finds, path, files[i].name, rc);
	}
	return rc;
}

static int add_process(struct finds *finds, const char *pid)
{
	char path[64];
	int rc;

	snprintf(path, sizeof(path), "/proc/%.16s/ns/net", pid);
	rc = add_if_new(finds, path);
	if (rc >= 0 || rc == -ENOMEM)
		return rc;
	if (rc == -ENOENT || rc == -ESRCH) /* it is gone, or a zombie */
		return 0;
	if (finds->hidden)
		return 0;
	finds->hidden = true;
	return add_unopened(finds, path, "", rc, (struct netns_identity){0});
}

static int add_processes(struct finds *finds)
{
	_cleanup_closedir_ DIR *dir = opendir("/proc");
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return -errno;
	while (rc >= 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (isdigit((unsigned char)*entry->d_name))
			rc = add_process(finds, entry->d_name);
	}
	return rc;
}

static int add_mount(struct finds *finds, const struct netns_mount *mount)
{
	int rc;

	if (is_known(finds, mount->identity.device, mount->identity.inode))
		return 0;
	rc = add_if_new(finds, mount->path);
	if (!is_known(finds, mount->identity.device, mount->identity.inode))
		finds->covered = true;
	return rc == -ENOMEM ? rc : 0;
}

/* A mount may lie under another one, or at a path that is gone: the identity is all we have. */
static int add_hidden_mount(struct finds *finds, const struct netns_mount *mount)
{
	if (is_known(finds, mount->identity.device, mount->identity.inode))
		return 0;
	return add_unopened(finds, mount->path, "", -ENOENT, mount->identity);
}

static int each_mount(struct finds *finds,
		      int (*visit)(struct finds *finds, const struct netns_mount *mount))
{
	_cleanup_fclose_ FILE *file = fopen("/proc/thread-self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	struct netns_mount mount;
	size_t room = 0;
	int rc = 0;

	if (!file)
		return -errno;
	while (rc >= 0 && getline(&line, &room, file) > 0) {
		if (netns_mount_parse(line, &mount))
			rc = visit(finds, &mount);
	}
	return rc == 0 && ferror(file) ? -EIO : rc;
}

static int add_mounts(struct finds *finds)
{
	int rc = each_mount(finds, add_mount);

	return rc < 0 || !finds->covered ? rc : each_mount(finds, add_hidden_mount);
}

/* The own one, then names, then inodes. */
static int compare(const void *left, const void *right)
{
	const struct netns *a = left, *b = right;

	if (a->own != b->own)
		return a->own ? -1 : 1;
	if (!*a->name != !*b->name)
		return *a->name ? -1 : 1;
	if (*a->name)
		return strcmp(a->name, b->name);
	return (a->inode > b->inode) - (a->inode < b->inode);
}

/* Mostly they are found that way, and they are large to move. */
static bool in_order(const struct finds *finds)
{
	for (size_t i = 1; i < finds->count; i++)
		if (compare(&finds->list[i - 1], &finds->list[i]) > 0)
			return false;
	return true;
}

int netns_list_outside(struct netns **ret, size_t *ret_count)
{
	static int (*const places[])(struct finds *) = {add_own, add_named, add_processes,
							add_mounts};
	__attribute__((cleanup(finds_clear))) struct finds finds = {0};
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		rc = places[i](&finds);
		if (rc < 0)
			return rc;
	}
	if (!in_order(&finds))
		qsort(finds.list, finds.count, sizeof(*finds.list), compare);
	*ret = TAKE_PTR(finds.list);
	*ret_count = finds.count;
	finds.count = 0;
	return 0;
}

void netns_list_free(struct netns *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		netns_close(&list[i]);
	free(list);
}

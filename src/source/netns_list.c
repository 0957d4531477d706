// SPDX-License-Identifier: GPL-2.0-or-later
#include "netns.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>
#include "netns_walk.h"

/* A search: who was found so far, dense, as each process is looked up there, and who is now. */
struct finds {
	netns_found *found;
	void *context;
	struct netns_identity *known; /* owned */
	size_t count, room;
	bool hidden; /* a process that may not be looked into was found */
	bool covered; /* a mount did not lead to what is mounted there */
	struct netns here;
};

static void finds_clear(struct finds *finds)
{
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

/* Of what is looked at; a name that is too long for any is none. */
static int tell(struct finds *finds, const char *name)
{
	size_t room = finds->room ? finds->room * 2 : 16;
	struct netns_identity *known = finds->known;
	struct netns *ns = &finds->here;

	if (finds->count == finds->room) {
		known = reallocarray(known, room, sizeof(*known));
		if (!known) {
			netns_close(ns);
			return -ENOMEM;
		}
		finds->known = known;
		finds->room = room;
	}
	if (strlen(name) < sizeof(ns->name))
		strcpy(ns->name, name);
	known[finds->count++] = (struct netns_identity){ns->device, ns->inode};
	return finds->found(finds->context, ns);
}

/* identity: what is known of it, or {0, 0} */
static int add_unopened(struct finds *finds, const char *path, const char *name, int error,
			struct netns_identity identity)
{
	finds->here = (struct netns){.fd = -1,
				     .error = error,
				     .device = identity.device,
				     .inode = identity.inode,
				     .path = strdup(path)};
	if (!finds->here.path)
		return -ENOMEM;
	return tell(finds, name);
}

/* Opens it. Returns an errno for what cannot be opened and -ENOMEM; 1 where it is known. */
static int add_path(struct finds *finds, const char *path, const char *name)
{
	struct netns *ns = &finds->here;
	int rc = netns_open_file(path, ns);

	if (rc < 0)
		return rc;
	if (is_known(finds, ns->device, ns->inode)) {
		netns_close(ns);
		return 1;
	}
	ns->own = !finds->count;
	rc = tell(finds, name);
	return rc < 0 ? rc : 1;
}

/* Looks first and opens only what is new: of the many processes hardly any is. */
static int add_if_new(struct finds *finds, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	return is_known(finds, status.st_dev, status.st_ino) ? 1 : add_path(finds, path, "");
}

/* The first that is found. */
static int add_own(struct finds *finds)
{
	return add_path(finds, NETNS_OWN_PATH, "");
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

int netns_find(netns_found *found, void *context)
{
	static int (*const places[])(struct finds *) = {add_own, add_named, add_processes,
							add_mounts};
	__attribute__((cleanup(finds_clear))) struct finds finds = {.found = found,
								    .context = context};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int rc = places[i](&finds);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int netns_compare(const struct netns *a, const struct netns *b)
{
	if (a->own != b->own)
		return a->own ? -1 : 1;
	if (!*a->name != !*b->name)
		return *a->name ? -1 : 1;
	if (*a->name)
		return strcmp(a->name, b->name);
	return (a->inode > b->inode) - (a->inode < b->inode);
}

struct listed {
	struct netns *list;
	size_t count, room;
};

static int list_found(void *context, struct netns *ns)
{
	struct listed *listed = context;
	size_t room = listed->room ? listed->room * 2 : 16;

	if (listed->count == listed->room) {
		struct netns *list = reallocarray(listed->list, room, sizeof(*list));

		if (!list) {
			netns_close(ns);
			return -ENOMEM;
		}
		listed->list = list;
		listed->room = room;
	}
	listed->list[listed->count++] = netns_take(ns);
	return 0;
}

static int compare(const void *left, const void *right)
{
	return netns_compare(left, right);
}

int netns_list_outside(struct netns **ret, size_t *ret_count)
{
	struct listed listed = {0};
	int rc = netns_find(list_found, &listed);

	if (rc < 0) {
		netns_list_free(listed.list, listed.count);
		return rc;
	}
	if (listed.count)
		qsort(listed.list, listed.count, sizeof(*listed.list), compare);
	*ret = listed.list;
	*ret_count = listed.count;
	return 0;
}

void netns_list_free(struct netns *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		netns_close(&list[i]);
	free(list);
}

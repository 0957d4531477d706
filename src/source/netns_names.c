// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of network namespaces: files in /run/netns, where ip-netns(8) keeps them. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include <netacct/cleanup.h>
#include "netns_walk.h"

/* One directory on nearly every system, /var/run being a symbolic link; two on some. */
static const char *const directories[] = {"/run/netns", "/var/run/netns"};

struct files {
	struct netns_file *file;
	size_t count;
};

static int add(struct files *files, const char *directory, const char *name)
{
	struct netns_file *grown;

	if (strlen(name) >= sizeof(grown->name))
		return 0;
	/* doubled whenever it is full: the room is the next power of two */
	if ((files->count & (files->count - 1)) == 0) {
		size_t room = files->count ? files->count * 2 : 1;

		grown = reallocarray(files->file, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		files->file = grown;
	}
	files->file[files->count].directory = directory;
	strcpy(files->file[files->count].name, name);
	files->count++;
	return 0;
}

static int read_directory(const char *path, struct files *files)
{
	_cleanup_closedir_ DIR *dir = opendir(path);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (rc == 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = add(files, path, entry->d_name);
	}
	return rc;
}

static bool same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static int compare(const void *left, const void *right)
{
	const struct netns_file *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : strcmp(a->directory, b->directory);
}

int netns_files(struct netns_file **ret, size_t *ret_count)
{
	struct files files = {0};
	int rc;

	rc = read_directory(directories[0], &files);
	if (rc == 0 && !same_file(directories[0], directories[1]))
		rc = read_directory(directories[1], &files);
	if (rc < 0) {
		free(files.file);
		return rc;
	}
	if (files.count)
		qsort(files.file, files.count, sizeof(*files.file), compare);
	*ret = files.file;
	*ret_count = files.count;
	return 0;
}

int netns_file_path(const struct netns_file *file, char path[static 4096])
{
	int length = snprintf(path, 4096, "%s/%s", file->directory, file->name);

	return length < 4096 ? 0 : -ENAMETOOLONG;
}

int netns_first_name(struct netns_identity identity, char name[static 256])
{
	_cleanup_free_ struct netns_file *files = NULL;
	char path[4096];
	size_t count;
	int rc;

	rc = netns_files(&files, &count);
	if (rc == -ENOMEM)
		return rc;
	*name = '\0';
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct stat status;

		if (netns_file_path(&files[i], path) < 0 || stat(path, &status) < 0)
			continue;
		if (status.st_dev == identity.device && status.st_ino == identity.inode) {
			strcpy(name, files[i].name);
			return 0;
		}
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>

static int check_directory(int fd, const char *path, struct fault *fault)
{
	struct stat status;

	if (fstat(fd, &status))
		return fault_errno(fault, -errno, "%s", path);
	if (status.st_uid != 0 || status.st_mode & 077)
		return fault_set(
			fault, -EPERM,
			"%s belongs to uid %u with mode %04o, not to root with 0700: not ours",
			path, status.st_uid, status.st_mode & 07777);
	return 0;
}

int pin_open_directory(int root, const char *name, struct fault *fault)
{
	_cleanup_close_ int fd =
		openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error;

	if (fd < 0)
		return fault_errno(fault, -errno, PIN_ROOT "/%s", name);
	error = check_directory(fd, name, fault);
	return error ? error : TAKE_FD(fd);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

int pin_list(int root, const char *prefix, char (**ret)[PIN_NAME], size_t *ret_count,
	     struct fault *fault)
{
	_cleanup_free_ char(*names)[PIN_NAME] = NULL;
	_cleanup_closedir_ DIR *directory = NULL;
	_cleanup_close_ int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	size_t count = 0;

	if (fd < 0 || !(directory = fdopendir(fd)))
		return fault_errno(fault, -errno, PIN_ROOT);
	TAKE_FD(fd);
	while ((entry = readdir(directory))) {
		char(*grown)[PIN_NAME];

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 ||
		    strlen(entry->d_name) >= PIN_NAME)
			continue;
		grown = realloc(names, (count + 1) * sizeof(*names));
		if (!grown)
			return -ENOMEM;
		names = grown;
		memcpy(names[count++], entry->d_name, strlen(entry->d_name) + 1);
	}
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	*ret = names;
	names = NULL;
	*ret_count = count;
	return 0;
}

static void path_of(char path[static 256], const char *directory, const char *name)
{
	snprintf(path, 256, PIN_ROOT "/%s/%s", directory, name);
}

int pin_get(const char *directory, const char *name)
{
	char path[256];
	int fd;

	path_of(path, directory, name);
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

int pin_put(const char *directory, const char *name, int fd)
{
	char path[256];

	path_of(path, directory, name);
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int pin_remove(const char *directory, const char *name)
{
	char path[256];

	path_of(path, directory, name);
	return unlink(path) ? -errno : 0;
}

int pin_check(int directory, const char *name, struct fault *fault)
{
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW))
		return fault_errno(fault, -errno, "pin %s", name);
	if (!S_ISREG(status.st_mode) || status.st_uid != 0 || status.st_mode & 077)
		return fault_set(fault, -EPERM,
				 "pin %s belongs to uid %u with mode %04o, not to root with 0600",
				 name, status.st_uid, status.st_mode & 07777);
	return 0;
}

int pin_make_directory(int root, const char *name, struct fault *fault)
{
	if (mkdirat(root, name, 0700))
		return fault_errno(fault, -errno, "cannot make " PIN_ROOT "/%s", name);
	return 0;
}

int pin_rename(int root, const char *from, const char *to, struct fault *fault)
{
	if (renameat(root, from, root, to))
		return fault_errno(fault, -errno, "cannot rename " PIN_ROOT "/%s", from);
	return 0;
}

int pin_remove_directory(int root, const char *name, struct fault *fault)
{
	_cleanup_closedir_ DIR *directory = NULL;
	_cleanup_close_ int fd =
		openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	int copy;

	if (fd < 0)
		return errno == ENOENT ? 0 : fault_errno(fault, -errno, PIN_ROOT "/%s", name);
	copy = dup(fd);
	if (copy < 0 || !(directory = fdopendir(copy))) {
		if (copy >= 0)
			close(copy);
		return fault_errno(fault, -errno, PIN_ROOT "/%s", name);
	}
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(fd, entry->d_name, 0);
	if (unlinkat(root, name, AT_REMOVEDIR) && errno != ENOENT)
		return fault_errno(fault, -errno, "cannot remove " PIN_ROOT "/%s", name);
	return 0;
}

void pin_remove_root(void)
{
	rmdir(PIN_ROOT);
}

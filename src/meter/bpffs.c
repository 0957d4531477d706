/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include "pin.h"

#define BPFFS "/sys/fs/bpf"
#define LOCK_TRIES 200
#define LOCK_WAIT_NS 50000000

static int is_bpffs(const char *path)
{
	struct statfs status;

	return !statfs(path, &status) && (unsigned int)status.f_type == BPF_FS_MAGIC;
}

/*
 * A mount in another mount namespace than the first process's (ip netns exec
 * makes one, and hides bpffs in it) goes with it: the pins would be gone, and
 * the programs would stay attached. Where /proc does not tell, it may be done.
 */
static bool mounts_are_passing(void)
{
	struct stat own, first;

	return !stat("/proc/self/ns/mnt", &own) && !stat("/proc/1/ns/mnt", &first) &&
	       (own.st_ino != first.st_ino || own.st_dev != first.st_dev);
}

/* Under a lock on the mount point, so that two who come at once mount once. */
static int mount_bpffs(struct fault *fault)
{
	_cleanup_close_ int fd = open(BPFFS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fault_errno(fault, -errno,
				   BPFFS " (is sysfs mounted, and does the kernel have BPF?)");
	if (flock(fd, LOCK_EX))
		return fault_errno(fault, -errno, "cannot lock " BPFFS);
	if (is_bpffs(BPFFS))
		return 0;
	if (mounts_are_passing())
		return fault_set(fault, -ENOENT,
				 "there is no bpffs on " BPFFS " in this mount namespace, and one "
				 "mounted now would go with it, pins and all (ip netns exec does "
				 "that): run netacct outside, with --netns NS, or mount bpffs");
	if (mount("bpf", BPFFS, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME, "mode=0700"))
		return fault_errno(fault, -errno, "cannot mount bpffs on " BPFFS);
	return 0;
}

static int open_root(struct fault *fault)
{
	_cleanup_close_ int fd = open(PIN_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = fd < 0 ? -errno : 0;
	struct stat status;

	/* whose it is can be said of one that may not be opened, too */
	if (fd < 0 ? lstat(PIN_ROOT, &status) : fstat(fd, &status))
		return fault_errno(fault, error ? error : -errno, PIN_ROOT);
	if (status.st_uid != 0 || status.st_mode & 077)
		return fault_set(fault, -EPERM,
				 PIN_ROOT " belongs to uid %u with mode %04o, not to root with "
					  "0700: not ours; remove it",
				 status.st_uid, status.st_mode & 07777);
	return error ? fault_errno(fault, error, PIN_ROOT) : TAKE_FD(fd);
}

int pin_root(bool make, struct fault *fault)
{
	int error;

	libbpf_set_print(NULL); /* libraries return, commands speak */
	/* where bpffs lets everybody write, the directory would be theirs, and root locked out */
	if (make && geteuid() != 0)
		return fault_set(fault, -EPERM, "meters are pinned in " PIN_ROOT ", as root");
	if (!is_bpffs(BPFFS)) {
		if (!make)
			return fault_set(fault, -ENOENT, "bpffs is not mounted on " BPFFS);
		error = mount_bpffs(fault);
		if (error)
			return error;
	}
	if (make && mkdir(PIN_ROOT, 0700) && errno != EEXIST)
		return fault_errno(fault, -errno, "cannot make " PIN_ROOT);
	return open_root(fault);
}

static int wait_for_lock(int fd)
{
	const struct timespec pause = {.tv_nsec = LOCK_WAIT_NS};
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		nanosleep(&pause, NULL);
	}
	return -EBUSY;
}

static int still_there(int fd)
{
	struct stat mine, theirs;

	return !fstat(fd, &mine) && !stat(PIN_ROOT, &theirs) && mine.st_ino == theirs.st_ino &&
	       mine.st_dev == theirs.st_dev;
}

int pin_lock(int *root, struct fault *fault)
{
	for (;;) {
		int error = wait_for_lock(*root);

		if (error)
			return fault_errno(fault, error,
					   "another netacct holds the lock on " PIN_ROOT);
		if (still_there(*root))
			return 0;
		/* the last meter went, and the directory with it */
		close(*root);
		*root = pin_root(true, fault);
		if (*root < 0)
			return *root;
	}
}

int pin_lock_meter(int directory, struct fault *fault)
{
	int error = wait_for_lock(directory);

	if (error)
		return fault_errno(fault, error, "another netacct drains, verifies or collects it");
	return 0;
}

void pin_unlock_meter(int directory)
{
	flock(directory, LOCK_UN);
}

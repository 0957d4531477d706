// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "isolate.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"

/*
 * A kernel with CONFIG_BPF_PRELOAD loads programs of its own when bpffs is
 * first mounted, and keeps them.
 */
void isolate_prepare(void)
{
	pid_t pid = fork();

	if (!pid) {
		if (!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
			_exit(mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL) != 0);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void mount_or_fail(const char *type, const char *where, unsigned long flags,
			  const char *data)
{
	CHECK(!mount(type, where, type, flags, data), "mount %s on %s: %s", type, where,
	      strerror(errno));
}

/* Namespaces that others keep by a mount are not for the program under test to find. */
static void forget_foreign_namespaces(void)
{
	_cleanup_fclose_ FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[8192], where[4096];

	while (mounts && fgets(line, sizeof(line), mounts))
		if (strstr(line, " - nsfs ") && sscanf(line, "%*d %*d %*s %*s %4095s", where) == 1)
			umount2(where, MNT_DETACH);
}

void isolate_mounts(void)
{
	CHECK(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts: %s",
	      strerror(errno));
	forget_foreign_namespaces();
	mount_or_fail("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	if (mkdir("/run", 0755) && errno != EEXIST)
		fail("mkdir /run: %s", strerror(errno));
	mount_or_fail("tmpfs", "/run", MS_NOSUID, "mode=0755");
	CHECK(!mkdir("/run/netns", 0755), "mkdir /run/netns: %s", strerror(errno));
	mount_or_fail("bpf", "/sys/fs/bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700");
}

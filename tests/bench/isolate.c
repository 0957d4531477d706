// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "isolate.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "die.h"

void isolate(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL) || mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL))
		die("no namespaces of its own: %s", strerror(errno));
}

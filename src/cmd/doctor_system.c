// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare() */
#include <linux/magic.h>
#include <netacct/cleanup.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "../meter/pin.h"
#include "../meter/program.h"
#include "doctor.h"

#define BPFFS "/sys/fs/bpf"
#define BTF "/sys/kernel/btf/vmlinux"

static void probe_kernel(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "kernel", false);
	struct utsname name;

	if (uname(&name))
		probe_say(probe, PROBE_NOTE, "uname(2): %s", strerror(errno));
	else
		probe_say(probe, PROBE_GOOD, "%s %s %s; what it can do is tried, not told by this",
			  name.sysname, name.release, name.machine);
}

static void probe_library(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "libbpf", false);
	unsigned int major, minor;

	program_library_version(&major, &minor);
	probe_say(probe, PROBE_GOOD, "%u.%u", major, minor);
}

static void probe_btf(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "btf", false);
	bool there = !access(BTF, F_OK);

	probe_say(probe, there ? PROBE_GOOD : PROBE_NOTE, "%s %s; netacct does not need it", BTF,
		  there ? "is there" : "is not there");
}

/* The exit status of a child is all that comes back from its mount namespace. */
static int mount_and_exit(void)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
	    mount("bpf", BPFFS, "bpf", 0, "mode=0700"))
		return errno;
	return 0;
}

static int try_mount(void)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (!child)
		_exit(mount_and_exit());
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static bool read_only(const char *path)
{
	struct statvfs status;

	return !statvfs(path, &status) && status.f_flag & ST_RDONLY;
}

static void judge_mounted(struct probe *probe)
{
	_cleanup_fault_ struct fault fault = {};
	int root;

	if (read_only(BPFFS)) {
		probe_say(probe, PROBE_MISSING,
			  BPFFS " is mounted read-only: nothing can be pinned");
		probe_advise(probe,
			     "mount -o remount,rw " BPFFS "; in a container -v " BPFFS ":" BPFFS);
		return;
	}
	root = pin_root(false, &fault);
	if (root == -EPERM) {
		probe_say(probe, PROBE_MISSING, "%s", fault.text);
		return;
	}
	if (root >= 0)
		close(root);
	probe_say(probe, PROBE_GOOD, "mounted on " BPFFS);
}

static void judge_unmounted(struct probe *probe)
{
	int error = try_mount();

	if (!error) {
		probe_say(probe, PROBE_GOOD,
			  "not mounted; it can be (tried apart), and attach does so%s",
			  read_only("/sys") ? ", though /sys is read-only" : "");
	} else if (error == -EPERM && geteuid() != 0) {
		probe_unseen(probe, "not mounted on " BPFFS ", and this user may not try to");
	} else {
		probe_say(probe, PROBE_MISSING, "not mounted on " BPFFS ", and cannot be: %s",
			  strerror(-error));
		probe_advise(probe, "mount -t bpf bpf " BPFFS "; in a container --cap-add "
				    "SYS_ADMIN, or -v " BPFFS ":" BPFFS);
	}
}

static void probe_bpffs(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "bpffs", true);
	struct statfs status;

	if (statfs(BPFFS, &status) && errno != ENOENT) {
		probe_unseen(probe, BPFFS " may not be looked at");
	} else if (access(BPFFS, F_OK)) {
		probe_say(probe, PROBE_MISSING, "there is no " BPFFS "%s",
			  access("/sys/kernel", F_OK) ? ": sysfs is not mounted" : "");
		probe_advise(probe, "mount -t sysfs sysfs /sys; a kernel with CONFIG_BPF_SYSCALL");
	} else if ((unsigned int)status.f_type == BPF_FS_MAGIC) {
		judge_mounted(probe);
	} else {
		judge_unmounted(probe);
	}
}

void doctor_system(struct probes *probes)
{
	probe_kernel(probes);
	probe_library(probes);
	probe_btf(probes);
	probe_bpffs(probes);
}

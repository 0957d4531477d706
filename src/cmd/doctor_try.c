/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/capability.h>
#include <linux/magic.h>
#include <netacct/cleanup.h>
#include <signal.h>
#include <string.h>
#include <sys/vfs.h>

#include "../meter/pin.h"
#include "../meter/probe_hook.h"
#include "../meter/sighting.h"
#include "doctor.h"

static bool same_place(const struct meter_sighting *sighting, const struct source *source)
{
	return sighting->ifindex == source->link.ifindex &&
	       sighting->netns_inode == source->netns.inode &&
	       (!sighting->netns_cookie || !source->netns.cookie ||
		sighting->netns_cookie == source->netns.cookie);
}

/* A meter of ours there: a row says so, and the result is true. */
static bool is_counted(struct probes *probes, const struct source *source)
{
	struct meter_sighting *sightings = NULL;
	bool counted = false;
	size_t count = 0, i;

	if (meter_sightings(&sightings, &count))
		return false;
	for (i = 0; i < count && !counted; i++) {
		counted = sightings[i].live && same_place(&sightings[i], source);
		if (counted)
			probe_say(
				probe_add(probes, "meter", false), PROBE_NOTE,
				"the meter %s counts there: its hooks work, and nothing was tried",
				sightings[i].id);
	}
	free(sightings);
	return counted;
}

/*
 * Nobody attaches meanwhile. Without bpffs nobody can, and it is not mounted
 * for this.
 */
static int lock(int *root, struct fault *fault)
{
	struct statfs status;

	if (statfs("/sys/fs/bpf", &status) || (unsigned int)status.f_type != BPF_FS_MAGIC)
		return 0;
	*root = pin_root(true, fault);
	return *root < 0 ? *root : pin_lock(root, fault);
}

static void try_inside(struct probes *probes, const struct source *source, struct fault *fault,
		       int *error)
{
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error words = {};
	struct link link;

	*error = rtnl_open(&nl, &words);
	if (!*error)
		*error = link_by_index(nl, source->link.ifindex, &link, &words);
	if (*error)
		fault_netlink(fault, *error, &words, "cannot ask for the interface");
	else
		probe_hooks(probes, nl, &link, PROBE_HOOK_ALL);
}

static int try_locked(struct probes *probes, const struct source *source, struct fault *fault)
{
	int previous, error, back;

	if (is_counted(probes, source))
		return 0;
	error = netns_enter(&source->netns, &previous);
	if (error)
		return fault_errno(fault, error, "cannot enter its namespace%s",
				   error == -EPERM ? " (CAP_SYS_ADMIN is needed)" : "");
	try_inside(probes, source, fault, &error);
	back = netns_leave(previous);
	if (back && !error)
		error = fault_errno(fault, back, "cannot leave its namespace");
	return error;
}

int doctor_try(struct probes *probes, const struct source *source, struct fault *fault)
{
	_cleanup_close_ int root = -1;
	sigset_t all, before;
	int error;

	/* before a directory is made that would belong to whoever calls */
	if (!probe_capable(CAP_SYS_ADMIN) || !probe_capable(CAP_NET_ADMIN))
		return fault_set(fault, -EPERM, "needs root to try its hooks");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	error = lock(&root, fault);
	if (!error)
		error = try_locked(probes, source, fault);
	if (root >= 0)
		pin_remove_root();
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>

#include "doctor.h"

/*
 * A line of mountinfo (proc_pid_mountinfo(5)): the mount point is the fifth
 * field, the kind of the file system the first behind " - ".
 */
static bool parse_mount(const char *line, char point[static 256], char kind[static 32])
{
	const char *dash = strstr(line, " - ");

	return dash && sscanf(line, "%*s %*s %*s %*s %255s", point) == 1 &&
	       sscanf(dash + 3, "%31s", kind) == 1;
}

void doctor_judge_mounts(struct probe *probe, FILE *mountinfo)
{
	char *line = NULL, point[256], kind[32], unified[256] = "";
	size_t room = 0;
	bool legacy = false;

	while (mountinfo && getline(&line, &room, mountinfo) > 0) {
		if (!parse_mount(line, point, kind))
			continue;
		if (!strcmp(kind, "cgroup2") && !unified[0])
			memcpy(unified, point, sizeof(unified));
		legacy = legacy || !strcmp(kind, "cgroup");
	}
	free(line);
	if (unified[0]) {
		probe_say(probe, PROBE_GOOD, "mounted on %s%s", unified,
			  legacy ? " (hybrid: version 1 is in use beside it)" : "");
		return;
	}
	probe_say(probe, PROBE_MISSING, "not mounted%s",
		  legacy ? " (version 1 is): no meter can be on a cgroup"
			 : ": no meter can be on a cgroup");
	probe_advise(probe, "interfaces need none; else mount -t cgroup2 cgroup2 /sys/fs/cgroup");
}

void doctor_judge_controllers(struct probe *probe, FILE *cgroups)
{
	char line[256], name[64], used[80] = "";
	unsigned int hierarchy, count;

	while (cgroups && fgets(line, sizeof(line), cgroups)) {
		size_t length = strlen(used);

		if (sscanf(line, "%63s %u %u", name, &hierarchy, &count) != 3 || !hierarchy ||
		    count < 2 || (strcmp(name, "net_cls") != 0 && strcmp(name, "net_prio") != 0))
			continue;
		snprintf(used + length, sizeof(used) - length, "%s%s", length ? " and " : "", name);
	}
	if (!used[0]) {
		probe_say(probe, PROBE_GOOD, "nobody uses net_cls or net_prio");
		return;
	}
	probe_say(probe, PROBE_NOTE,
		  "%s in use: before Linux 5.15 that takes sockets out of their cgroup2, and a "
		  "meter on a cgroup misses them",
		  used);
	probe_advise(probe, "a kernel of 5.15 or newer, or no cgroups of %s", used);
}

void doctor_cgroup(struct probes *probes)
{
	_cleanup_fclose_ FILE *mounts = fopen("/proc/self/mountinfo", "re");
	_cleanup_fclose_ FILE *cgroups = fopen("/proc/cgroups", "re");

	doctor_judge_mounts(probe_add(probes, "cgroup2", false), mounts);
	doctor_judge_controllers(probe_add(probes, "cgroup-sockets", false), cgroups);
}

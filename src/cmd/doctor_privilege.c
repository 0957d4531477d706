/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/capability.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "doctor.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* Linux 5.8 */
#define CAP_BPF 39
#endif

struct capability {
	unsigned int number;
	const char *name; /* behind CAP_, as --cap-add takes it */
};

static const struct capability wanted[] = {
	{CAP_BPF, "BPF"},
	{CAP_PERFMON, "PERFMON"},
	{CAP_NET_ADMIN, "NET_ADMIN"},
	{CAP_SYS_ADMIN, "SYS_ADMIN"},
};

/* CAP_SYS_ADMIN holds the first two, too, and before 5.8 it alone. */
static bool has(const struct capability *capability)
{
	bool covered = capability->number == CAP_BPF || capability->number == CAP_PERFMON;

	return probe_capable(capability->number) || (covered && probe_capable(CAP_SYS_ADMIN));
}

static void say_missing(struct probe *probe)
{
	char names[128] = "", flags[192] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		size_t length = strlen(names), flagged = strlen(flags);

		if (has(&wanted[i]))
			continue;
		snprintf(names + length, sizeof(names) - length, "%sCAP_%s", length ? ", " : "",
			 wanted[i].name);
		snprintf(flags + flagged, sizeof(flags) - flagged, " --cap-add %s", wanted[i].name);
	}
	probe_say(probe, PROBE_MISSING, "not effective here: %s", names);
	probe_advise(probe, "run as root; in a container:%s", flags);
}

static void probe_capabilities(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "capabilities", true);
	size_t held = 0, i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		held += has(&wanted[i]);
	if (!held && geteuid() != 0) {
		probe_unseen(probe, "this user has none, so what needs them was not tried");
		return;
	}
	if (held < ARRAY_SIZE(wanted)) {
		say_missing(probe);
		return;
	}
	probe_say(probe, PROBE_GOOD,
		  "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN are "
		  "effective%s",
		  probe_capable(CAP_BPF) ? "" : " (the first two by the last)");
	if (probe_capable(CAP_SYS_PTRACE))
		return;
	probe = probe_add(probes, "ptrace", false);
	probe_say(probe, PROBE_NOTE,
		  "without CAP_SYS_PTRACE the namespaces of other processes "
		  "cannot be found");
	probe_advise(probe, "in a container: --cap-add SYS_PTRACE --pid host");
}

/* Whoever is root of another user namespace has every bit set, and BPF asks the initial one. */
static void probe_user_namespace(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "user-namespace", false);
	_cleanup_fclose_ FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned int inside = 0, outside = 0, count = 0;

	if (!file || fscanf(file, "%u %u %u", &inside, &outside, &count) != 3) {
		probe_say(probe, PROBE_NOTE, "cannot read /proc/self/uid_map");
		return;
	}
	if (!inside && !outside && count == UINT32_MAX) {
		probe_say(probe, PROBE_GOOD, "the initial one, which BPF asks for");
		return;
	}
	probe_say(probe, PROBE_NOTE, "not the initial one: BPF asks for capabilities there");
	probe_advise(probe, "run netacct outside of the rootless container");
}

void doctor_judge_lockdown(struct probe *probe, const char *line)
{
	const char *begin = strchr(line, '['), *end = begin ? strchr(begin, ']') : NULL;

	if (!end) {
		probe_say(probe, PROBE_NOTE, "cannot be told from '%.64s'", line);
		return;
	}
	begin++;
	if (!strncmp(begin, "none", (size_t)(end - begin)))
		probe_say(probe, PROBE_GOOD, "off");
	else
		probe_say(probe, PROBE_NOTE,
			  "%.*s: netacct reads no kernel memory, and whether its programs load was "
			  "tried",
			  (int)(end - begin), begin);
}

static void probe_lockdown(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "lockdown", false);
	_cleanup_fclose_ FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	if (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		doctor_judge_lockdown(probe, line);
	} else if (errno == EACCES || errno == EPERM) {
		probe_unseen(probe, "/sys/kernel/security may not be read");
	} else {
		probe_say(probe, PROBE_GOOD, "the kernel shows none");
	}
}

void doctor_privilege(struct probes *probes)
{
	probe_capabilities(probes);
	probe_user_namespace(probes);
	probe_lockdown(probes);
}

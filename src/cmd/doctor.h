/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What doctor looks at beside BPF itself, and how its rows are shown. All of
 * it only looks: a namespace that it makes to try something in goes with it.
 * For cmd_doctor.c, doctor_*.c and their tests.
 */
#ifndef NETACCT_DOCTOR_H
#define NETACCT_DOCTOR_H

#include <stdio.h>

#include "../meter/probe.h"
#include "../output/buffer.h"
#include "../source/source.h"

/* Capabilities, user namespace and lockdown. */
void doctor_privilege(struct probes *probes);
/* The line of /sys/kernel/security/lockdown: "none [integrity] confidentiality". */
void doctor_judge_lockdown(struct probe *probe, const char *line);

/* Kernel, BTF, bpffs, libbpf. */
void doctor_system(struct probes *probes);

/* Where cgroup2 is, and who else uses cgroups for sockets. */
void doctor_cgroup(struct probes *probes);
/* /proc/self/mountinfo */
void doctor_judge_mounts(struct probe *probe, FILE *mountinfo);
/* /proc/cgroups: name, hierarchy, number of cgroups, enabled */
void doctor_judge_controllers(struct probe *probe, FILE *cgroups);

/* Cookies of network namespaces, and which can be entered. */
void doctor_netns(struct probes *probes);

/* What the first tool left, with the command that removes each; -errno. */
int doctor_first_tool(struct probes *probes);
/* A word for sh(1): in quotes where it has to be. */
void doctor_shell_word(const char *text, char *word, size_t size);

/*
 * Attaches and detaches each hook of an interface; signals wait meanwhile.
 * Where a meter of ours counts already, nothing is tried and a row says so.
 */
int doctor_try(struct probes *probes, const struct source *source, struct fault *fault);

/* Is nothing missing that is needed? */
bool doctor_good(const struct probes *probes);

/* `source`: id of what was tried, NULL: the system. Errors stay in the buffer; -ENOMEM. */
int doctor_table(struct buffer *out, const struct probes *probes, const char *source, bool logs);
/* One document, schema netacct-doctor/1. */
void doctor_json(struct buffer *out, const struct probes *probes, const char *source, bool pretty);

#endif

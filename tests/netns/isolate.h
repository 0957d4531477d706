/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mounts of a test's own. */
#ifndef NETNS_ISOLATE_H
#define NETNS_ISOLATE_H

/* Once, before the first test and before its BPF objects are counted. */
void isolate_prepare(void);

/* In a process, mount and network namespace just made: /proc, /run, /sys/fs/bpf. */
void isolate_mounts(void);

#endif

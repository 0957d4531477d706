/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program under test, broken at one of its system calls: killed there, or
 * told that the call failed. Runs under ptrace(2), without another program;
 * PTRACE_GET_SYSCALL_INFO is of Linux 5.3.
 *
 * The calls that count begin with the first statfs, flock or bpf: before that
 * come the dynamic loader, the options and the capabilities. exit_group, brk
 * and munmap are passed over, and of a row of lookups in BPF maps and test
 * runs (which may be long, and differ from run to run) all but the first three.
 */
#ifndef NETNS_INJECT_H
#define NETNS_INJECT_H

#include <stdbool.h>

#include "tool.h"

enum inject_action {
	INJECT_NOTHING,
	INJECT_KILL_BEFORE, /* the call is not made */
	INJECT_KILL_AFTER,
	INJECT_ERROR, /* the call is not made, and fails with `error` */
};

struct injection {
	enum inject_action action;
	unsigned int point; /* number of the call, from 1 */
	int error; /* errno */
	/* what came of it: */
	bool reached; /* there was such a call */
	char call[64]; /* its name */
};

/* As tool_run(); `injection` may be changed in its last two. */
void inject_run(struct injection *injection, struct run *ret, const char *const *argv);

/* The calls of a run that nothing is done to. */
struct inject_points {
	unsigned int count;
	bool *changes; /* does call i + 1 change something that outlives the process? */
};

/* Runs it, and fails the test where it does not exit with 0. */
void inject_count(struct inject_points *ret, struct run *ret_run, const char *const *argv);
void inject_points_clear(struct inject_points *points);
#define _cleanup_inject_points_ __attribute__((cleanup(inject_points_clear)))

/* NETACCT_FULL is set: every call is a point, not only a sample. */
bool inject_all(void);

/*
 * The next point behind `point` (0: the first): all of them with
 * inject_all(), else those that change something where `changes` is set, and
 * every `step`th. With NETACCT_POINT set to a number, that one alone; set to
 * FIRST-LAST, only those in between. 0: there is none.
 */
unsigned int inject_next(const struct inject_points *points, unsigned int point, bool changes,
			 unsigned int step);

#endif

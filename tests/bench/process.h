/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole processes, timed; their output goes to /dev/null.
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* One that is left running until process_end(): SIGTERM, upon which it must exit with 0. */
pid_t process_start(const char *const argv[]);
void process_end(const char *const argv[], pid_t child);
/* Seconds of CPU that it has used. */
double process_cpu(pid_t child);
/* KiB of a line of /proc/PID/status ("RssAnon"); 0: it has none, as once it has ended. */
uint64_t process_status(pid_t child, const char *name);

/*
 * ms from before its start to its exit. This and the next end the process where it cannot be
 * started, or its exit status is not 0.
 */
double process_time(const char *const argv[]);

/* Most anonymous memory that it has at one time, in KiB: what is its own, not the kernel's. */
uint64_t process_memory(const char *const argv[]);

/* Is there such a program in PATH? */
int process_known(const char *name);

#endif

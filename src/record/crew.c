// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* CPU_COUNT() */
#include "crew.h"

#include <sched.h>
#include <signal.h>

size_t crew_size(size_t most)
{
	size_t count = 1;
	cpu_set_t cpus;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		count = (size_t)CPU_COUNT(&cpus);
	if (count > most)
		count = most;
	return count ? count : 1;
}

bool crew_start(pthread_t *thread, void *(*work)(void *argument), void *argument)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(thread, NULL, work, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !err;
}

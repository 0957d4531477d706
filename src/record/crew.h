/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that share one piece of work with the caller. */
#ifndef NETACCT_CREW_H
#define NETACCT_CREW_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* How many are of use, the caller among them: a CPU each, `most` at most, and 1 at least. */
size_t crew_size(size_t most);

/* Signals stay the caller's. False: no thread can be had; its work is for the others. */
bool crew_start(pthread_t *thread, void *(*work)(void *argument), void *argument);

#endif

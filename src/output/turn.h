/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several threads that do one thing each in a given order: number 0 first, then 1, ... */
#ifndef NETACCT_TURN_H
#define NETACCT_TURN_H

#include <pthread.h>
#include <stddef.h>

struct turn {
	pthread_mutex_t lock;
	pthread_cond_t passed;
	size_t number; /* whose turn it is */
	int error; /* the first; it ends all waiting */
};

void turn_init(struct turn *turn);
void turn_clear(struct turn *turn);

/* Waits until it is the turn of `number`; 0, or the error. */
int turn_wait(struct turn *turn, size_t number);
/* By the one whose turn it is. */
void turn_pass(struct turn *turn);
/* By anyone, at any time. */
void turn_fail(struct turn *turn, int error);
int turn_error(const struct turn *turn);

#endif

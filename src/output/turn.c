// SPDX-License-Identifier: GPL-2.0-or-later
#include "turn.h"

#include <sched.h>
#include <stdbool.h>

/* Threads that do the same keep step: most often, to be woken up would take longer. */
#define YIELDS 100

void turn_init(struct turn *turn)
{
	*turn = (struct turn){0};
	pthread_mutex_init(&turn->lock, NULL);
	pthread_cond_init(&turn->passed, NULL);
}

void turn_clear(struct turn *turn)
{
	pthread_cond_destroy(&turn->passed);
	pthread_mutex_destroy(&turn->lock);
}

int turn_error(const struct turn *turn)
{
	return __atomic_load_n(&turn->error, __ATOMIC_ACQUIRE);
}

static bool has_come(const struct turn *turn, size_t number)
{
	return __atomic_load_n(&turn->number, __ATOMIC_ACQUIRE) == number || turn_error(turn);
}

int turn_wait(struct turn *turn, size_t number)
{
	int tries;

	for (tries = 0; tries < YIELDS && !has_come(turn, number); tries++)
		sched_yield();
	if (!has_come(turn, number)) {
		pthread_mutex_lock(&turn->lock);
		while (!has_come(turn, number))
			pthread_cond_wait(&turn->passed, &turn->lock);
		pthread_mutex_unlock(&turn->lock);
	}
	return turn_error(turn);
}

void turn_pass(struct turn *turn)
{
	pthread_mutex_lock(&turn->lock);
	__atomic_store_n(&turn->number, turn->number + 1, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&turn->passed);
	pthread_mutex_unlock(&turn->lock);
}

void turn_fail(struct turn *turn, int error)
{
	pthread_mutex_lock(&turn->lock);
	if (!turn->error)
		__atomic_store_n(&turn->error, error, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&turn->passed);
	pthread_mutex_unlock(&turn->lock);
}

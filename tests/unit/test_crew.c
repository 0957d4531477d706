// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* sched_setaffinity() */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/record/crew.h"

static void has_a_cpu_for_each(void **state)
{
	cpu_set_t before, one;
	int cpu = 0;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	assert_int_equal(crew_size(1), 1);
	assert_int_equal(crew_size(0), 1);
	assert_int_equal(crew_size(SIZE_MAX), CPU_COUNT(&before));
	while (!CPU_ISSET(cpu, &before))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(crew_size(4), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

static void *blocked(void *argument)
{
	sigset_t *set = argument;

	pthread_sigmask(SIG_SETMASK, NULL, set);
	return argument;
}

static void leaves_signals_to_the_caller(void **state)
{
	sigset_t its, ours;
	pthread_t thread;
	void *result;

	(void)state;
	assert_true(crew_start(&thread, blocked, &its));
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, &its);
	assert_true(sigismember(&its, SIGTERM) && sigismember(&its, SIGUSR1));
	pthread_sigmask(SIG_SETMASK, NULL, &ours);
	assert_false(sigismember(&ours, SIGTERM));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_cpu_for_each),
		cmocka_unit_test(leaves_signals_to_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <sys/wait.h>

#include "test_history_lab.h"

#define CRASHES 12
#define HOSTS 500
#define BYTES_PER_DRAIN 6400 /* of rx */

/* Stores generation after generation, and tells each one that was committed, until it is killed. */
static void store_until_killed(struct lab *lab, int tell)
{
	struct flow_record records[HOSTS];
	size_t i;

	lab_open(lab);
	for (;;) {
		lab_pass(lab, 20);
		for (i = 0; i < HOSTS; i++)
			records[i] = lab_record(lab, (uint32_t)i, i < 64 ? 100 : 0, 1);
		lab_store(lab, records, HOSTS);
		if (write(tell, &lab->generation, sizeof(lab->generation)) < 0)
			_exit(1);
		lab_maintain(lab, lab->generation % 7 == 0);
	}
}

/* The last generation that the child told. */
static uint32_t crash(struct lab *lab, useconds_t after)
{
	uint32_t told, next;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(ends[0]);
		store_until_killed(lab, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &next, sizeof(next)), sizeof(next));
	told = next;
	usleep(after);
	kill(child, SIGKILL);
	while (read(ends[0], &next, sizeof(next)) == sizeof(next))
		told = next;
	close(ends[0]);
	waitpid(child, NULL, 0);
	return told;
}

/* Generation and sums agree, and what was told is there. */
static void check(struct lab *lab, uint32_t told)
{
	_cleanup_history_totals_ struct history_totals totals = {0};
	uint64_t bytes = 0;
	size_t i;

	lab_open(lab);
	assert_string_equal(lab->set_aside.text, "");
	assert_int_equal(history_totals(lab->history, LAB_UUID, 0, 42, &totals, &lab->why), 0);
	assert_in_range(totals.generation, told, told + 1);
	for (i = 0; i < totals.count; i++)
		bytes += totals.totals[i].record.rx.bytes;
	assert_int_equal(bytes, (uint64_t)totals.generation * BYTES_PER_DRAIN);
	assert_int_equal(lab_rows(lab, 0, INT64_MAX, HISTORY_HOUR).rx.bytes, bytes);
	lab->generation = totals.generation;
	lab_close(lab);
}

static void a_crash_loses_and_doubles_nothing(void **state)
{
	struct lab lab;
	size_t i;

	(void)state;
	lab_begin(&lab);
	for (i = 0; i < CRASHES; i++) {
		lab_pass(&lab, 100000);
		lab.drained = lab.boot;
		check(&lab, crash(&lab, (useconds_t)(3000 * i)));
	}
	assert_true(lab.generation >= CRASHES);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

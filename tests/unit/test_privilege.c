/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left of a process's capabilities, as the kernel tells it; each case in a child. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/wait.h>

#include "../../src/cmd/privilege.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#define CAP_BPF 39
#endif

#define BIT(capability) (UINT64_C(1) << (capability))

struct left {
	int error;
	uint64_t effective, permitted, inheritable, bounding, no_new_privileges;
};

static void read_status(struct left *left)
{
	const struct {
		const char *name;
		uint64_t *value;
	} lines[] = {
		{"CapEff:", &left->effective},
		{"CapPrm:", &left->permitted},
		{"CapInh:", &left->inheritable},
		{"CapBnd:", &left->bounding},
		{"NoNewPrivs:", &left->no_new_privileges},
	};
	_cleanup_fclose_ FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	size_t i;

	while (file && fgets(line, sizeof(line), file))
		for (i = 0; i < ARRAY_SIZE(lines); i++)
			if (!strncmp(line, lines[i].name, strlen(lines[i].name)))
				*lines[i].value = strtoull(line + strlen(lines[i].name), NULL, 16);
}

static struct left after(unsigned int keep)
{
	struct left left = {};
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		left.error = privilege_keep(keep);
		read_status(&left);
		_exit(write(ends[1], &left, sizeof(left)) != sizeof(left));
	}
	assert_int_equal(read(ends[0], &left, sizeof(left)), sizeof(left));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
	return left;
}

static struct left before(void)
{
	struct left left = {};

	read_status(&left);
	return left;
}

static void test_no_new_privileges(void **state)
{
	struct left left = after(PRIVILEGE_NONE);

	(void)state;
	assert_int_equal(left.error, 0);
	assert_int_equal(left.no_new_privileges, 1);
}

static void need_libcap(void)
{
	if (privilege_can_drop())
		return;
	print_message("libcap's headers are not installed\n");
	skip();
}

static void test_none(void **state)
{
	struct left left = after(PRIVILEGE_NONE);

	(void)state;
	need_libcap();
	assert_int_equal(left.effective, 0);
	assert_int_equal(left.permitted, 0);
	assert_int_equal(left.inheritable, 0);
	if (before().effective & BIT(CAP_SETPCAP))
		assert_int_equal(left.bounding, 0);
}

static void assert_left(unsigned int keep, uint64_t expected)
{
	struct left left = after(keep);
	uint64_t had = before().permitted;

	assert_int_equal(left.error, 0);
	if (!(had & BIT(CAP_BPF)) && expected & BIT(CAP_BPF))
		expected |= BIT(CAP_SYS_ADMIN);
	assert_int_equal(left.permitted, expected & had);
	assert_int_equal(left.effective, expected & before().effective);
}

static void test_sets(void **state)
{
	(void)state;
	need_libcap();
	assert_left(PRIVILEGE_MAPS, BIT(CAP_BPF));
	assert_left(PRIVILEGE_HOOKS, BIT(CAP_NET_ADMIN));
	assert_left(PRIVILEGE_MAPS | PRIVILEGE_ENTER,
		    BIT(CAP_BPF) | BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_PTRACE));
	assert_left(PRIVILEGE_PROGRAMS, BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_NET_ADMIN));
	assert_left(PRIVILEGE_MEMORY | PRIVILEGE_FILES,
		    BIT(CAP_SYS_RESOURCE) | BIT(CAP_DAC_READ_SEARCH));
}

/* Twice, narrower each time; what is gone does not come back. */
static void test_again(void **state)
{
	pid_t child;
	int status;

	(void)state;
	need_libcap();
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		struct left left = {};
		int error = privilege_keep(PRIVILEGE_HOOKS);

		if (!error)
			error = privilege_keep(PRIVILEGE_HOOKS | PRIVILEGE_ENTER);
		read_status(&left);
		_exit(error || left.permitted & ~BIT(CAP_NET_ADMIN));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A program that is executed gains nothing back, root's neither. */
static void test_execute(void **state)
{
	pid_t child;
	int status;

	(void)state;
	need_libcap();
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		if (privilege_keep(PRIVILEGE_NONE))
			_exit(1);
		execl("/bin/sh", "sh", "-c", "grep -q '^CapEff:\t0*$' /proc/self/status", NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_new_privileges),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_execute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

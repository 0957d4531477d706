/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor makes of files of /proc and /sys, and of names that others gave. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "../../src/cmd/doctor.h"
#include "../../src/meter/first_tool.h"

#define ROOT "25 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
#define LEGACY "33 31 0:30 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu\n"
#define UNIFIED "41 31 0:38 / /sys/fs/cgroup/unified rw shared:2 master:3 - cgroup2 cgroup2 rw\n"
#define DISGUISED "42 1 0:39 / /mnt rw - tmpfs cgroup2 rw\n"

static FILE *file_of(const char *text)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	rewind(file);
	return file;
}

static struct probe judge(void (*judge_file)(struct probe *, FILE *), const char *text)
{
	struct probe probe = {};
	FILE *file = file_of(text);

	judge_file(&probe, file);
	fclose(file);
	return probe;
}

static void test_cgroup2_hybrid(void **state)
{
	struct probe probe = judge(doctor_judge_mounts, ROOT LEGACY UNIFIED);

	(void)state;
	assert_int_equal(probe.state, PROBE_GOOD);
	assert_non_null(strstr(probe.text, "/sys/fs/cgroup/unified"));
	assert_non_null(strstr(probe.text, "hybrid"));
}

static void test_cgroup2_alone(void **state)
{
	struct probe probe = judge(doctor_judge_mounts, ROOT UNIFIED);

	(void)state;
	assert_int_equal(probe.state, PROBE_GOOD);
	assert_null(strstr(probe.text, "hybrid"));
}

static void test_cgroup2_missing(void **state)
{
	struct probe probe = judge(doctor_judge_mounts, ROOT LEGACY DISGUISED "no mount\n");

	(void)state;
	assert_int_equal(probe.state, PROBE_MISSING);
	assert_non_null(strstr(probe.text, "version 1"));
	assert_true(probe.advice[0]);
}

static void test_mountinfo_unreadable(void **state)
{
	struct probe probe = {};

	(void)state;
	doctor_judge_mounts(&probe, NULL);
	assert_int_equal(probe.state, PROBE_MISSING);
	doctor_judge_controllers(&probe, NULL);
	assert_int_equal(probe.state, PROBE_GOOD);
}

#define HEAD "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"

static void test_controllers(void **state)
{
	struct probe probe = judge(doctor_judge_controllers,
				   HEAD "cpu\t3\t12\t1\nnet_cls\t5\t2\t1\nnet_prio\t5\t2\t1\n");

	(void)state;
	assert_int_equal(probe.state, PROBE_NOTE);
	assert_non_null(strstr(probe.text, "net_cls and net_prio"));
	/* mounted nowhere, or nobody but the root in it */
	probe = judge(doctor_judge_controllers, HEAD "net_cls\t0\t9\t1\nnet_prio\t5\t1\t1\n");
	assert_int_equal(probe.state, PROBE_GOOD);
}

static void test_lockdown(void **state)
{
	struct probe probe = {};

	(void)state;
	doctor_judge_lockdown(&probe, "[none] integrity confidentiality");
	assert_int_equal(probe.state, PROBE_GOOD);
	doctor_judge_lockdown(&probe, "none integrity [confidentiality]");
	assert_int_equal(probe.state, PROBE_NOTE);
	assert_ptr_equal(strstr(probe.text, "confidentiality:"), probe.text);
	doctor_judge_lockdown(&probe, "none [integ");
	assert_int_equal(probe.state, PROBE_NOTE);
	assert_non_null(strstr(probe.text, "cannot be told"));
}

static void test_first_tool_names(void **state)
{
	(void)state;
	assert_true(first_tool_program_name("network_account"));
	assert_false(first_tool_program_name("network_accoun"));
	assert_false(first_tool_program_name("netacct_in"));
	assert_true(first_tool_filter_name("network_accounting_eth0.bpf.o:[tc_ingress]"));
	assert_false(first_tool_filter_name("network_account"));
	assert_true(first_tool_map_name("t_m_a_r_eth0"));
	assert_true(first_tool_map_name("t_m_b_t"));
	assert_false(first_tool_map_name("t_m_c_r_eth0"));
	assert_false(first_tool_map_name("t_m_a_rx"));
	assert_false(first_tool_map_name("t_m_"));
	assert_false(first_tool_map_name("t_m_a"));
	assert_false(first_tool_map_name(""));
}

static void assert_word(const char *text, const char *expected)
{
	char word[80];

	doctor_shell_word(text, word, sizeof(word));
	assert_string_equal(word, expected);
}

static void test_shell_word(void **state)
{
	char word[12];

	(void)state;
	assert_word("eth0.100", "eth0.100");
	assert_word("", "''");
	assert_word("a b", "'a b'");
	assert_word("$(id)", "'$(id)'");
	assert_word("a'b", "'a'\\''b'");
	assert_word("-x", "'-x'");
	doctor_shell_word("''''''''''''''''", word, sizeof(word));
	assert_true(strlen(word) < sizeof(word));
	assert_int_equal(word[strlen(word) - 1], '\'');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cgroup2_hybrid),
		cmocka_unit_test(test_cgroup2_alone),
		cmocka_unit_test(test_cgroup2_missing),
		cmocka_unit_test(test_mountinfo_unreadable),
		cmocka_unit_test(test_controllers),
		cmocka_unit_test(test_lockdown),
		cmocka_unit_test(test_first_tool_names),
		cmocka_unit_test(test_shell_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

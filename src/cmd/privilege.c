/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "privilege.h"

#include <errno.h>
#include <sys/prctl.h>

#ifdef HAVE_LIBCAP
#include <linux/capability.h>
#include <netacct/cleanup.h>
#include <sys/capability.h>

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* Linux 5.8 */
#define CAP_BPF 39
#endif

#define BIT(capability) (UINT64_C(1) << (capability))

static const struct {
	enum privilege privilege;
	uint64_t capabilities;
} needs[] = {
	/* bpf_capable() */
	{PRIVILEGE_MAPS, BIT(CAP_BPF)},
	/* the verifier: pointer arithmetic on packets (perfmon_capable()), types of tc and XDP */
	{PRIVILEGE_PROGRAMS, BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_NET_ADMIN)},
	/* rtnetlink changes, BPF_PROG_QUERY and links of tcx */
	{PRIVILEGE_HOOKS, BIT(CAP_NET_ADMIN)},
	/* setns(2), BPF_*_GET_FD_BY_ID and mount(2); /proc/PID/ns of others */
	{PRIVILEGE_ENTER, BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_PTRACE)},
	/* setrlimit(2), before 5.11 */
	{PRIVILEGE_MEMORY, BIT(CAP_SYS_RESOURCE)},
	/* root reads what its caller under sudo may, and writes nothing of it */
	{PRIVILEGE_FILES, BIT(CAP_DAC_READ_SEARCH)},
	/* root:netacct files and socket; an output file in a folder of sudo's caller */
	{PRIVILEGE_OWNER, BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE)},
};

static void cleanup_capabilities(cap_t *capabilities)
{
	if (*capabilities)
		cap_free(*capabilities);
}
#define _cleanup_capabilities_ __attribute__((cleanup(cleanup_capabilities)))

static bool permitted(cap_t capabilities, cap_value_t capability)
{
	cap_flag_value_t value = CAP_CLEAR;

	return !cap_get_flag(capabilities, capability, CAP_PERMITTED, &value) && value == CAP_SET;
}

/*
 * CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON: alone on a kernel without
 * them, and in a container that was given nothing else.
 */
static uint64_t wanted(cap_t capabilities, unsigned int keep)
{
	const uint64_t newer = BIT(CAP_BPF) | BIT(CAP_PERFMON);
	uint64_t want = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if (keep & needs[i].privilege)
			want |= needs[i].capabilities;
	if (want & newer &&
	    (!permitted(capabilities, CAP_BPF) || !permitted(capabilities, CAP_PERFMON)))
		want |= BIT(CAP_SYS_ADMIN);
	return want;
}

static int clear(cap_t capabilities, cap_value_t capability)
{
	static const cap_flag_t sets[] = {CAP_EFFECTIVE, CAP_PERMITTED, CAP_INHERITABLE};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sets); i++)
		if (cap_set_flag(capabilities, sets[i], 1, &capability, CAP_CLEAR))
			return -errno;
	return 0;
}

/* What the process can never get back; without CAP_SETPCAP the set stays. */
static void drop_bounding(uint64_t want)
{
	cap_value_t capability;

	for (capability = 0; capability < cap_max_bits(); capability++)
		if (!(want & BIT(capability)))
			cap_drop_bound(capability);
}

static int drop(unsigned int keep)
{
	_cleanup_capabilities_ cap_t capabilities = cap_get_proc();
	cap_value_t capability;
	uint64_t want;
	int error = 0;

	if (!capabilities)
		return -errno;
	want = wanted(capabilities, keep);
	drop_bounding(want);
	for (capability = 0; capability < cap_max_bits() && !error; capability++)
		if (!(want & BIT(capability)))
			error = clear(capabilities, capability);
	if (!error && cap_set_proc(capabilities))
		error = -errno;
	return error;
}
#else
static int drop(unsigned int keep)
{
	(void)keep;
	return 0;
}
#endif

bool privilege_can_drop(void)
{
#ifdef HAVE_LIBCAP
	return true;
#else
	return false;
#endif
}

int privilege_keep(unsigned int keep)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return drop(keep);
}

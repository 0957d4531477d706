/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe_hook.h"

/* enum bpf_attach_type of 6.6; headers before it lack them. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47

/*
 * The head of union bpf_attr for BPF_LINK_CREATE; what a kernel does not know
 * behind it is 0 and taken for absent.
 */
struct link_create {
	uint32_t program;
	uint32_t ifindex;
	uint32_t attach_type;
	uint32_t flags;
	uint32_t relative;
	uint32_t padding;
	uint64_t expected_revision;
};

_Static_assert(sizeof(struct link_create) == 32, "the link_create part of union bpf_attr");

int probe_tcx_link(int program, uint32_t ifindex, enum filter_side side)
{
	struct link_create create = {
		.program = (uint32_t)program,
		.ifindex = ifindex,
		.attach_type = side == FILTER_INGRESS ? TCX_INGRESS : TCX_EGRESS,
	};
	int fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &create, sizeof(create));

	return fd < 0 ? -errno : fd;
}

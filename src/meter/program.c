/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* enum bpf_attach_type of 6.6; headers before it lack them. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47

int program_info(uint32_t id, struct program_info *ret)
{
	struct bpf_prog_info info = {0};
	uint32_t length = sizeof(info);
	_cleanup_close_ int fd = -1;

	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return -errno;
	*ret = (struct program_info){.id = info.id, .type = info.type};
	memcpy(ret->name, info.name, sizeof(ret->name) - 1);
	memcpy(ret->tag, info.tag, sizeof(ret->tag));
	return 0;
}

int program_id(int fd, uint32_t *ret)
{
	struct bpf_prog_info info = {0};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return -errno;
	*ret = info.id;
	return 0;
}

/*
 * The head of union bpf_attr for BPF_PROG_QUERY; `target` is named
 * target_ifindex from 6.6 on and target_fd before it.
 */
struct query {
	uint32_t target;
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	uint64_t prog_ids;
	uint32_t prog_count;
	uint32_t padding;
	uint64_t prog_attach_flags;
	uint64_t link_ids;
	uint64_t link_attach_flags;
	uint64_t revision;
};

_Static_assert(sizeof(struct query) == 64, "the query part of union bpf_attr");
_Static_assert(offsetof(struct query, prog_ids) == offsetof(union bpf_attr, query.prog_ids),
	       "the query part of union bpf_attr");
_Static_assert(offsetof(struct query, prog_count) == offsetof(union bpf_attr, query.prog_cnt),
	       "the query part of union bpf_attr");

int tcx_query(uint32_t ifindex, enum filter_side side, struct tcx_programs *ret)
{
	struct tcx_programs programs = {0};
	struct query query = {
		.target = ifindex,
		.attach_type = side == FILTER_INGRESS ? TCX_INGRESS : TCX_EGRESS,
		.prog_ids = (uintptr_t)programs.ids,
		.prog_count = TCX_PROGRAMS_MAX,
	};

	if (syscall(SYS_bpf, BPF_PROG_QUERY, &query, sizeof(query)))
		return -errno;
	programs.count = query.prog_count;
	*ret = programs;
	return 0;
}

void program_library_version(unsigned int *ret_major, unsigned int *ret_minor)
{
	*ret_major = libbpf_major_version();
	*ret_minor = libbpf_minor_version();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that the kernel runs, ours and others': what one is called, and
 * which sit on an interface by tcx. Functions return 0 or a negative errno
 * and never print.
 */
#ifndef NETACCT_PROGRAM_H
#define NETACCT_PROGRAM_H

#include <netacct/abi.h>
#include <netacct/netlink.h>
#include <stdint.h>

struct program_info {
	uint32_t id;
	uint32_t type; /* enum bpf_prog_type */
	char name[16]; /* as the kernel keeps it: cut at 15 bytes, "" where it has none */
	uint8_t tag[8];
};

/* BPF_PROG_GET_FD_BY_ID wants CAP_SYS_ADMIN: -EPERM; -ENOENT: it has gone. */
int program_info(uint32_t id, struct program_info *ret);

/* Of an open descriptor. */
int program_id(int fd, uint32_t *ret);

#define TCX_PROGRAMS_MAX 64 /* BPF_MPROG_MAX of the kernel */

struct tcx_programs {
	uint32_t count;
	uint32_t ids[TCX_PROGRAMS_MAX]; /* in the order the kernel runs them */
};

/*
 * BPF_PROG_QUERY for an interface of the calling thread's namespace (from
 * 6.6 on). -EINVAL: the kernel has no tcx; -EPERM without CAP_NET_ADMIN.
 */
int tcx_query(uint32_t ifindex, enum filter_side side, struct tcx_programs *ret);

/* Of the libbpf that is linked in. */
void program_library_version(unsigned int *ret_major, unsigned int *ret_minor);

#endif

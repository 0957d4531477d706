// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Can the tests of the kernel side run here? Exit 0, or 1 with the reason on
 * stdout. It tries and asks for no version: an array as the inner map of
 * another size came with Linux 5.10, the oldest kernel netacct runs on.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int no(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static int try_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 64,
		.max_entries = 1,
		.map_flags = BPF_F_INNER_MAP,
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd < 0)
		return no("the kernel makes no BPF map for us (5.10 or newer, and CAP_BPF)");
	close(fd);
	return 0;
}

static int try_program(void)
{
	static const struct bpf_insn pass[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.insns = (unsigned long)pass,
		.insn_cnt = 2,
		.license = (unsigned long)"GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		return no("the kernel loads no BPF program for us");
	close(fd);
	return 0;
}

/* In a mount namespace of the caller's (scripts/isolated). */
static int try_bpffs(void)
{
	if (mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL))
		return no("bpffs cannot be mounted");
	return 0;
}

int main(void)
{
	return try_map() || try_program() || try_bpffs();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prelude.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <stddef.h>

#define MOVE(TO, FROM)                                                                  \
	{                                                                               \
		.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (TO), .src_reg = (FROM) \
	}
#define SET(TO, VALUE)                                                               \
	{                                                                            \
		.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (TO), .imm = (VALUE) \
	}
#define CONTEXT(TO, FIELD)                                                                \
	{                                                                                 \
		.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = (TO), .src_reg = BPF_REG_6, \
		.off = offsetof(struct __sk_buff, FIELD)                                  \
	}
#define MAP(TO, FD)                         \
	{.code = BPF_LD | BPF_DW | BPF_IMM, \
	 .dst_reg = (TO),                   \
	 .src_reg = BPF_PSEUDO_MAP_FD,      \
	 .imm = (FD)},                      \
	{                                   \
	}
#define IF_ZERO(WHAT, SKIP)                                                         \
	{                                                                           \
		.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = (WHAT), .off = (SKIP) \
	}
#define CALL(FUNCTION)                                        \
	{                                                     \
		.code = BPF_JMP | BPF_CALL, .imm = (FUNCTION) \
	}
#define EXIT                               \
	{                                  \
		.code = BPF_JMP | BPF_EXIT \
	}

#define FAILED 99 /* none of the verdicts of a program of ours */

int prelude_open(int *ret_program, int *ret_array)
{
	_cleanup_close_ int array = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "next", 4, 4, 1, NULL);
	const struct bpf_insn code[] = {
		MOVE(BPF_REG_6, BPF_REG_1),
		CONTEXT(BPF_REG_2, mark),
		IF_ZERO(BPF_REG_2, 6),
		SET(BPF_REG_3, 0),
		CALL(BPF_FUNC_skb_change_tail),
		IF_ZERO(BPF_REG_0, 2),
		SET(BPF_REG_0, FAILED),
		EXIT,
		MOVE(BPF_REG_1, BPF_REG_6),
		CONTEXT(BPF_REG_2, priority),
		IF_ZERO(BPF_REG_2, 3),
		SET(BPF_REG_2, htons(0x8100)),
		SET(BPF_REG_3, 42),
		CALL(BPF_FUNC_skb_vlan_push),
		MOVE(BPF_REG_1, BPF_REG_6),
		MAP(BPF_REG_2, array),
		SET(BPF_REG_3, 0),
		CALL(BPF_FUNC_tail_call),
		SET(BPF_REG_0, FAILED),
		EXIT,
	};
	int program;

	if (array < 0)
		return -errno;
	program = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "prelude", "GPL", code, ARRAY_SIZE(code),
				NULL);
	if (program < 0)
		return -errno;
	*ret_program = program;
	*ret_array = TAKE_FD(array);
	return 0;
}

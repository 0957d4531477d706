// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "inject_call.h"

#include <linux/bpf.h>
#include <stdio.h>
#include <sys/syscall.h>

#include <netacct/cleanup.h>

enum call_kind { KIND_READS, KIND_CHANGES, KIND_REPEATS, KIND_HARMLESS };

struct call_row {
	long number;
	const char *name;
	enum call_kind kind;
};

/* What the program is known to use; another call reads, and goes by its number. */
static const struct call_row calls[] = {
	{SYS_brk, "brk", KIND_HARMLESS},
	{SYS_exit_group, "exit_group", KIND_HARMLESS},
	{SYS_munmap, "munmap", KIND_HARMLESS},
	{SYS_futex, "futex", KIND_HARMLESS}, /* a lock of libc's, which aborts */
	{SYS_mkdirat, "mkdirat", KIND_CHANGES},
	{SYS_renameat, "renameat", KIND_CHANGES},
	{SYS_renameat2, "renameat2", KIND_CHANGES},
	{SYS_unlinkat, "unlinkat", KIND_CHANGES},
	{SYS_sendto, "sendto", KIND_CHANGES},
	{SYS_sendmsg, "sendmsg", KIND_CHANGES},
	{SYS_write, "write", KIND_CHANGES},
	{SYS_writev, "writev", KIND_CHANGES},
	{SYS_mount, "mount", KIND_CHANGES},
	{SYS_fsync, "fsync", KIND_CHANGES},
	{SYS_fdatasync, "fdatasync", KIND_CHANGES},
#ifdef SYS_mkdir
	{SYS_mkdir, "mkdir", KIND_CHANGES},
	{SYS_rename, "rename", KIND_CHANGES},
	{SYS_rmdir, "rmdir", KIND_CHANGES},
	{SYS_unlink, "unlink", KIND_CHANGES},
	{SYS_open, "open", KIND_READS},
	{SYS_poll, "poll", KIND_READS},
	{SYS_dup2, "dup2", KIND_READS},
#endif
	{SYS_openat, "openat", KIND_READS},
	{SYS_close, "close", KIND_READS},
	{SYS_read, "read", KIND_READS},
	{SYS_fstat, "fstat", KIND_READS},
	{SYS_newfstatat, "newfstatat", KIND_READS},
	{SYS_fcntl, "fcntl", KIND_READS},
	{SYS_ioctl, "ioctl", KIND_READS},
	{SYS_flock, "flock", KIND_READS},
	{SYS_statfs, "statfs", KIND_READS},
	{SYS_fstatfs, "fstatfs", KIND_READS},
	{SYS_getdents64, "getdents64", KIND_READS},
	{SYS_getrandom, "getrandom", KIND_READS},
	{SYS_mmap, "mmap", KIND_READS},
	{SYS_dup, "dup", KIND_READS},
	{SYS_dup3, "dup3", KIND_READS},
	{SYS_ppoll, "ppoll", KIND_READS},
	{SYS_socket, "socket", KIND_READS},
	{SYS_bind, "bind", KIND_READS},
	{SYS_getsockname, "getsockname", KIND_READS},
	{SYS_getsockopt, "getsockopt", KIND_READS},
	{SYS_setsockopt, "setsockopt", KIND_READS},
	{SYS_recvfrom, "recvfrom", KIND_READS},
	{SYS_recvmsg, "recvmsg", KIND_READS},
	{SYS_setns, "setns", KIND_READS},
	{SYS_uname, "uname", KIND_READS},
	{SYS_lseek, "lseek", KIND_READS},
};

static const struct call_row commands[] = {
	{BPF_MAP_LOOKUP_ELEM, "BPF_MAP_LOOKUP_ELEM", KIND_REPEATS},
	{BPF_PROG_TEST_RUN, "BPF_PROG_TEST_RUN", KIND_REPEATS},
	{BPF_MAP_UPDATE_ELEM, "BPF_MAP_UPDATE_ELEM", KIND_CHANGES},
	{BPF_MAP_DELETE_ELEM, "BPF_MAP_DELETE_ELEM", KIND_CHANGES},
	{BPF_MAP_DELETE_BATCH, "BPF_MAP_DELETE_BATCH", KIND_CHANGES},
	{BPF_OBJ_PIN, "BPF_OBJ_PIN", KIND_CHANGES},
	{BPF_LINK_CREATE, "BPF_LINK_CREATE", KIND_CHANGES},
	{BPF_LINK_UPDATE, "BPF_LINK_UPDATE", KIND_CHANGES},
	{BPF_LINK_DETACH, "BPF_LINK_DETACH", KIND_CHANGES},
	{BPF_MAP_CREATE, "BPF_MAP_CREATE", KIND_READS},
	{BPF_MAP_FREEZE, "BPF_MAP_FREEZE", KIND_READS},
	{BPF_MAP_GET_NEXT_KEY, "BPF_MAP_GET_NEXT_KEY", KIND_READS},
	{BPF_MAP_LOOKUP_BATCH, "BPF_MAP_LOOKUP_BATCH", KIND_READS},
	{BPF_PROG_LOAD, "BPF_PROG_LOAD", KIND_READS},
	{BPF_PROG_BIND_MAP, "BPF_PROG_BIND_MAP", KIND_READS},
	{BPF_PROG_QUERY, "BPF_PROG_QUERY", KIND_READS},
	{BPF_OBJ_GET, "BPF_OBJ_GET", KIND_READS},
	{BPF_OBJ_GET_INFO_BY_FD, "BPF_OBJ_GET_INFO_BY_FD", KIND_READS},
	{BPF_PROG_GET_FD_BY_ID, "BPF_PROG_GET_FD_BY_ID", KIND_READS},
	{BPF_MAP_GET_FD_BY_ID, "BPF_MAP_GET_FD_BY_ID", KIND_READS},
	{BPF_BTF_LOAD, "BPF_BTF_LOAD", KIND_READS},
};

static const struct call_row *find(const struct call_row *rows, size_t count, long number)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

static const struct call_row *row_of(const struct inject_call *call)
{
	if (call->number == SYS_bpf)
		return find(commands, ARRAY_SIZE(commands), (long)call->arguments[0]);
	return find(calls, ARRAY_SIZE(calls), call->number);
}

static bool is(const struct inject_call *call, enum call_kind kind)
{
	const struct call_row *row = row_of(call);

	return row ? row->kind == kind : kind == KIND_READS;
}

bool call_harmless(const struct inject_call *call)
{
	bool message = call->number == SYS_write && call->arguments[0] == 2;

	return message || is(call, KIND_HARMLESS);
}

bool call_repeats(const struct inject_call *call)
{
	return is(call, KIND_REPEATS);
}

bool call_changes(const struct inject_call *call)
{
	return is(call, KIND_CHANGES);
}

void call_name(const struct inject_call *call, char *text, size_t size)
{
	const struct call_row *row = row_of(call);

	if (call->number != SYS_bpf && row)
		snprintf(text, size, "%s", row->name);
	else if (call->number != SYS_bpf)
		snprintf(text, size, "system call %ld", call->number);
	else if (row)
		snprintf(text, size, "bpf(%s)", row->name);
	else
		snprintf(text, size, "bpf(%ld)", (long)call->arguments[0]);
}

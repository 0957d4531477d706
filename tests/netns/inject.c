// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "inject_call.h"

#define POINTS_MAX 8192
#define WORDS_MAX 64
#define ROW 3 /* calls of a row of lookups that count */

/* A run under way. */
struct traced {
	pid_t pid;
	int out, err; /* memory files */
	struct injection *injection;
	struct inject_points *points; /* NULL: they are not to be written down */
	unsigned int calls; /* that count, so far */
	unsigned int row; /* lookups since another call */
	bool begun;
	bool inside; /* the call of the injection is under way */
};

static _Noreturn void become(const struct traced *traced, const char *const *argv)
{
	int null = open("/dev/null", O_RDONLY);
	const char *words[WORDS_MAX] = {tool_program()};

	for (size_t i = 1; *argv && i < WORDS_MAX - 1; i++)
		words[i] = *argv++;

	if (null < 0 || dup2(null, 0) < 0 || dup2(traced->out, 1) < 0 || dup2(traced->err, 2) < 0)
		_exit(126);
	close(null);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(126);
	execv(words[0], (char **)(uintptr_t)words);
	_exit(127);
}

static int await(const struct traced *traced)
{
	int status;

	while (waitpid(traced->pid, &status, 0) < 0)
		CHECK(errno == EINTR, "wait: %s", strerror(errno));
	return status;
}

static void start(struct traced *traced, const char *const *argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	int status;

	traced->out = memfd_create("out", MFD_CLOEXEC);
	traced->err = memfd_create("err", MFD_CLOEXEC);
	CHECK(traced->out >= 0 && traced->err >= 0, "memfd: %s", strerror(errno));
	traced->pid = fork();
	if (!traced->pid)
		become(traced, argv);
	CHECK(traced->pid > 0, "fork: %s", strerror(errno));
	status = await(traced);
	CHECK(WIFSTOPPED(status) && !ptrace(PTRACE_SETOPTIONS, traced->pid, NULL, options),
	      "ptrace: %s", strerror(errno));
}

/* The number of the call that is about to be made; -1: none. */
static void set_number(pid_t pid, long number)
{
#if defined(__x86_64__)
	long error =
		ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax), number);
#elif defined(__aarch64__)
	int word = (int)number;
	struct iovec set = {&word, sizeof(word)};
	long error = ptrace(PTRACE_SETREGSET, pid, 0x404 /* NT_ARM_SYSTEM_CALL */, &set);
#else
	long error = pid + number;

	skip("system calls cannot be made to fail on this machine");
#endif
	CHECK(!error, "ptrace: %s", strerror(errno));
}

/* What the call that is over returns. */
static void set_result(pid_t pid, long result)
{
#if defined(__x86_64__)
	long error = ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax), result);
#elif defined(__aarch64__)
	struct user_regs_struct registers;
	struct iovec set = {&registers, sizeof(registers)};
	long error = ptrace(PTRACE_GETREGSET, pid, 1 /* NT_PRSTATUS */, &set);

	registers.regs[0] = (unsigned long long)result;
	if (!error)
		error = ptrace(PTRACE_SETREGSET, pid, 1, &set);
#else
	long error = pid + result;
#endif
	CHECK(!error, "ptrace: %s", strerror(errno));
}

/* Is it a call that counts? */
static bool counts(struct traced *traced, const struct inject_call *call)
{
	traced->begun |=
		call->number == SYS_statfs || call->number == SYS_flock || call->number == SYS_bpf;
	if (!traced->begun || call_harmless(call))
		return false;
	traced->row = call_repeats(call) ? traced->row + 1 : 0;
	return traced->row <= ROW;
}

static void write_down(struct traced *traced, const struct inject_call *call)
{
	struct inject_points *points = traced->points;

	if (!points)
		return;
	CHECK(traced->calls <= POINTS_MAX, "more than %d system calls", POINTS_MAX);
	points->changes[traced->calls - 1] = call_changes(call);
	points->count = traced->calls;
}

static void enter(struct traced *traced, const struct inject_call *call)
{
	struct injection *injection = traced->injection;

	if (!counts(traced, call))
		return;
	traced->calls++;
	write_down(traced, call);
	if (injection->action == INJECT_NOTHING || traced->calls != injection->point)
		return;
	injection->reached = true;
	call_name(call, injection->call, sizeof(injection->call));
	traced->inside = true;
	if (injection->action == INJECT_KILL_BEFORE)
		kill(traced->pid, SIGKILL);
	else if (injection->action == INJECT_ERROR)
		set_number(traced->pid, -1);
}

static void leave(struct traced *traced)
{
	if (!traced->inside)
		return;
	traced->inside = false;
	if (traced->injection->action == INJECT_ERROR)
		set_result(traced->pid, -traced->injection->error);
	else
		kill(traced->pid, SIGKILL);
}

/* At a stop that the kernel makes before and after each system call. */
static void look(struct traced *traced)
{
	struct __ptrace_syscall_info info;
	struct inject_call call;

	memset(&info, 0, sizeof(info));
	if (ptrace(PTRACE_GET_SYSCALL_INFO, traced->pid, sizeof(info), &info) <= 0) {
		CHECK(errno == ESRCH, "PTRACE_GET_SYSCALL_INFO: %s", strerror(errno));
		return;
	}
	if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		leave(traced);
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	call = (struct inject_call){traced->pid, (long)info.entry.nr, info.entry.args};
	enter(traced, &call);
}

/* Until it has ended; returns its wait status. */
static int follow(struct traced *traced)
{
	int status, signal = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, traced->pid, NULL, signal) && errno != ESRCH)
			fail("ptrace: %s", strerror(errno));
		status = await(traced);
		if (!WIFSTOPPED(status))
			return status;
		signal = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			look(traced);
		else if (WSTOPSIG(status) != SIGTRAP)
			signal = WSTOPSIG(status);
	}
}

static char *read_back(int *fd, size_t *ret_size)
{
	off_t size = lseek(*fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)size + 1);

	CHECK(text && pread(*fd, text, (size_t)size, 0) == size, "read: %s", strerror(errno));
	close(*fd);
	*ret_size = (size_t)size;
	return text;
}

static void trace(struct traced *traced, struct run *ret, const char *const *argv)
{
	int status;

	start(traced, argv);
	status = follow(traced);
	memset(ret, 0, sizeof(*ret));
	ret->out = read_back(&traced->out, &ret->out_size);
	ret->err = read_back(&traced->err, &ret->err_size);
	ret->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void inject_run(struct injection *injection, struct run *ret, const char *const *argv)
{
	struct traced traced = {.injection = injection};

	injection->reached = false;
	snprintf(injection->call, sizeof(injection->call), "no call");
	trace(&traced, ret, argv);
}

void inject_count(struct inject_points *ret, struct run *ret_run, const char *const *argv)
{
	struct injection nothing = {.action = INJECT_NOTHING};
	struct traced traced = {.injection = &nothing, .points = ret};

	ret->count = 0;
	ret->changes = calloc(POINTS_MAX, sizeof(*ret->changes));
	CHECK(ret->changes, "out of memory");
	trace(&traced, ret_run, argv);
	CHECK(!ret_run->status, "%s: expected exit status 0, got %d: %s", argv[0], ret_run->status,
	      ret_run->err);
	CHECK(ret->count, "%s made no system call that counts", argv[0]);
}

void inject_points_clear(struct inject_points *points)
{
	free(points->changes);
	memset(points, 0, sizeof(*points));
}

bool inject_all(void)
{
	return getenv("NETACCT_FULL") != NULL;
}

unsigned int inject_next(const struct inject_points *points, unsigned int point, bool changes,
			 unsigned int step)
{
	const char *only = getenv("NETACCT_POINT");
	unsigned int first = 1, last = points->count;

	if (only && sscanf(only, "%u-%u", &first, &last) == 1)
		return point ? 0 : first;
	point = point < first ? first - 1 : point;
	last = last < points->count ? last : points->count;
	while (++point <= last)
		if (inject_all() || (changes && points->changes[point - 1]) || point % step == 0)
			return point;
	return 0;
}

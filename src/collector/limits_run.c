// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* vasprintf(), pipe2() */
/* A limit's command: executed, never handed to a shell. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../output/rfc3339.h"
#include "limits.h"

#define PATH_DEFAULT "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define VARIABLES 11

struct environment {
	char *variable[VARIABLES + 1];
	size_t count;
	bool failed; /* no memory */
};

static void environment_clear(struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		free(environment->variable[i]);
}
#define _cleanup_environment_ __attribute__((cleanup(environment_clear)))

__attribute__((format(printf, 2, 3))) static void add(struct environment *environment,
						      const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		environment->failed = true;
	else
		environment->variable[environment->count++] = text;
	va_end(arguments);
}

static void add_time(struct environment *environment, const char *name, int64_t seconds)
{
	struct rfc3339 cache = {};
	char text[RFC3339_WRITE_MAX + 1];

	*rfc3339_seconds(&cache, seconds < 0 ? 0 : (uint64_t)seconds, text) = '\0';
	add(environment, "%s=%s", name, text);
}

static void describe(struct environment *environment, const struct limit_state *state)
{
	static const char *const periods[] = {
		[CONFIG_DAY] = "day", [CONFIG_MONTH] = "month", [CONFIG_BILLING] = "billing"};
	static const char *const directions[] = {
		[CONFIG_IN] = "in", [CONFIG_OUT] = "out", [CONFIG_BOTH] = "both"};
	const struct config_limit *limit = state->limit;
	const char *path = getenv("PATH");

	if (path)
		add(environment, "PATH=%s", path);
	else
		add(environment, PATH_DEFAULT);
	add(environment, "NETACCT_LIMIT=%s", limit->name);
	add(environment, "NETACCT_SOURCE=%s", limit->source ? limit->source : "*");
	add(environment, "NETACCT_HOST=%s", limit->host ? limit->host : "");
	add(environment, "NETACCT_PERIOD=%s", periods[limit->period]);
	add(environment, "NETACCT_DIRECTION=%s", directions[limit->direction]);
	add(environment, "NETACCT_BYTES=%llu", (unsigned long long)state->bytes);
	add(environment, "NETACCT_LIMIT_BYTES=%llu", (unsigned long long)limit->bytes);
	add(environment, "NETACCT_PERCENT=%u", state->reached);
	add_time(environment, "NETACCT_SINCE", state->start);
	add_time(environment, "NETACCT_UNTIL", state->end);
}

/* Everything above stderr but `keep`, which closes itself where the execution succeeds. */
static void close_others(int keep)
{
	_cleanup_closedir_ DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;
	int fd;

	if (!directory) {
		for (fd = 3; fd < 1024; fd++)
			if (fd != keep)
				close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		fd = (int)strtol(entry->d_name, NULL, 10);
		if (fd > 2 && fd != keep)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
}

/* Handlers are gone after an execution; what is ignored and what is blocked would stay. */
static void default_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void child(const struct limit_state *state, char **environment, int report)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), error;

	default_signals();
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) {
		close_others(report);
		execve(state->limit->command[0], state->limit->command, environment);
	}
	error = negative_errno();
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* What the child could not do: it says so before it ends, or closes the pipe by executing. */
static int outcome(int report, pid_t pid)
{
	int error = 0;
	ssize_t got;

	do
		got = read(report, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(error))
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return error;
}

int limit_run(const struct limit_state *state, int *ret_pid)
{
	_cleanup_environment_ struct environment environment = {};
	int ends[2], error;
	pid_t pid;

	describe(&environment, state);
	if (environment.failed)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC))
		return negative_errno();
	_cleanup_close_ int report = ends[0];
	_cleanup_close_ int other = ends[1];
	pid = fork();
	if (pid < 0)
		return negative_errno();
	if (!pid)
		child(state, environment.variable, other);
	close(TAKE_FD(other));
	error = outcome(report, pid);
	if (!error)
		*ret_pid = pid;
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"

#define PATIENCE_MS 60000
#define ARGUMENTS_MAX 64

extern char **environ;

/* Set by tool_use(); each test runs in a process of its own. */
static const char *other_program;

void tool_use(const char *path)
{
	other_program = path;
}

char *tool_program(void)
{
	const char *path = other_program ? other_program : getenv("NETACCT");
	char *copy = path ? strdup(path) : build_path("netacct");

	CHECK(copy, "out of memory");
	CHECK(!access(copy, X_OK), "no program to test at %s", copy);
	return copy;
}

void run_clear(struct run *run)
{
	free(run->out);
	free(run->err);
	memset(run, 0, sizeof(*run));
}

static void spawn(struct tool *tool, const char *path, char **argv)
{
	posix_spawn_file_actions_t actions;
	int out[2], err[2], error;

	CHECK(!pipe2(out, O_CLOEXEC) && !pipe2(err, O_CLOEXEC), "pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, err[1], 2);
	error = posix_spawn(&tool->pid, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	CHECK(!error, "run %s: %s", path, strerror(error));
	close(out[1]);
	close(err[1]);
	tool->out = out[0];
	tool->err = err[0];
}

/* `before`: the words of a program that runs ours, ended by NULL, or NULL. */
static void start(struct tool *tool, const char *const *before, const char *const *argv)
{
	_cleanup_free_ char *path = tool_program();
	const char *words[ARGUMENTS_MAX];
	size_t count = 0;

	for (; before && *before; before++)
		words[count++] = *before;
	words[count++] = path;
	for (; *argv; argv++) {
		CHECK(count < ARGUMENTS_MAX - 1, "too many arguments");
		words[count++] = *argv;
	}
	words[count] = NULL;
	spawn(tool, words[0], (char **)(uintptr_t)words);
}

void tool_start(struct tool *tool, const char *const *argv)
{
	memset(tool, 0, sizeof(*tool));
	start(tool, NULL, argv);
}

/* False at the end of the pipe, which is closed then. */
static bool read_more(int *fd, char **text, size_t *size, size_t limit)
{
	size_t step = limit ? limit : 65536;
	char *grown = realloc(*text, *size + step + 1);
	ssize_t length;

	CHECK(grown, "out of memory");
	*text = grown;
	length = read(*fd, grown + *size, step);
	CHECK(length >= 0 || errno == EINTR, "read: %s", strerror(errno));
	*size += length > 0 ? (size_t)length : 0;
	grown[*size] = '\0';
	if (length != 0 && (!limit || *size < limit))
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

void tool_finish(struct tool *tool, struct run *ret)
{
	uint64_t patience = slow() ? 10 * PATIENCE_MS : PATIENCE_MS, start_ms = now_ms();
	int status;

	memset(ret, 0, sizeof(*ret));
	while (tool->out >= 0 || tool->err >= 0) {
		struct pollfd pipes[2] = {{.fd = tool->out, .events = POLLIN},
					  {.fd = tool->err, .events = POLLIN}};

		if (poll(pipes, 2, 1000) < 0 && errno != EINTR)
			fail("poll: %s", strerror(errno));
		if (pipes[0].revents)
			read_more(&tool->out, &ret->out, &ret->out_size, tool->limit);
		if (pipes[1].revents)
			read_more(&tool->err, &ret->err, &ret->err_size, 0);
		if (now_ms() - start_ms > patience) {
			kill(tool->pid, SIGKILL);
			fail("the program hangs; stderr: %s", ret->err ? ret->err : "");
		}
	}
	CHECK(waitpid(tool->pid, &status, 0) == tool->pid, "wait: %s", strerror(errno));
	ret->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	CHECK(!ret->err || !strstr(ret->err, "Sanitizer"), "stderr: %s", ret->err);
}

void tool_run(struct run *ret, const char *const *argv)
{
	struct tool tool;

	tool_start(&tool, argv);
	tool_finish(&tool, ret);
}

void tool_text(const char *const *argv, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "netacct");

	for (; *argv && used < size; argv++)
		used += (size_t)snprintf(text + used, size - used, " %s", *argv);
}

void tool_do(const char *const *argv)
{
	_cleanup_run_ struct run run = {0};
	char words[512];

	tool_run(&run, argv);
	tool_text(argv, words, sizeof(words));
	CHECK(run.status == 0, "%s: expected exit status 0, got %d; stderr: %s; stdout: %.1000s",
	      words, run.status, run.err, run.out);
}

void tool_refuse(int status, const char *part, const char *const *argv)
{
	_cleanup_run_ struct run run = {0};
	const char *end;
	char words[512];

	tool_run(&run, argv);
	tool_text(argv, words, sizeof(words));
	CHECK(run.status == status, "%s: expected exit status %d, got %d; stderr: %s", words,
	      status, run.status, run.err);
	end = strchr(run.err, '\n');
	CHECK(end && !end[1], "%s: expected one line on stderr, got \"%s\"", words, run.err);
	CHECK(!strncmp(run.err, "netacct: ", 9), "%s: stderr does not begin with \"netacct: \": %s",
	      words, run.err);
	CHECK(strstr(run.err, part), "%s: expected \"%s\" on stderr, got \"%s\"", words, part,
	      run.err);
}

static unsigned int count_execs(const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "r");
	unsigned int count = 0;
	char line[4096];

	CHECK(file, "%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (strstr(line, "exec") && strstr(line, ") = 0"))
			count++;
	return count;
}

void tool_trace(struct run *ret, unsigned int *ret_execs, const char *const *argv)
{
	static const char *const before[] = {
		"/usr/bin/strace",	 "-f", "-qq",	     "-e",
		"trace=execve,execveat", "-o", "/run/trace", NULL,
	};
	struct tool tool = {0};

	if (access(before[0], X_OK))
		skip("strace is not installed");
	start(&tool, before, argv);
	tool_finish(&tool, ret);
	*ret_execs = count_execs("/run/trace");
}

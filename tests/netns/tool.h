/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the program under test, without a shell. */
#ifndef NETNS_TOOL_H
#define NETNS_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a run of the program left. Release with run_clear(). */
struct run {
	int status; /* exit status; 128 + signal */
	char *out, *err; /* NUL terminated */
	size_t out_size, err_size;
};

void run_clear(struct run *run);
#define _cleanup_run_ __attribute__((cleanup(run_clear)))

/* A run that is under way. */
struct tool {
	pid_t pid;
	int out, err; /* pipes */
	size_t limit; /* stdout is closed after that many bytes, 0: never */
};

/* argv[0] is NULL-terminated and without the program's own name. */
void tool_start(struct tool *tool, const char *const *argv);
/* Reads it to its end; one that takes longer than a minute is killed and fails the test. */
void tool_finish(struct tool *tool, struct run *ret);

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

void tool_run(struct run *ret, const char *const *argv);
/* Fails the test where it does not exit with 0. */
void tool_do(const char *const *argv);
/* Must exit with `status` and say one line on stderr that has `part` in it. */
void tool_refuse(int status, const char *part, const char *const *argv);
/* As tool_run() under strace; ret_execs: successful execve(2) of the whole run. */
void tool_trace(struct run *ret, unsigned int *ret_execs, const char *const *argv);

#define netacct(...) tool_do(ARGUMENTS(__VA_ARGS__))
#define netacct_refuses(status, part, ...) tool_refuse(status, part, ARGUMENTS(__VA_ARGS__))

/* The path of the program under test; free() it. */
char *tool_program(void);
/* "netacct attach …", for messages. */
void tool_text(const char *const *argv, char *text, size_t size);

/* Another build of the program (NULL: the one of $NETACCT), for this test. */
void tool_use(const char *path);

#endif

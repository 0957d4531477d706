/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../source/sentence.h"
#include "frame.h"
#include "socket.h"

/* The command under way, and the ends of its pipes; -1: at its end. */
struct answer {
	pid_t pid;
	int out, err;
};

/* One line on the client's stderr, and an exit status. */
static int refuse(int fd, int status, const char *what, const char *why)
{
	unsigned char byte = (unsigned char)status;
	char line[512];

	snprintf(line, sizeof(line), "netacct: socket: %s: %s\n", what, why);
	if (frame_write(fd, FRAME_ERR, line, strlen(line)) ||
	    frame_write(fd, FRAME_STATUS, &byte, 1))
		return 1;
	return 0;
}

static void log_request(int fd, const struct request *request, const char *what,
			const struct server_host *host)
{
	struct ucred peer = {};
	socklen_t length = sizeof(peer);
	char words[200] = "";
	int i;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return;
	for (i = 0; i < request->argc; i++)
		sentence_append(words, sizeof(words), "%s%s", i ? " " : "", request->argv[i]);
	voice_say(host->voice, VOICE_NOTICE, NULL, "process %d of uid %u %s %s", peer.pid, peer.uid,
		  what, quote(words).text);
}

/* Where memory runs out because of a large answer, that one is ended, and not the collector. */
static void yield_memory(void)
{
	_cleanup_close_ int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1000", 4) < 0)
		return;
}

__attribute__((noreturn)) static void run(struct request *request, int out, int err,
					  const struct server_host *host)
{
	const struct rlimit seconds = {SERVER_ANSWER, SERVER_ANSWER};
	int status;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || setrlimit(RLIMIT_CPU, &seconds) ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(1);
	yield_memory();
	alarm(SERVER_ANSWER);
	status = host->answer(request->argc, request->argv, host->history);
	_exit(fflush(NULL) ? 1 : status);
}

static int start(struct request *request, const struct server_host *host, struct answer *ret)
{
	int out[2] = {-1, -1}, err[2] = {-1, -1};

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return -errno;
	}
	*ret = (struct answer){fork(), out[0], err[0]};
	if (!ret->pid)
		run(request, out[1], err[1], host);
	close(out[1]);
	close(err[1]);
	return ret->pid < 0 ? -errno : 0;
}

/* What one pipe has, as a frame; its end closes it. */
static int pass_on(int fd, int *pipe, enum frame_kind kind)
{
	static const size_t most = FRAME_MAX;
	_cleanup_free_ char *bytes = malloc(most);
	ssize_t length;

	if (!bytes)
		return -ENOMEM;
	length = read(*pipe, bytes, most);
	if (length > 0)
		return frame_write(fd, kind, bytes, (size_t)length);
	if (length < 0 && errno == EINTR)
		return 0;
	close(*pipe);
	*pipe = -1;
	return length ? -errno : 0;
}

static int pass_all(int fd, struct answer *answer)
{
	int error = 0;

	while (!error && (answer->out >= 0 || answer->err >= 0)) {
		struct pollfd pipes[] = {{.fd = answer->out, .events = POLLIN},
					 {.fd = answer->err, .events = POLLIN}};

		if (poll(pipes, 2, -1) < 0)
			return -errno;
		if (pipes[0].revents)
			error = pass_on(fd, &answer->out, FRAME_OUT);
		if (!error && pipes[1].revents)
			error = pass_on(fd, &answer->err, FRAME_ERR);
	}
	return error;
}

static int finish(int fd, const struct answer *answer)
{
	static const char late[] = "netacct: socket: took too long, and was ended\n";
	unsigned char byte = 1;
	int status;

	if (waitpid(answer->pid, &status, 0) != answer->pid)
		return 1;
	if (WIFEXITED(status))
		byte = (unsigned char)WEXITSTATUS(status);
	else if (frame_write(fd, FRAME_ERR, late, sizeof(late) - 1))
		return 1;
	return frame_write(fd, FRAME_STATUS, &byte, 1) ? 1 : 0;
}

/* Whoever started the collector may have ignored or blocked it. */
static void let_clock_end(void)
{
	sigset_t clock;

	sigemptyset(&clock);
	sigaddset(&clock, SIGALRM);
	(void)signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &clock, NULL);
}

/* The clock that ends this process runs from connect to the request's end, then anew. */
int server_answer(int fd, const struct server_host *host)
{
	struct request request;
	struct answer answer = {.out = -1, .err = -1};
	const char *word;
	int error;

	let_clock_end();
	alarm(SERVER_REQUEST);
	error = request_read(fd, &request);
	alarm(SERVER_ANSWER + SERVER_REQUEST);
	if (error == -E2BIG)
		return refuse(fd, 2, "request", "longer than this socket takes");
	if (error)
		return 1;
	if (request_allowed(request.argc, request.argv, &word)) {
		log_request(fd, &request, "was refused", host);
		return refuse(fd, 2, quote(word).text, "not answered over the socket; needs root");
	}
	log_request(fd, &request, "asks", host);
	error = start(&request, host, &answer);
	if (error)
		return refuse(fd, 1, "request", strerror(-error));
	if (pass_all(fd, &answer)) {
		kill(answer.pid, SIGKILL);
		return 1;
	}
	return finish(fd, &answer);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reverse DNS. A resolver may take half a minute for one name, and a thread
 * that waits in it cannot be stopped: so they are threads of a child, which
 * can.
 */
#define _GNU_SOURCE /* pipe2() */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report_names.h"

#define THREADS 32

/* Small enough for one write to a pipe to be whole. */
struct answer {
	size_t number;
	char name[256];
};
_Static_assert(sizeof(struct answer) <= _POSIX_PIPE_BUF, "answers do not mingle");

struct questions {
	const struct report_name *names;
	size_t count;
	size_t next; /* atomic */
	int answers;
};

static socklen_t socket_address(const struct na_key *key, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (key->what & NA_WHAT_IPV4) {
		struct sockaddr_in *address = (struct sockaddr_in *)ret;

		address->sin_family = AF_INET;
		memcpy(&address->sin_addr, &key->local[3], sizeof(address->sin_addr));
		return sizeof(*address);
	}
	struct sockaddr_in6 *address = (struct sockaddr_in6 *)ret;

	address->sin6_family = AF_INET6;
	memcpy(&address->sin6_addr, key->local, sizeof(address->sin6_addr));
	return sizeof(*address);
}

static void *ask(void *context)
{
	struct questions *questions = context;
	struct sockaddr_storage address;
	size_t number;
	socklen_t length;

	for (;;) {
		struct answer answer = {};

		number = __atomic_fetch_add(&questions->next, 1, __ATOMIC_RELAXED);
		if (number >= questions->count)
			return NULL;
		answer.number = number;
		length = socket_address(&questions->names[number].key, &address);
		if (!getnameinfo((struct sockaddr *)&address, length, answer.name,
				 sizeof(answer.name), NULL, 0, NI_NAMEREQD) &&
		    write(questions->answers, &answer, sizeof(answer)) < 0)
			return NULL;
	}
}

static _Noreturn void child(struct questions *questions)
{
	pthread_t thread[THREADS];
	size_t threads = 0;

	while (threads < THREADS && threads < questions->count &&
	       !pthread_create(&thread[threads], NULL, ask, questions))
		threads++;
	if (!threads)
		ask(questions);
	for (size_t i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	_exit(0);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void listen_until(int answers, int64_t end, struct report_name *names, size_t count)
{
	struct pollfd event = {.fd = answers, .events = POLLIN};
	struct answer answer;
	int64_t left;
	ssize_t got;

	while ((left = end - milliseconds()) > 0) {
		if (poll(&event, 1, (int)left) < 0 && errno != EINTR)
			return;
		if (!event.revents)
			continue;
		got = read(answers, &answer, sizeof(answer));
		if (!got || (got < 0 && errno != EINTR))
			return;
		if (got != (ssize_t)sizeof(answer) || answer.number >= count)
			continue;
		answer.name[sizeof(answer.name) - 1] = '\0';
		memcpy(names[answer.number].name, answer.name, sizeof(answer.name));
	}
}

int report_resolve(struct report_name *names, size_t count, unsigned int seconds)
{
	struct questions questions = {.names = names, .count = count};
	int64_t end = milliseconds() + seconds * INT64_C(1000);
	int ends[2];
	pid_t pid;

	if (!count)
		return 0;
	if (pipe2(ends, O_CLOEXEC))
		return negative_errno();
	_cleanup_close_ int answers = ends[0];
	_cleanup_close_ int other = ends[1];
	pid = fork();
	if (pid < 0)
		return negative_errno();
	if (!pid) {
		questions.answers = other;
		child(&questions);
	}
	close(TAKE_FD(other));
	listen_until(answers, end, names, count);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

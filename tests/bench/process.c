// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* environ */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "machine.h"

pid_t process_start(const char *const argv[])
{
	pid_t child = fork();
	int null;

	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static void judge(const char *const argv[], int status)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		die("%s %s failed (%d)", argv[0], argv[1] ? argv[1] : "",
		    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

/* No fork(): a copy of what is ours would be booked to the program. */
static pid_t spawn(const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	pid_t child = -1;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		die("%s: %s", argv[0], strerror(error));
	error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawnp(&child, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		die("%s: %s", argv[0], strerror(error));
	return child;
}

double process_time(const char *const argv[])
{
	uint64_t before = machine_clock();
	pid_t child = spawn(argv);
	double time;
	int status;

	if (waitpid(child, &status, 0) < 0)
		die("waitpid: %s", strerror(errno));
	time = (double)(machine_clock() - before) / 1e6;
	judge(argv, status);
	return time;
}

uint64_t process_status(pid_t child, const char *name)
{
	_cleanup_fclose_ FILE *file = NULL;
	size_t length = strlen(name);
	char path[64], line[128];

	snprintf(path, sizeof(path), "/proc/%d/status", child);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, length) && line[length] == ':')
			return strtoull(line + length + 1, NULL, 10);
	return 0;
}

uint64_t process_memory(const char *const argv[])
{
	pid_t child = spawn(argv);
	uint64_t most = 0, now;
	int status;

	while (!waitpid(child, &status, WNOHANG)) {
		now = process_status(child, "RssAnon");
		if (now > most)
			most = now;
		usleep(100);
	}
	judge(argv, status);
	return most;
}

double process_cpu(pid_t child)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(child, &clock) || clock_gettime(clock, &used))
		die("the CPU time of a process: %s", strerror(errno));
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

void process_end(const char *const argv[], pid_t child)
{
	int status;

	if (kill(child, SIGTERM) || waitpid(child, &status, 0) < 0)
		die("the end of a process: %s", strerror(errno));
	judge(argv, status);
}

int process_known(const char *name)
{
	const char *value = getenv("PATH");
	_cleanup_free_ char *path = strdup(value ? value : "");
	char *folder, *rest = NULL, file[512];

	for (folder = path ? strtok_r(path, ":", &rest) : NULL; folder;
	     folder = strtok_r(NULL, ":", &rest)) {
		snprintf(file, sizeof(file), "%s/%s", folder, name);
		if (!access(file, X_OK))
			return 1;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "harness.h"

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "isolate.h"
#include "objects.h"
#include "reports.h"

#define PATIENCE_MS 120000 /* for one test */
#define FULL 30 /* times that on demand, or where NETACCT_FULL is set */
#define FREED_MS 15000 /* until the kernel has let go of what a test used */

/* The linker makes these of the section that TEST() fills. */
extern const struct test *const __start_netns_tests[];
extern const struct test *const __stop_netns_tests[];

enum verdict { UNDECIDED, PASSED, FAILED, SKIPPED, VERDICTS };

struct outcome {
	enum verdict verdict;
	char why[4096];
};

/* Shared with the child that runs a test. */
static struct outcome *outcome;

/* Set by context(); each test runs in a process of its own. */
static char surroundings[512];

static void __attribute__((format(printf, 2, 0)))
decide(enum verdict verdict, const char *format, va_list arguments)
{
	if (outcome->verdict == UNDECIDED) {
		size_t end = (size_t)snprintf(outcome->why, sizeof(outcome->why), "%s%s",
					      surroundings, surroundings[0] ? ": " : "");

		vsnprintf(outcome->why + end, sizeof(outcome->why) - end, format, arguments);
		for (end = strlen(outcome->why); end && outcome->why[end - 1] == '\n'; end--)
			outcome->why[end - 1] = '\0';
		outcome->verdict = verdict;
	}
	fflush(stdout);
	_exit(verdict == FAILED);
}

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	decide(FAILED, format, arguments);
	va_end(arguments);
	abort();
}

void skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	decide(SKIPPED, format, arguments);
	va_end(arguments);
	abort();
}

void context(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(surroundings, sizeof(surroundings), format, arguments);
	va_end(arguments);
}

void remark(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("# ");
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
	va_end(arguments);
}

bool slow(void)
{
	return getenv("NETACCT_SLOW") != NULL;
}

uint64_t scaled(uint64_t amount)
{
	return !slow() ? amount : amount < 50 ? 1 : amount / 50;
}

uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void sleep_ms(unsigned int ms)
{
	struct timespec duration = {ms / 1000, (long)(ms % 1000) * 1000000};

	while (nanosleep(&duration, &duration) && errno == EINTR)
		continue;
}

char *build_path(const char *name)
{
	const char *build = getenv("BUILD");
	char *path;

	CHECK(asprintf(&path, "%s/%s", build ? build : "build", name) > 0, "out of memory");
	return path;
}

char *write_file(const char *name, const char *content)
{
	_cleanup_fclose_ FILE *file = NULL;
	char *path;

	CHECK(asprintf(&path, "/run/%s", name) > 0, "out of memory");
	file = fopen(path, "w");
	CHECK(file && fputs(content, file) >= 0 && !fflush(file), "cannot write %s", path);
	return path;
}

/* The first process of its namespace: all others die with it. */
static _Noreturn void isolated(const struct test *test)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	isolate_mounts();
	test->run();
	if (outcome->verdict == UNDECIDED)
		outcome->verdict = PASSED;
	fflush(stdout);
	_exit(0);
}

static _Noreturn void guardian(const struct test *test)
{
	int status;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS))
		skip("no namespaces of its own: %s", strerror(errno));
	pid = fork();
	if (!pid)
		isolated(test);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("fork: %s", strerror(errno));
	if (WIFSIGNALED(status))
		fail("killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	_exit(0);
}

static void await_end(const struct test *test, pid_t pid)
{
	bool full = test->on_demand || getenv("NETACCT_FULL");
	int patience = (slow() ? 10 : 1) * (full ? FULL : 1) * PATIENCE_MS;
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};

	if (pidfd >= 0 && poll(&end, 1, patience) == 0) {
		kill(pid, SIGKILL);
		outcome->verdict = FAILED;
		snprintf(outcome->why, sizeof(outcome->why), "hangs: killed after %d s",
			 patience / 1000);
	}
	waitpid(pid, NULL, 0);
}

static enum verdict run(const struct test *test)
{
	struct objects before;
	char left[2048];
	pid_t pid;

	outcome->verdict = UNDECIDED;
	outcome->why[0] = '\0';
	objects_read(&before);
	fflush(stdout);
	pid = fork();
	if (!pid)
		guardian(test);
	if (pid > 0)
		await_end(test, pid);
	if (outcome->verdict == UNDECIDED) {
		outcome->verdict = FAILED;
		snprintf(outcome->why, sizeof(outcome->why), "ended without a verdict");
	}
	if (objects_left(&before, slow() ? 10 * FREED_MS : FREED_MS, left, sizeof(left)) &&
	    outcome->verdict == PASSED) {
		outcome->verdict = FAILED;
		snprintf(outcome->why, sizeof(outcome->why), "left in the kernel: %s", left);
	}
	objects_clear(&before);
	if (reports_take(true, left, sizeof(left))) {
		outcome->verdict = FAILED;
		snprintf(outcome->why, sizeof(outcome->why), "%s", left);
	}
	return outcome->verdict;
}

static bool wanted(const struct test *test, char *const *patterns)
{
	if (!*patterns)
		return !test->on_demand;
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, test->name, 0) || strstr(test->name, *patterns))
			return true;
	return false;
}

static void report(const struct test *test, enum verdict verdict)
{
	static const char *const words[] = {
		[PASSED] = "ok", [FAILED] = "not ok", [SKIPPED] = "skip"};

	printf("%s %s%s%s\n", words[verdict], test->name, outcome->why[0] ? ": " : "",
	       outcome->why);
	fflush(stdout);
}

/* By suite, then as they stand in its file. */
static int compare(const void *one, const void *other)
{
	const struct test *a = *(const struct test *const *)one;
	const struct test *b = *(const struct test *const *)other;
	size_t length = strcspn(a->name, ".") + 1;
	int order = strncmp(a->name, b->name, length);

	return order ? order : a->line != b->line ? a->line - b->line : strcmp(a->name, b->name);
}

/* The tests that match, ended by NULL; free() it. */
static const struct test **choose(char *const *patterns)
{
	size_t count = (size_t)(__stop_netns_tests - __start_netns_tests), chosen = 0;
	const struct test **tests = calloc(count + 1, sizeof(const struct test *));

	if (!tests)
		abort();
	for (size_t i = 0; i < count; i++)
		if (wanted(__start_netns_tests[i], patterns))
			tests[chosen++] = __start_netns_tests[i];
	qsort(tests, chosen, sizeof(const struct test *), compare);
	return tests;
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && !strcmp(argv[1], "--list");
	_cleanup_free_ const struct test **tests = choose(argv + 1 + list);
	unsigned int counts[VERDICTS] = {0};

	for (size_t i = 0; list && tests[i]; i++)
		puts(tests[i]->name);
	if (list)
		return 0;
	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (outcome == MAP_FAILED)
		return 1;
	isolate_prepare();
	for (size_t i = 0; tests[i]; i++) {
		enum verdict verdict = run(tests[i]);

		counts[verdict]++;
		report(tests[i], verdict);
	}
	printf("%u passed, %u failed, %u skipped\n", counts[PASSED], counts[FAILED],
	       counts[SKIPPED]);
	return counts[FAILED] > 0;
}

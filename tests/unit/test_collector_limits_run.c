// SPDX-License-Identifier: GPL-2.0-or-later
/* The command of a limit: what it is given, and what it is not. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/collector/limits.h"
#include "sample.h"

#define NOW INT64_C(1795343400) /* 2026-11-22T10:30:00Z */
#define DAY INT64_C(86400)

static int setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return 0;
}

static struct config_limit limit(const char *name, enum config_period period, uint64_t bytes)
{
	return (struct config_limit){.name = (char *)name,
				     .period = period,
				     .direction = CONFIG_BOTH,
				     .bytes = bytes,
				     .percent = {80, 90, 100},
				     .percents = 3};
}

/* What the command writes, through the stderr that it is given. */
static char *run(const struct limit_state *state, int *ret_status)
{
	char path[] = "/tmp/netacct-limits-XXXXXX";
	int file = mkstemp(path), saved = dup(STDERR_FILENO), pid = 0, error;
	char *text = calloc(1, 65536);

	assert_true(file >= 0);
	unlink(path);
	dup2(file, STDERR_FILENO);
	error = limit_run(state, &pid);
	dup2(saved, STDERR_FILENO);
	close(saved);
	*ret_status = error;
	if (!error)
		assert_int_equal(waitpid(pid, ret_status, 0), pid);
	assert_true(pread(file, text, 65535, 0) >= 0);
	close(file);
	return text;
}

static void has_line(const char *text, const char *line)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	if (!strstr(text, wanted))
		fail_msg("no \"%s\" in %s", line, text);
}

static const char script[] = "echo; exec 7>&2; env; ls /proc/self/fd | tr '\\n' ' ' >&7; echo;"
			     "read x || echo no input; echo \"arguments: $#, $1\"; exit 3";

static void the_command(void **state)
{
	struct config_limit uplink = limit("up link\" $(false)", CONFIG_BILLING, 1000);
	char *command[] = {(char *)"/bin/sh", (char *)"-c",  (char *)script,
			   (char *)"sh",      (char *)"* ;", NULL};
	struct limit_state result = {
		.limit = &uplink, .start = NOW, .end = NOW + DAY, .bytes = 912, .reached = 90};
	int status, leaked = open("/dev/null", O_RDONLY);
	char *text;

	(void)state;
	uplink.source = (char *)"host--eth*";
	uplink.direction = CONFIG_OUT;
	uplink.command = command;
	setenv("NETACCT_LEAK", "1", 1);
	text = run(&result, &status);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	has_line(text, "NETACCT_LIMIT=up link\" $(false)");
	has_line(text, "NETACCT_SOURCE=host--eth*");
	has_line(text, "NETACCT_HOST=");
	has_line(text, "NETACCT_PERIOD=billing");
	has_line(text, "NETACCT_DIRECTION=out");
	has_line(text, "NETACCT_BYTES=912");
	has_line(text, "NETACCT_LIMIT_BYTES=1000");
	has_line(text, "NETACCT_PERCENT=90");
	has_line(text, "NETACCT_SINCE=2026-11-22T10:30:00Z");
	has_line(text, "NETACCT_UNTIL=2026-11-23T10:30:00Z");
	has_line(text, "no input");
	has_line(text, "arguments: 1, * ;");
	assert_non_null(strstr(text, "\nPATH="));
	assert_null(strstr(text, "NETACCT_LEAK"));
	assert_non_null(strstr(text, "0 1 2 3 7 \n")); /* 3 is that of ls, 7 the shell's */
	free(text);
	close(leaked);
}

static void a_command_that_is_not_there(void **state)
{
	struct config_limit uplink = limit("x", CONFIG_DAY, 1000);
	char *command[] = {(char *)"/nonexistent/notify", NULL};
	struct limit_state result = {.limit = &uplink, .reached = 80};
	int status;

	(void)state;
	uplink.command = command;
	free(run(&result, &status));
	assert_int_equal(status, -ENOENT);
	assert_int_equal(waitpid(-1, &status, WNOHANG), -1); /* no child is left */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command),
		cmocka_unit_test(a_command_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is not root asks the collector. */
#define _GNU_SOURCE 1
#ifdef HAVE_SQLITE3
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "collecting.h"
#include "dump.h"
#include "harness.h"
#include "pair.h"

/* Runs the program as nobody, in root's group, from a place where it may be read. */
static void run_as_nobody(struct run *ret, const char *const *argv)
{
	_cleanup_free_ char *program = tool_program();
	const gid_t group = 0;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		execlp("install", "install", "-m", "755", program, "/run/program", NULL);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status, "install %s", program);
	pid = fork();
	if (!pid) {
		_cleanup_run_ struct run run = {0};
		FILE *file = fopen("/run/nobody", "we");

		CHECK(file && !setgroups(1, &group) && !setresgid(65534, 65534, 65534) &&
			      !setresuid(65534, 65534, 65534),
		      "cannot be nobody: %m");
		tool_use("/run/program");
		tool_run(&run, argv);
		fprintf(file, "%d\n%s%s", run.status, run.err, run.out);
		_exit(fclose(file) != 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status, "the child failed");
	memset(ret, 0, sizeof(*ret));
	{
		_cleanup_fclose_ FILE *file = fopen("/run/nobody", "re");

		CHECK(file && fscanf(file, "%d\n", &ret->status) == 1 &&
			      getdelim(&ret->out, &ret->out_size, '\0', file) >= 0,
		      "/run/nobody: %m");
	}
}

TEST(collect, dump_without_root)
{
	_cleanup_run_ struct run alone = {0}, asked = {0}, refused = {0}, ended = {0};
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};
	_cleanup_dump_ struct dump dump = {0};
	struct collecting collecting;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	collecting_configure("");
	run_as_nobody(&alone, ARGUMENTS("dump"));
	expect_number("exit status", 1, (uint64_t)alone.status);
	expect_contains("without a collector", "/run/netacct/netacct.sock", alone.out);
	collecting_begin(&collecting);
	collecting_traffic(&pair, 40, 25);
	run_as_nobody(&asked, ARGUMENTS("dump", "-j", PAIR_ID));
	expect_number("exit status", 0, (uint64_t)asked.status);
	dump_parse(&dump, asked.out);
	json_flows(dump_source(&dump, PAIR_ID), &got);
	ledger_coarsen(&pair.ledger, KEY_FLOW, &wanted);
	expect_flows(&wanted, &got);
	run_as_nobody(&refused, ARGUMENTS("dump", "/proc/1/ns/net/v1"));
	expect_number("exit status", 2, (uint64_t)refused.status);
	expect_contains("refused", "not answered over the socket", refused.out);
	collecting_end(&collecting, SIGTERM, &ended);
	expect_contains("stderr", "of uid 65534 asks", ended.err);
}
#endif

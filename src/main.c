/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "cmd/about.h"
#include "cmd/cmd.h"
#include "cmd/message.h"
#include "cmd/privilege.h"
#include "cmd/streams.h"
#include "record/nearest.h"

struct command {
	const char *name;
	const char *help;
	int (*run)(int argc, char **argv);
	unsigned int keep; /* PRIVILEGE_*: what it is left with before it reads its arguments */
};

/* Meters are read by their pins, and named by sources in any namespace. */
#define READS (PRIVILEGE_MAPS | PRIVILEGE_ENTER)
#define DRAINS (READS | PRIVILEGE_MEMORY)
#define CHANGES (DRAINS | PRIVILEGE_HOOKS)

static const struct command commands[] = {
	{"attach", "count at a source: load, pin and attach a meter", cmd_attach,
	 CHANGES | PRIVILEGE_PROGRAMS | PRIVILEGE_FILES},
	{"detach", "take meters off and print their final totals", cmd_detach, CHANGES},
	{"list-all", "show every interface of every network namespace and who is on it",
	 cmd_list_all, READS | PRIVILEGE_HOOKS},
	{"dump", "print the flow records since attach or the last drain; changes nothing", cmd_dump,
	 READS},
	{"drain", "print the flow records and start them anew, losing nothing", cmd_drain, DRAINS},
	{"cleanup", "remove what a crash or a vanished interface left of netacct", cmd_cleanup,
	 CHANGES | PRIVILEGE_FILES},
#ifdef HAVE_SQLITE3
	{"collect", "drain meters on an interval, keep the history, write files", cmd_collect,
	 CHANGES | PRIVILEGE_PROGRAMS | PRIVILEGE_FILES | PRIVILEGE_OWNER},
	{"report", "print what the history holds of a time, its percentiles, limits and anomalies",
	 cmd_report, PRIVILEGE_FILES},
#endif
	{"verify", "check that the books balance and that programs and pins are whole", cmd_verify,
	 CHANGES},
	{"doctor", "try whether this system can run netacct, and say what to do where not",
	 cmd_doctor, CHANGES | PRIVILEGE_PROGRAMS},
	{"whitelist", "validate a whitelist file", cmd_whitelist, PRIVILEGE_NONE},
};

static void usage(FILE *file)
{
	fputs("usage: netacct COMMAND [OPTION]... [ARGUMENT]...\n"
	      "Network accounting in the kernel.\n\n",
	      file);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(file, "  %-10s  %s\n", commands[i].name, commands[i].help);
	fputs("\n  -h, --help     print this help and exit\n"
	      "  -V, --version  print version, ABI and features, and exit\n\n"
	      "The options of a command: netacct COMMAND --help\n"
	      "The manual: netacct(8), netacct-COMMAND(8)\n",
	      file);
}

/* A word that begins a command's name is nearer than any other; NULL: none is near. */
static const char *nearest_command(const char *word)
{
	const char *nearest = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const char *name = commands[i].name;
		size_t distance = word_distance(word, name);

		if (!word_is_near(word, name))
			continue;
		if (!strncmp(word, name, strlen(word)))
			distance = 0;
		if (distance < least) {
			nearest = name;
			least = distance;
		}
	}
	return nearest;
}

static void no_such_command(const char *word)
{
	const char *nearest = nearest_command(word);

	if (word[0] == '-')
		message_error(NULL, word, "no such option (see 'netacct --help')");
	else if (nearest)
		message_error(NULL, word,
			      "no such command; the nearest is '%s' (see 'netacct --help')",
			      nearest);
	else
		message_error(NULL, word, "no such command (see 'netacct --help')");
}

/* Nothing from outside is read before this, the command's name excepted. */
static int keep_only(const char *word, unsigned int keep)
{
	int error = privilege_keep(keep);

	if (error)
		message_errno(word, "capabilities", error, NULL);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	if (keep_only(command->name, command->keep))
		return STATUS_FAILED;
	return command->run(argc, argv);
}

static int dispatch(int argc, char **argv)
{
	const char *word;

	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	word = argv[1];
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(word, commands[i].name))
			return run(&commands[i], argc - 1, argv + 1);
	}
	if (keep_only(NULL, PRIVILEGE_NONE))
		return STATUS_FAILED;
	if (!strcmp(word, "-h") || !strcmp(word, "--help")) {
		usage(stdout);
		return STATUS_DONE;
	}
	if (!strcmp(word, "-V") || !strcmp(word, "--version")) {
		about_version();
		return STATUS_DONE;
	}
	no_such_command(word);
	return STATUS_USAGE;
}

/* Each namespace that is looked into takes a descriptor; more is a help, not a need. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	int status, error;

	error = streams_open();
	if (error) {
		message_errno(NULL, "/dev/null", error, NULL);
		return STATUS_FAILED;
	}
	raise_descriptors();
	status = dispatch(argc, argv);
	if (streams_flush(0))
		status = STATUS_FAILED;
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench [PART...]: all parts, or those. Each is a process of its own, for it may
 * change its namespaces and its CPU; the figures of all go into one file.
 * Settings come from the environment: settings.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "die.h"
#include "flood.h"
#include "history.h"
#include "live.h"
#include "load.h"
#include "memory.h"
#include "panel.h"
#include "report.h"
#include "setup.h"
#include "user.h"

static const struct part {
	const char *name, *what;
	void (*run)(const struct settings *settings, struct report *report);
} parts[] = {
	{"packets", "what a packet costs, by BPF_PROG_TEST_RUN", panels_run},
	{"live", "what a packet costs on a veth, beside nftables and conntrack", live_run},
	{"flood", "what new flows cost, and what becomes of them when all is full", flood_run},
	{"load", "what a fixed offered load costs, by hook", load_run},
	{"memory", "memory of meters, groups and the collector", memory_run},
	{"setup", "what attach, detach and list-all cost, beside tc and ip", setup_run},
	{"user", "what dump and drain cost", user_run},
	{"history", "what the collector and its database cost", history_run},
};

static int usage(void)
{
	size_t i;

	fputs("usage: bench [PART...]\n", stderr);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		fprintf(stderr, "  %-8s %s\n", parts[i].name, parts[i].what);
	return 2;
}

static const struct part *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(name, parts[i].name))
			return &parts[i];
	return NULL;
}

/* False where it ended early; why it has said, if it could. */
static bool run(const struct part *part, const struct settings *settings, struct report *report)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		part->run(settings, report);
		report_end(report);
		exit(0);
	}
	if (waitpid(child, &status, 0) < 0)
		die("waitpid: %s", strerror(errno));
	if (WIFSIGNALED(status))
		fprintf(stderr, "netacct: bench: %s: %s\n", part->name,
			strsignal(WTERMSIG(status)));
	report_load(report);
	return !status;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct report report;
	bool done = true;
	int i;

	for (i = 1; i < argc; i++)
		if (!find(argv[i]))
			return usage();
	settings_read(&settings);
	if (geteuid())
		die("needs root");
	report_begin(&report, &settings);
	for (i = 0; i < (int)ARRAY_SIZE(parts) && argc == 1; i++)
		done &= run(&parts[i], &settings, &report);
	for (i = 1; i < argc; i++)
		done &= run(find(argv[i]), &settings, &report);
	report_end(&report);
	return !done;
}

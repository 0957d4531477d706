// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench         what a packet costs, by BPF_PROG_TEST_RUN
 * bench user    what dump and drain cost
 * bench history what the collector and its database cost
 *
 * Settings come from the environment: settings.h.
 */
#include <string.h>

#include "die.h"
#include "history.h"
#include "report.h"
#include "user.h"

typedef void run_fn(const struct settings *settings, struct report *report);

static run_fn *find(const char *what)
{
	static const struct {
		const char *name;
		run_fn *run;
	} parts[] = {{"packets", panels_run}, {"user", user_run}, {"history", history_run}};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(what, parts[i].name))
			return parts[i].run;
	return NULL;
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "packets";
	run_fn *run = find(what);
	struct settings settings;
	struct report report;

	if (argc > 2 || !run) {
		fputs("usage: bench [packets|user|history]\n", stderr);
		return 2;
	}
	settings_read(&settings);
	if (geteuid())
		die("needs root");
	report_begin(&report, &settings);
	run(&settings, &report);
	report_end(&report);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench         what a packet costs, by BPF_PROG_TEST_RUN
 * bench user    what dump and drain cost
 *
 * Settings come from the environment: settings.h.
 */
#include <string.h>

#include "die.h"
#include "report.h"
#include "user.h"

int main(int argc, char **argv)
{
	bool user = argc == 2 && !strcmp(argv[1], "user");
	struct settings settings;
	struct report report;

	if (argc > 1 && !user) {
		fputs("usage: bench [user]\n", stderr);
		return 2;
	}
	settings_read(&settings);
	if (geteuid())
		die("needs root");
	report_begin(&report, &settings);
	if (user)
		user_run(&settings, &report);
	else
		panels_run(&settings, &report);
	report_end(&report);
	return 0;
}

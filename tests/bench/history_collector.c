// SPDX-License-Identifier: GPL-2.0-or-later
/* The collector as a process, on a meter whose table is full again at each drain. */
#ifdef HAVE_SQLITE3
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "fill.h"
#include "history.h"
#include "process.h"

#define FLOWS 65536u
#define INTERVAL 5.0 /* s */
#define INTERVALS 4u
#define SETTLED 2000000u /* us: then what a drain brings with it is done */
#define PATIENCE 60 /* s */

/* interval, folder, flows, `, "output_file": …` */
#define CONFIGURATION                                                                    \
	"{\"polling_interval\": %g, \"socket\": null, "                                  \
	"\"history\": {\"path\": \"%s/" HISTORY_NAME "\"}, "                             \
	"\"instances\": [{\"interface\": \"lo\", \"key\": \"flow\", \"max_flows\": %u, " \
	"\"whitelist_file\": null%s}]}\n"

static void configure(const char *folder, const char *output, uint32_t flows, double interval,
		      char path[static PATH_MAX])
{
	_cleanup_fclose_ FILE *file = NULL;

	snprintf(path, PATH_MAX, "%s/netacct.json", folder);
	file = fopen(path, "we");
	if (!file || fprintf(file, CONFIGURATION, interval, folder, flows, output) < 0)
		die("%s: %s", path, strerror(errno));
}

/* Seconds of CPU that an interval takes. */
static double cpu_of_interval(const char *const collect[])
{
	pid_t collector = process_start(collect);
	uint32_t generation = fill_await_drain(UINT32_MAX, PATIENCE), i;
	double before = 0, used;

	/* the first drain of many flows makes its rows, those after it change them */
	for (i = 0; i < INTERVALS + 2; i++) {
		fill_meter(FLOWS);
		generation = fill_await_drain(generation, PATIENCE);
		usleep(SETTLED);
		if (i == 1)
			before = process_cpu(collector);
	}
	used = process_cpu(collector) - before;
	process_end(collect, collector);
	return used / INTERVALS;
}

static void measure_cpu(const struct settings *settings, struct report *report, const char *folder,
			const char *what, const char *output)
{
	char netacct[PATH_MAX], config[PATH_MAX];
	const char *const collect[] = {netacct, "collect", "-c", config, NULL};
	double cpu;

	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	configure(folder, output, FLOWS, INTERVAL, config);
	cpu = cpu_of_interval(collect);
	report_value(report, "65536 flows", what, cpu / INTERVAL * 100, "% of a core");
	history_clean(folder);
}

/* From the start to the end: attached before, drained, stored, folded. */
static void measure_once(const struct settings *settings, struct report *report, const char *folder)
{
	char netacct[PATH_MAX], config[PATH_MAX], most[16], scene[32];
	const char *const attach[] = {netacct,	     "attach", "--key", "flow",
				      "--max-flows", most,     "lo",	NULL};
	const char *const once[] = {netacct, "collect", "-c", config, "--once", NULL};
	const char *const detach[] = {netacct, "detach", "-q", "--all", NULL};

	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	snprintf(most, sizeof(most), "%u", settings->flows);
	snprintf(scene, sizeof(scene), "%u flows", settings->flows);
	configure(folder, "", settings->flows, INTERVAL, config);
	process_time(attach);
	fill_meter(settings->flows);
	report_value(report, scene, "collect --once, a new database", process_time(once) / 1e3,
		     "s");
	fill_meter(settings->flows);
	report_value(report, scene, "collect --once, the same flows again",
		     process_time(once) / 1e3, "s");
	fill_meter(settings->flows);
	report_value(report, scene, "collect --once, memory of its own",
		     (double)process_memory(once) / 1024, "MiB");
	process_time(detach);
	history_clean(folder);
}

void history_collector(const struct settings *settings, struct report *report, const char *folder)
{
	char output[PATH_MAX];

	report_table(report, "history", "the collector, on a meter that is full at each drain");
	measure_once(settings, report, folder);
	measure_cpu(settings, report, folder, "collect, an interval of 5 s", "");
	snprintf(output, sizeof(output), ", \"output_file\": \"%s/lo.json\"", folder);
	measure_cpu(settings, report, folder, "the same, with a cumulative output file", output);
}

#endif

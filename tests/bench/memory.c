// SPDX-License-Identifier: GPL-2.0-or-later
#include "memory.h"

#include <errno.h>
#include <string.h>

#include "books.h"
#include "die.h"
#include "fill.h"
#include "isolate.h"
#include "link.h"
#include "process.h"

#define MANY 100u /* sources */
#define MANY_FLOWS "4096" /* that each meter of many has room for */
#define FLOWS 65536u /* that the collector finds at each drain */
#define DRAINS 4u
#define PATIENCE 30 /* s */
#define SETTLED 500000u /* us */
#define CONFIG "/run/netacct.json"

static void detach(const char *netacct)
{
	const char *const argv[] = {netacct, "detach", "-q", "--all", NULL};

	process_time(argv);
}

static void run_size(const char *netacct, struct report *report, uint32_t flows)
{
	char most[16], scene[32];
	const char *const attach[] = {netacct,	     "attach", "--key", "flow",
				      "--max-flows", most,     "lo",	NULL};
	struct books_memory memory;

	snprintf(most, sizeof(most), "%u", flows);
	snprintf(scene, sizeof(scene), "%u flows", flows);
	process_time(attach);
	books_memory(&memory);
	detach(netacct);
	report_value(report, scene, "maps", (double)memory.maps / 1024, "KiB");
	report_value(report, scene, "maps, a flow", (double)memory.maps / flows, "B");
	report_value(report, scene, "programs", (double)memory.programs / 1024, "KiB");
}

static void run_sources(const char *netacct, struct report *report, const char *const group[2],
			const char *scene)
{
	const char *argv[MANY + 10] = {netacct, "attach",      "--key",
				       "flow",	"--max-flows", MANY_FLOWS};
	char names[MANY][16];
	struct books_memory memory;
	uint32_t count = 6, i;

	for (i = 0; i < 2 && group; i++)
		argv[count++] = group[i];
	for (i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "v%u", i);
		argv[count++] = names[i];
	}
	process_time(argv);
	books_memory(&memory);
	detach(netacct);
	if (memory.meters != (group ? 1 : MANY))
		die("%zu meters of %u sources", memory.meters, MANY);
	report_value(report, scene, "maps", (double)memory.maps / 1024, "KiB");
	report_value(report, scene, "programs", (double)memory.programs / 1024, "KiB");
}

static void run_many(const char *netacct, struct report *report)
{
	static const char *const group[] = {"--group=bench", "--max-sources=128"};
	char name[16], peer[16];
	uint32_t i;

	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "v%u", i);
		snprintf(peer, sizeof(peer), "p%u", i);
		link_pair(name, peer);
	}
	run_sources(netacct, report, NULL, "100 meters of 4096");
	run_sources(netacct, report, group, "group of 100, 4096");
}

#ifdef HAVE_SQLITE3

static void configure(void)
{
	_cleanup_fclose_ FILE *file = fopen(CONFIG, "we");

	if (!file || fprintf(file,
			     "{\"polling_interval\": 1, \"socket\": null, "
			     "\"history\": {\"path\": \"/run/history.db\"}, \"instances\": "
			     "[{\"interface\": \"lo\", \"key\": \"flow\", \"max_flows\": %u, "
			     "\"whitelist_file\": null}]}\n",
			     FLOWS) < 0)
		die("%s: %s", CONFIG, strerror(errno));
}

/* KiB; the collector must be there. */
static double collector_status(pid_t collector, const char *name)
{
	uint64_t kib = process_status(collector, name);

	if (!kib)
		die("the collector has no %s", name);
	return (double)kib;
}

static void run_collector(const char *netacct, struct report *report)
{
	const char *const collect[] = {netacct, "collect", "-c", CONFIG, NULL};
	uint32_t generation, i;
	pid_t collector;
	double idle;

	configure();
	collector = process_start(collect);
	fill_await_drain(UINT32_MAX, PATIENCE);
	usleep(SETTLED);
	idle = collector_status(collector, "RssAnon");
	/* the first may have been before this: a half is filled but once between two drains */
	generation = fill_await_drain(0, PATIENCE);
	for (i = 0; i < DRAINS; i++) {
		fill_meter(FLOWS);
		generation = fill_await_drain(generation, PATIENCE);
	}
	usleep(SETTLED);
	report_value(report, "collect", "of its own, no flows yet", idle, "KiB");
	report_value(report, "collect", "of its own, after drains of 65536 flows",
		     collector_status(collector, "RssAnon"), "KiB");
	report_value(report, "collect", "at most, with what it maps",
		     collector_status(collector, "VmHWM"), "KiB");
	process_end(collect, collector);
}

#else

static void run_collector(const char *netacct, struct report *report)
{
	(void)netacct;
	(void)report;
	puts("this build has no SQLite, and so no collector");
}

#endif

void memory_run(const struct settings *settings, struct report *report)
{
	static const uint32_t sizes[] = {1024, 65536, 1000000};
	char netacct[512];
	size_t i;

	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	isolate();
	report_table(report, "memory", "Memory: of meters in the kernel, and of the collector");
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		run_size(netacct, report, sizes[i]);
	run_many(netacct, report);
	run_collector(netacct, report);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Drains without a kernel, into a new database; each in a process of its own, for its memory. */
#define _GNU_SOURCE
#ifdef HAVE_SQLITE3
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/history/history.h"
#include "die.h"
#include "fill.h"
#include "history.h"
#include "machine.h"

#define UUID "0b5c0000-0000-4000-8000-000000000001"
#define SMALL 65536u
#define DRAINS 60u /* one each 5 s: those of a bin */

/* Shared with the child. */
struct result {
	double store, fold; /* s */
	double records, memory; /* peak of all of it, KiB; `records`: before the first store */
	double cpu; /* s */
};

static uint64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static struct reading make_reading(uint32_t flows)
{
	struct reading reading = {.id = (char *)"host--lo",
				  .interface = (char *)"lo",
				  .uuid = UUID,
				  .attached_at = now(CLOCK_REALTIME),
				  .key = NA_KEY_FLOW,
				  .count = flows,
				  .records = allocate(flows, sizeof(struct flow_record))};
	uint32_t tick, i;

	reading.time_base.hz = 250;
	reading.time_base.realtime_minus_monotonic = now(CLOCK_REALTIME) - now(CLOCK_MONOTONIC);
	tick = time_base_ticks(&reading.time_base, now(CLOCK_REALTIME));
	for (i = 0; i < flows; i++) {
		struct flow_record *record = &reading.records[i];

		fill_key(i, &record->key);
		record->rx = (struct na_count){7, 4200};
		record->first_seen = record->last_seen = tick;
	}
	return reading;
}

static double memory_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss;
}

static double cpu_seconds(void)
{
	return (double)now(CLOCK_PROCESS_CPUTIME_ID) / 1e9;
}

static void store(struct history *history, const struct reading *reading, uint32_t generation)
{
	struct history_drain drain = {.uuid = UUID,
				      .generation = generation,
				      .from = now(CLOCK_BOOTTIME) - 5000000000ull,
				      .to = now(CLOCK_BOOTTIME),
				      .readings = reading,
				      .count = 1};
	struct history_error why;

	if (history_store(history, &drain, &why))
		die("%s", why.text);
}

static void work(const char *folder, uint32_t flows, uint32_t drains, struct result *result)
{
	struct reading reading = make_reading(flows);
	struct history *history;
	struct history_error why;
	char path[PATH_MAX];
	uint64_t before;
	uint32_t i;

	snprintf(path, sizeof(path), "%s/%s", folder, HISTORY_NAME);
	if (history_open(path, &history_defaults, &history, NULL, &why))
		die("%s", why.text);
	result->records = memory_kib();
	result->cpu = -cpu_seconds();
	for (i = 0; i < drains; i++) {
		before = machine_clock();
		store(history, &reading, i + 1);
		result->store += (double)(machine_clock() - before) / 1e9;
		if (history_maintain(history, false, &why))
			die("%s", why.text);
	}
	before = machine_clock();
	if (history_maintain(history, true, &why))
		die("%s", why.text);
	result->fold = (double)(machine_clock() - before) / 1e9;
	result->cpu += cpu_seconds();
	result->memory = memory_kib();
	history_close(history);
}

static struct result measure(const char *folder, uint32_t flows, uint32_t drains)
{
	struct result *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0),
		      result;
	pid_t child;
	int status;

	if (shared == MAP_FAILED)
		die("no memory");
	fflush(NULL);
	child = fork();
	if (!child) {
		work(folder, flows, drains, shared);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		die("the process of its own failed");
	result = *shared;
	munmap(shared, sizeof(*shared));
	history_clean(folder);
	return result;
}

void history_drain(const struct settings *settings, struct report *report, const char *folder)
{
	struct result result = measure(folder, settings->flows, 1);
	char scene[32];

	snprintf(scene, sizeof(scene), "%u flows", settings->flows);
	report_table(report, "history", "drains without a kernel, into a new database");
	report_value(report, scene, "stored in a new database", result.store, "s");
	report_value(report, scene, "folded into bins and totals", result.fold, "s");
	report_value(report, scene, "CPU of both", result.cpu, "s");
	report_value(report, scene, "peak RSS, beyond the records themselves",
		     (result.memory - result.records) / 1024, "MiB");
	result = measure(folder, SMALL, DRAINS);
	report_value(report, "65536 flows", "60 drains of the same, folded: CPU", result.cpu, "s");
	report_value(report, "65536 flows", "that is, one each 5 s",
		     result.cpu / (DRAINS * 5) * 100, "% of a core");
}

#endif

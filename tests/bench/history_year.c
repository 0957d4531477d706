// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A year until now through the history's clock: each day so many drains, each
 * with a record of every host, the k-th of which has a k-th of the first
 * one's bytes. More drains than that would only add to the same hours and
 * days, and to the 5-minute bins, which are kept for some weeks.
 */
#ifdef HAVE_SQLITE3
#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../src/history/database.h"
#include "die.h"
#include "history.h"
#include "machine.h"
#include "process.h"

#define UUID "0b5c0000-0000-4000-8000-000000000002"
#define DAYS 365
#define DAY 86400ll
#define TICKS_PER_SECOND 4u /* hz 256 */
#define BOOT (1000 * SECOND) /* CLOCK_BOOTTIME when it begins */
#define REPORTS 5u

struct year {
	uint32_t hosts, drains;
	int64_t boot, offset; /* ns */
	struct history *history;
	struct reading reading;
	uint32_t generation;
};

static uint64_t time_of_year(void *context, clockid_t clock)
{
	const struct year *year = context;

	return (uint64_t)(year->boot + (clock == CLOCK_REALTIME ? year->offset : 0));
}

static void begin(struct year *year, const char *path)
{
	struct history_error why;
	uint32_t i;

	year->boot = BOOT;
	year->offset = (time(NULL) - DAYS * DAY) * SECOND - BOOT;
	year->reading = (struct reading){
		.id = (char *)"host--eth0",
		.interface = (char *)"eth0",
		.uuid = UUID,
		.attached_at = (uint64_t)(year->boot + year->offset),
		.key = NA_KEY_HOST,
		.count = year->hosts,
		.records = allocate(year->hosts, sizeof(struct flow_record)),
		.time_base = {.hz = 256, .realtime_minus_monotonic = (uint64_t)year->offset},
	};
	for (i = 0; i < year->hosts; i++)
		year->reading.records[i].key =
			(struct na_key){.local = {0, 0, htonl(0xffff), htonl(0x0a000000 + i)},
					.what = NA_WHAT_SET | NA_WHAT_IPV4};
	if (history_open(path, &history_defaults, &year->history, NULL, &why))
		die("%s", why.text);
	year->history->clock = (struct history_clock){time_of_year, year};
}

static void drain(struct year *year)
{
	struct history_drain what = {.uuid = UUID,
				     .generation = ++year->generation,
				     .from = (uint64_t)(year->boot - 5 * SECOND),
				     .to = (uint64_t)year->boot,
				     .readings = &year->reading,
				     .count = 1};
	uint32_t tick = (uint32_t)(year->boot / SECOND * TICKS_PER_SECOND), i;
	struct history_error why;

	for (i = 0; i < year->hosts; i++) {
		struct flow_record *record = &year->reading.records[i];
		uint64_t bytes = 10000000000ull / (i + 1) / 10 * (5 + (i + year->generation) % 10);

		record->rx = (struct na_count){bytes / 1000 + 1, bytes};
		record->tx = (struct na_count){bytes / 10000 + 1, bytes / 10};
		record->first_seen = record->last_seen = tick;
	}
	if (history_store(year->history, &what, &why) ||
	    history_maintain(year->history, false, &why))
		die("%s", why.text);
}

static void live(struct year *year, const char *path)
{
	struct history_error why;
	uint32_t i;

	begin(year, path);
	for (i = 0; i < DAYS * year->drains; i++) {
		drain(year);
		year->boot += DAY * SECOND / year->drains;
	}
	if (history_maintain(year->history, true, &why))
		die("%s", why.text);
	history_close(year->history);
	free(year->reading.records);
}

static void measure_report(const struct settings *settings, struct report *report,
			   const char *scene, const char *path)
{
	char netacct[PATH_MAX];
	const char *const argv[] = {netacct, "report", "--history", path, "--since", "365d",
				    "--by",  "host",   "--top",	    "20", NULL};
	double times[REPORTS];
	struct quartiles values;
	uint32_t i;

	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	for (i = 0; i < REPORTS; i++)
		times[i] = process_time(argv);
	values = quartiles_of(times, REPORTS);
	report_line(report, scene, "report --since 365d --by host --top 20", &values, "ms", NULL);
}

void history_year(const struct settings *settings, struct report *report, const char *folder)
{
	struct year year = {.hosts = settings->hosts, .drains = settings->drains};
	uint64_t before = machine_clock();
	char path[PATH_MAX], scene[32], title[64];
	struct stat file;

	snprintf(path, sizeof(path), "%s/%s", folder, HISTORY_NAME);
	live(&year, path);
	if (stat(path, &file))
		die("%s: it is not there", path);
	snprintf(scene, sizeof(scene), "%u hosts", settings->hosts);
	snprintf(title, sizeof(title), "a year of hosts, each seen so often a day: %u",
		 settings->drains);
	report_table(report, "history", title);
	report_value(report, scene, "filled in", (double)(machine_clock() - before) / 1e9, "s");
	report_value(report, scene, "the database then", (double)file.st_size / 1e6, "MB");
	report_value(report, scene, "that is, a host and year",
		     (double)file.st_size / settings->hosts, "bytes");
	measure_report(settings, report, scene, path);
	history_clean(folder);
}

#endif

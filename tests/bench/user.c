// SPDX-License-Identifier: GPL-2.0-or-later
#include "user.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "die.h"
#include "fill.h"
#include "isolate.h"
#include "process.h"

#define ROUNDS_MAX 5u
#define SLOW_ROUNDS 2u /* of what takes seconds */

static void measure_dump(struct report *report, const char *netacct, uint32_t flows,
			 uint32_t rounds)
{
	const char *const json[] = {netacct, "dump", "-j", NULL};
	const char *const csv[] = {netacct, "dump", "--format", "csv", NULL};
	double times[ROUNDS_MAX];
	struct quartiles result;
	uint32_t i;

	for (i = 0; i < rounds; i++)
		times[i] = fill_floor(flows);
	result = quartiles_of(times, rounds);
	report_user(report, flows, "floor: the table read once", &result, 0);
	for (i = 0; i < rounds; i++)
		times[i] = process_time(json);
	result = quartiles_of(times, rounds);
	report_user(report, flows, "netacct dump -j", &result, process_memory(json));
	for (i = 0; i < rounds; i++)
		times[i] = process_time(csv);
	result = quartiles_of(times, rounds);
	report_user(report, flows, "netacct dump --format csv", &result, 0);
}

/* The table is full before each. */
static void measure_drain(struct report *report, const char *netacct, uint32_t flows,
			  uint32_t rounds)
{
	const char *const json[] = {netacct, "drain", "-j", NULL};
	double times[ROUNDS_MAX];
	struct quartiles result;
	uint32_t i;

	for (i = 0; i < rounds; i++) {
		if (i)
			fill_meter(flows);
		times[i] = process_time(json);
	}
	result = quartiles_of(times, rounds);
	fill_meter(flows);
	report_user(report, flows, "netacct drain -j", &result, process_memory(json));
}

static void measure_bpftool(struct report *report, uint32_t flows, uint32_t rounds)
{
	_cleanup_close_ int fd = -1;
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info), i;
	double times[ROUNDS_MAX];
	struct quartiles result;
	char id[16];

	if (!process_known("bpftool")) {
		puts("           no bpftool to compare with");
		return;
	}
	fd = fill_hash(flows);
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		die("the number of a map: %s", strerror(errno));
	snprintf(id, sizeof(id), "%u", info.id);
	for (i = 0; i < rounds; i++) {
		const char *const dump[] = {"bpftool", "-j", "map", "dump", "id", id, NULL};

		times[i] = process_time(dump);
	}
	result = quartiles_of(times, rounds);
	report_user(report, flows, "bpftool -j map dump", &result, 0);
}

static void measure(const struct settings *settings, struct report *report, uint32_t flows)
{
	uint32_t rounds = settings->rounds < ROUNDS_MAX ? settings->rounds : ROUNDS_MAX;
	uint32_t slow = rounds < SLOW_ROUNDS ? rounds : SLOW_ROUNDS;
	char netacct[512], most[16];
	const char *const attach[] = {netacct,	     "attach", "--key", "flow",
				      "--max-flows", most,     "lo",	NULL};
	const char *const detach[] = {netacct, "detach", "-q", "--all", NULL};

	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	snprintf(most, sizeof(most), "%u", flows);
	process_time(attach);
	fill_meter(flows);
	measure_dump(report, netacct, flows, rounds);
	measure_drain(report, netacct, flows, rounds);
	process_time(detach);
	measure_bpftool(report, flows, slow);
}

void user_run(const struct settings *settings, struct report *report)
{
	static const uint32_t flows[] = {1000, 65536};
	size_t i;

	isolate();
	puts("\n    flows  what                                         median and quartiles");
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (flows[i] < settings->flows)
			measure(settings, report, flows[i]);
	measure(settings, report, settings->flows);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "user.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "die.h"
#include "fill.h"
#include "isolate.h"
#include "machine.h"
#include "process.h"

#define ROUNDS_MAX 9u
#define SLOW_ROUNDS 3u /* of what takes seconds */
#define MEMORY_ROUNDS 2u
#define SLOW_FLOWS 500000u
#define CHECKED_FLOWS 65536u /* at most: a parser that keeps all takes 1.5 KiB a flow */
#define CHUNK 65536u

/* The place of each in the table, which is where the bases of the ratios are found. */
enum task { FLOOR, START, JSON, NDJSON, CSV, TABLE, TOP, DRAIN, DRAIN_TOTAL, BPFTOOL, TASKS };

static const struct {
	const char *what;
	const char *arguments[6];
} tasks[TASKS] = {
	[FLOOR] = {"floor: the table read, so many bytes written", {}},
	[START] = {"a process: netacct --version", {"--version"}},
	[JSON] = {"netacct dump -j", {"dump", "-j"}},
	[NDJSON] = {"netacct dump --format ndjson", {"dump", "--format", "ndjson"}},
	[CSV] = {"netacct dump --format csv", {"dump", "--format", "csv"}},
	[TABLE] = {"netacct dump --format table", {"dump", "--format", "table"}},
	[TOP] = {"netacct dump -j --top 20", {"dump", "-j", "--top", "20"}},
	[DRAIN] = {"netacct drain -j", {"drain", "-j"}},
	[DRAIN_TOTAL] = {"netacct drain -j --by total", {"drain", "-j", "--by", "total"}},
	[BPFTOOL] = {"bpftool -j map dump", {"-j", "map", "dump", "id"}},
};

struct bench {
	uint32_t flows, rounds;
	size_t bytes; /* that the JSON has */
	int hash; /* descriptor of the map that bpftool dumps; -1: no bpftool */
	char netacct[512], map[16]; /* its number; "" */
	struct {
		double times[ROUNDS_MAX]; /* ms */
		uint32_t count;
		uint64_t memory; /* KiB */
	} results[TASKS];
};

static void command(const struct bench *bench, enum task task, const char *argv[static 8])
{
	size_t i;

	argv[0] = task == BPFTOOL ? "bpftool" : bench->netacct;
	for (i = 0; i < ARRAY_SIZE(tasks[task].arguments) && tasks[task].arguments[i]; i++)
		argv[i + 1] = tasks[task].arguments[i];
	if (task == BPFTOOL)
		argv[++i] = bench->map;
	argv[i + 1] = NULL;
}

/* As nothing can be faster: ms. */
static double floor_time(uint32_t flows, size_t bytes)
{
	_cleanup_close_ int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	double scan = fill_floor(flows);
	uint64_t before = machine_clock();
	static char chunk[CHUNK];
	size_t length;

	for (; bytes; bytes -= length) {
		length = bytes < CHUNK ? bytes : CHUNK;
		memset(chunk, (int)(bytes / CHUNK) & 0xff, length);
		if (write(null, chunk, length) != (ssize_t)length)
			die("/dev/null: %s", strerror(errno));
	}
	return scan + (double)(machine_clock() - before) / 1e6;
}

static bool is_wanted(const struct bench *bench, enum task task, uint32_t round)
{
	if (task != BPFTOOL)
		return true;
	return *bench->map && (round < SLOW_ROUNDS || bench->flows < SLOW_FLOWS);
}

/* What a drain takes out is there again for those that follow. */
static void refill(const struct bench *bench, enum task task)
{
	if (task == DRAIN || task == DRAIN_TOTAL)
		fill_meter(bench->flows);
}

static double run(const struct bench *bench, enum task task)
{
	const char *argv[8];
	double time;

	if (task == FLOOR)
		return floor_time(bench->flows, bench->bytes);
	command(bench, task, argv);
	time = process_time(argv);
	refill(bench, task);
	return time;
}

static void run_rounds(struct bench *bench)
{
	uint32_t round, i;

	for (round = 0; round < bench->rounds; round++) {
		for (i = 0; i < TASKS; i++) {
			enum task task = (i + round) % TASKS;

			if (!is_wanted(bench, task, round))
				continue;
			bench->results[task].times[bench->results[task].count++] = run(bench, task);
		}
	}
}

/* More than once: a sample may come too late for what is short. */
static void read_memory(struct bench *bench)
{
	const char *argv[8];
	enum task task;
	uint32_t i;

	for (task = JSON; task < TASKS; task++) {
		if (!is_wanted(bench, task, 0))
			continue;
		command(bench, task, argv);
		for (i = 0; i < MEMORY_ROUNDS; i++) {
			uint64_t memory = process_memory(argv);

			if (memory > bench->results[task].memory)
				bench->results[task].memory = memory;
			refill(bench, task);
		}
	}
}

/* netacct beside the floor, the rival beside netacct. */
static void show(struct bench *bench, struct report *report)
{
	struct quartiles values[TASKS];
	char scene[32], what[80];
	enum task task;

	snprintf(scene, sizeof(scene), "%u flows", bench->flows);
	for (task = FLOOR; task < TASKS; task++) {
		if (!bench->results[task].count)
			continue;
		values[task] = quartiles_of(bench->results[task].times, bench->results[task].count);
		report_line(report, scene, tasks[task].what, &values[task], "ms",
			    task == FLOOR     ? NULL
			    : task == BPFTOOL ? &values[JSON]
					      : &values[FLOOR]);
	}
	if (bench->results[BPFTOOL].count)
		report_line(report, scene, "the same, to drain -j --by total", &values[BPFTOOL],
			    "ms", &values[DRAIN_TOTAL]);
	for (task = JSON; task < TASKS; task++) {
		if (!bench->results[task].count)
			continue;
		snprintf(what, sizeof(what), "%s: memory", tasks[task].what);
		report_value(report, scene, what, (double)bench->results[task].memory, "KiB");
	}
}

/* The floor's length, and what is in the JSON. */
static void judge(struct bench *bench)
{
	_cleanup_free_ char *document = user_document(bench->netacct, &bench->bytes);

	if (bench->flows <= CHECKED_FLOWS)
		user_check(document, bench->bytes, bench->flows);
}

static int open_hash(struct bench *bench)
{
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info);
	int fd;

	if (!process_known("bpftool")) {
		puts("no bpftool to compare with");
		return -1;
	}
	fd = fill_hash(bench->flows);
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		die("the number of a map: %s", strerror(errno));
	snprintf(bench->map, sizeof(bench->map), "%u", info.id);
	return fd;
}

static void measure(const struct settings *settings, struct report *report, uint32_t flows)
{
	struct bench bench = {.flows = flows,
			      .rounds = settings->rounds < ROUNDS_MAX ? settings->rounds
								      : ROUNDS_MAX};
	const char *const detach[] = {bench.netacct, "detach", "-q", "--all", NULL};
	char most[16];
	const char *const attach[] = {bench.netacct, "attach", "--key", "flow",
				      "--max-flows", most,     "lo",	NULL};

	bench.hash = open_hash(&bench);
	snprintf(bench.netacct, sizeof(bench.netacct), "%s/netacct", settings->build);
	snprintf(most, sizeof(most), "%u", flows);
	process_time(attach);
	fill_meter(flows);
	judge(&bench);
	run_rounds(&bench);
	read_memory(&bench);
	process_time(detach);
	cleanup_close(&bench.hash);
	show(&bench, report);
}

void user_run(const struct settings *settings, struct report *report)
{
	static const uint32_t flows[] = {1000, 65536};
	size_t i;

	isolate();
	report_table(report, "user", "whole processes; memory: at most, what is not shared");
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (flows[i] < settings->flows)
			measure(settings, report, flows[i]);
	measure(settings, report, settings->flows);
}

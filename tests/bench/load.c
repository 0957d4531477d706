// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "load.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>

#include "books.h"
#include "die.h"
#include "isolate.h"
#include "link.h"
#include "machine.h"
#include "process.h"
#include "sender.h"

#define ROUNDS_MAX 7u
#define FLOWS 64u
#define SECONDS 0.16 /* of each load and hook in a round, and as much with nothing attached */
#define SLICES 8
#define TRIES 100u
#define SECONDS_OF_STATISTICS 0.06 /* they cost something themselves */

/* What attach warns of with XDP is known here; an error is not. */
#define QUIET "\"$0\" \"$@\" 2>/run/said || { cat /run/said >&2; exit 1; }"

static const struct {
	const char *name, *option; /* of attach; NULL: nothing is attached */
	bool super; /* counts super-packets as what they stand for */
} hooks[] = {
	{"nothing attached", NULL, false},	 {"tc, clsact", "--hook=clsact", true},
	{"tc, tcx", "--hook=tcx", true},	 {"XDP native", "--xdp=native", true},
	{"XDP generic", "--xdp=generic", false},
};

static const struct {
	const char *name;
	uint32_t length, rate; /* of a frame; frames a second */
	uint16_t segment;
} loads[] = {
	{"100k/s of 64 B", 64, 100000, 0},
	{"100k/s of 1514 B", 1514, 100000, 0},
	{"20k/s of 45 x 1448 B", 54 + 45 * 1448, 20000, 1448},
};

enum { HOOKS = ARRAY_SIZE(hooks), LOADS = ARRAY_SIZE(loads) };

/* Of each round. */
struct cell {
	double packets[ROUNDS_MAX], bits[ROUNDS_MAX]; /* carried, a second */
	double cpu[ROUNDS_MAX]; /* share of a CPU in %: sending and receiving */
	double programs[ROUNDS_MAX]; /* the same of the programs alone */
	double run[ROUNDS_MAX]; /* ns of one run of theirs */
};

struct load {
	char netacct[512];
	pid_t softirqd; /* of the CPU, 0: not known */
	struct frames frames[LOADS];
	struct sender bare[LOADS]; /* of another veth, in a namespace without meters */
	struct cell cells[LOADS][HOOKS];
	struct books_memory memory[HOOKS];
};

static void attach(const struct load *load, uint32_t hook)
{
	const char *const argv[] = {"sh",     "-c",    QUIET,  load->netacct,
				    "attach", "--key", "flow", hooks[hook].option,
				    "v1",     NULL};

	process_time(argv);
}

static void detach(const struct load *load)
{
	const char *const argv[] = {load->netacct, "detach", "-q", "v1", NULL};

	process_time(argv);
}

/* All that was sent was seen, or, on a CPU that has other things to do, soon will be. */
static void judge(const struct sender *sender, uint32_t hook)
{
	const struct frames *frames = sender->frames;
	uint64_t packets = hooks[hook].super ? frames_packets(frames) : 1;
	uint64_t bytes = hooks[hook].super ? frames_bytes(frames) : frames->length;
	struct na_count seen = {};
	struct books books;
	uint32_t i;

	for (i = 0; i < TRIES && seen.packets < packets * sender->sent; i++) {
		if (i)
			usleep(10000);
		books_read(&books);
		seen = books.bucket[NA_ACCOUNTED][NA_RX];
	}
	books_balance(&books);
	/* of a super-packet that was refused a part may have got through */
	if (seen.packets < packets * sender->sent ||
	    (!sender->refused && seen.bytes != bytes * sender->sent))
		die("%s counted %" PRIu64 " packets and %" PRIu64 " bytes of %" PRIu64 " frames",
		    hooks[hook].name, (uint64_t)seen.packets, (uint64_t)seen.bytes, sender->sent);
}

/* ns of CPU: what is sent and received, also where ksoftirqd receives it. */
static double pace(const struct load *load, struct sender *sender, uint32_t rate)
{
	struct timespec from, to;
	double used = load->softirqd ? process_cpu(load->softirqd) : 0;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	sender_pace(sender, rate, SECONDS / SLICES);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	used = (load->softirqd ? process_cpu(load->softirqd) : 0) - used +
	       (double)(to.tv_sec - from.tv_sec);
	return used * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
}

static void keep(struct cell *cell, const struct frames *frames, double frames_a_second,
		 uint32_t round)
{
	cell->packets[round] = frames_a_second * (double)frames_packets(frames);
	cell->bits[round] = frames_a_second * (double)frames_bytes(frames) * 8 / 1e9;
}

/* Slice by slice to the veth that is counted, and to the other one. */
static void measure(struct load *load, uint32_t number, uint32_t hook, struct sender *sender,
		    uint32_t round)
{
	struct sender *bare = &load->bare[number];
	struct cell *cells = load->cells[number];
	uint64_t sent[2] = {bare->sent, sender->sent}, time[2] = {}, start, middle, i;
	double used[2] = {};

	for (i = 0; i < SLICES; i++) {
		start = machine_clock();
		used[0] += pace(load, bare, loads[number].rate);
		middle = machine_clock();
		used[1] += pace(load, sender, loads[number].rate);
		time[0] += middle - start;
		time[1] += machine_clock() - middle;
	}
	for (i = 0; i < 2; i++)
		used[i] = used[i] / (double)time[i] * 100;
	keep(&cells[0], bare->frames, (double)(bare->sent - sent[0]) / (double)time[0] * 1e9,
	     round);
	keep(&cells[hook], sender->frames, (double)(sender->sent - sent[1]) / (double)time[1] * 1e9,
	     round);
	cells[0].cpu[round] = used[0];
	cells[hook].cpu[round] = used[1] - used[0];
}

static void measure_programs(struct cell *cell, uint32_t rate, struct sender *sender,
			     uint32_t round)
{
	_cleanup_close_ int statistics = bpf_enable_stats(BPF_STATS_RUN_TIME);
	struct books_runs runs;

	if (statistics < 0)
		die("BPF_ENABLE_STATS: %s", strerror(errno));
	sender_pace(sender, rate, SECONDS_OF_STATISTICS);
	books_runs(&runs);
	if (!runs.count)
		return;
	cell->run[round] = (double)runs.time / (double)runs.count;
	cell->programs[round] = (double)runs.time / 1e9 / SECONDS_OF_STATISTICS * 100;
}

static void run_cell(struct load *load, uint32_t number, uint32_t hook, uint32_t round)
{
	struct sender sender;

	attach(load, hook);
	sender_open(&sender, "v0", &load->frames[number]);
	sender_each(&sender);
	sender_each(&load->bare[number]);
	measure(load, number, hook, &sender, round);
	measure_programs(&load->cells[number][hook], loads[number].rate, &sender, round);
	books_memory(&load->memory[hook]);
	judge(&sender, hook);
	sender_close(&sender);
	detach(load);
}

static void show_hook(struct report *report, struct cell *cell, const char *scene, uint32_t hook,
		      uint32_t rounds)
{
	const struct {
		const char *what, *unit;
		double *values;
		bool always;
	} lines[] = {
		{"carried", "packets/s", cell->packets, true},
		{"carried", "Gbit/s", cell->bits, true},
		{hooks[hook].option ? "of a CPU above nothing attached" : "of a CPU", "%",
		 cell->cpu, true},
		{"of a CPU in the program", "%", cell->programs, false},
		{"a run of the program", "ns", cell->run, false},
	};
	char what[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct quartiles values = quartiles_of(lines[i].values, rounds);

		snprintf(what, sizeof(what), "%s: %s", hooks[hook].name, lines[i].what);
		if (lines[i].always || hooks[hook].option)
			report_line(report, scene, what, &values, lines[i].unit, NULL);
	}
}

static void show(struct load *load, struct report *report, uint32_t rounds)
{
	uint32_t number, hook;

	report_table(report, "load",
		     "Load: 64 flows at a fixed rate into a veth on one CPU "
		     "(native XDP pays for the driver's conversion there)");
	for (number = 0; number < LOADS; number++) {
		for (hook = 0; hook < HOOKS; hook++)
			show_hook(report, &load->cells[number][hook], loads[number].name, hook,
				  rounds);
	}
	for (hook = 1; hook < HOOKS; hook++) {
		report_value(report, hooks[hook].name, "in the kernel: maps",
			     (double)load->memory[hook].maps / (1 << 20), "MiB");
		report_value(report, hooks[hook].name, "in the kernel: programs",
			     (double)load->memory[hook].programs / 1024, "KiB");
	}
}

static void prepare(struct load *load)
{
	static const uint8_t nobody[6] = {2};
	uint32_t i;

	link_pair("v0", "v1");
	for (i = 0; i < LOADS; i++) {
		frames_make(&load->frames[i], FLOWS, loads[i].length, loads[i].segment, nobody);
		sender_open(&load->bare[i], "v0", &load->frames[i]);
	}
	if (unshare(CLONE_NEWNET))
		die("a network namespace: %s", strerror(errno));
	link_pair("v0", "v1");
}

void load_run(const struct settings *settings, struct report *report)
{
	uint32_t rounds = settings->rounds < ROUNDS_MAX ? settings->rounds : ROUNDS_MAX;
	struct load *load = allocate(1, sizeof(*load));
	uint32_t round, number, hook;

	isolate();
	machine_pin(0);
	snprintf(load->netacct, sizeof(load->netacct), "%s/netacct", settings->build);
	load->softirqd = sender_softirqd();
	prepare(load);
	for (round = 0; round < rounds; round++)
		for (number = 0; number < LOADS; number++)
			for (hook = 1; hook < HOOKS; hook++)
				run_cell(load, number, 1 + (hook + round) % (HOOKS - 1), round);
	show(load, report, rounds);
	for (number = 0; number < LOADS; number++) {
		sender_close(&load->bare[number]);
		frames_free(&load->frames[number]);
	}
	free(load);
}

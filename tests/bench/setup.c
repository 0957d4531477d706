// SPDX-License-Identifier: GPL-2.0-or-later
#include "setup.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/stat.h>

#include "../../src/meter/meter.h"
#include "die.h"
#include "isolate.h"
#include "process.h"

#define PART "setup"
#define INTERFACES 500u
#define NAMESPACES 200u
#define SAMPLE 50u /* interfaces of a process for each command; BENCH_FULL: all */
#define ROUNDS_MAX 9u

#define BATCH "/run/batch"
#define PROGRAM "/sys/fs/bpf/bench"

#define ATTACH(...)                                  \
	{                                            \
		netacct, "attach", __VA_ARGS__, NULL \
	}
#define GROUP(hook, pattern) \
	ATTACH("--group", "all", "--max-sources", "512", "--hook", hook, pattern)

/* One way to do a thing: ms, one a round. */
struct way {
	const char *what;
	double times[ROUNDS_MAX];
};

static char netacct[512];

typedef void write_fn(FILE *file, uint32_t number);

/* One run of the tool for numbers 1 to count: ms. */
static double batch(const char *tool, write_fn *write, uint32_t count)
{
	const char *const run[] = {tool, "-batch", BATCH, NULL};
	FILE *file = fopen(BATCH, "we");
	uint32_t i;

	for (i = 1; file && i <= count; i++)
		write(file, i);
	if (!file || fclose(file))
		die(BATCH ": %s", strerror(errno));
	return process_time(run);
}

static void make_netns(FILE *file, uint32_t number)
{
	fprintf(file, "netns add n%u\n", number);
}

static void delete_netns(FILE *file, uint32_t number)
{
	fprintf(file, "netns del n%u\n", number);
}

static void make_veth(FILE *file, uint32_t number)
{
	fprintf(file, "link add p%u type veth peer name q%u\n", number, number);
}

static void add_filters(FILE *file, uint32_t number)
{
	fprintf(file, "qdisc add dev p%u clsact\n", number);
	fprintf(file, "filter add dev p%u ingress bpf da object-pinned " PROGRAM "\n", number);
	fprintf(file, "filter add dev p%u egress bpf da object-pinned " PROGRAM "\n", number);
}

static void delete_qdisc(FILE *file, uint32_t number)
{
	fprintf(file, "qdisc del dev p%u clsact\n", number);
}

/* What tc attaches: a program that passes on what it sees. */
static void pin_program(void)
{
	const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	_cleanup_close_ int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "bench", "GPL", code,
					       ARRAY_SIZE(code), NULL);

	if (fd < 0 || bpf_obj_pin(fd, PROGRAM))
		die("a program for tc: %s", strerror(errno));
}

static void expect_sources(size_t expected)
{
	struct meter_list list = {};
	struct fault fault = {};
	size_t live = 0, i;
	uint32_t j;

	if (meter_list(&list, &fault))
		die("%s", fault.text);
	for (i = 0; i < list.count; i++)
		for (j = 0; j < list.meters[i].meta.sources; j++)
			live += list.meters[i].sources[j].state == NA_SOURCE_LIVE;
	meter_list_clear(&list);
	if (live != expected)
		die("%zu sources are attached, not %zu", live, expected);
}

/* A process for each command, as a script would: ms for all interfaces. */
static double tc_each(uint32_t sample)
{
	double sum = 0;
	uint32_t i;

	for (i = 1; i <= sample; i++) {
		char name[16];
		const char *const qdisc[] = {"tc", "qdisc", "add", "dev", name, "clsact", NULL};
		const char *const in[] = {"tc",	     "filter", "add", "dev",	       name,
					  "ingress", "bpf",    "da",  "object-pinned", PROGRAM,
					  NULL};
		const char *const eg[] = {"tc",	 "filter", "add",	    "dev",   name, "egress",
					  "bpf", "da",	   "object-pinned", PROGRAM, NULL};

		snprintf(name, sizeof(name), "p%u", i);
		sum += process_time(qdisc) + process_time(in) + process_time(eg);
	}
	return sum * INTERFACES / sample;
}

static double tc_each_delete(uint32_t sample)
{
	double sum = 0;
	uint32_t i;

	for (i = 1; i <= sample; i++) {
		char name[16];
		const char *const qdisc[] = {"tc", "qdisc", "del", "dev", name, "clsact", NULL};

		snprintf(name, sizeof(name), "p%u", i);
		sum += process_time(qdisc);
	}
	return sum * INTERFACES / sample;
}

static double attach(const char *const argv[], size_t expected)
{
	double time = process_time(argv);

	expect_sources(expected);
	return time;
}

static double detach_all(void)
{
	const char *const argv[] = {netacct, "detach", "-q", "--all", NULL};

	return process_time(argv);
}

/* The lines of a table; ways[0] is what the others are compared with. */
static void tell(struct report *report, const char *scene, struct way *ways, size_t count,
		 uint32_t rounds)
{
	struct quartiles base = quartiles_of(ways[0].times, rounds), one;
	size_t i;

	report_line(report, scene, ways[0].what, &base, "ms", NULL);
	for (i = 1; i < count; i++) {
		one = quartiles_of(ways[i].times, rounds);
		report_line(report, scene, ways[i].what, &one, "ms", &base);
	}
}

static void measure_tc(uint32_t sample, uint32_t round, struct way *on, struct way *off)
{
	on[2].times[round] = tc_each(sample);
	off[2].times[round] = tc_each_delete(sample);
	on[1].times[round] = batch("tc", add_filters, INTERFACES);
	off[1].times[round] = batch("tc", delete_qdisc, INTERFACES);
}

static void measure_group(uint32_t round, struct way *on, struct way *off)
{
	const char *const group[] = GROUP("clsact", "p*");

	on[0].times[round] = attach(group, INTERFACES);
	off[0].times[round] = detach_all();
}

static void attach_group(const struct settings *settings, struct report *report, uint32_t rounds)
{
	uint32_t sample = settings->full ? INTERFACES : SAMPLE, round;
	const char *each = settings->full ? "tc, a process a command"
					  : "tc, a process a command (50, times 10)";
	struct way on[] = {
		{.what = "netacct attach --group"}, {.what = "tc -batch"}, {.what = each}};
	struct way off[] = {
		{.what = "netacct detach --all"}, {.what = "tc -batch"}, {.what = each}};

	for (round = 0; round < rounds; round++) {
		if (round & 1)
			measure_group(round, on, off);
		measure_tc(sample, round, on, off);
		if (!(round & 1))
			measure_group(round, on, off);
	}
	tell(report, "attach 500 interfaces by clsact", on, ARRAY_SIZE(on), rounds);
	tell(report, "detach 500 interfaces from clsact", off, ARRAY_SIZE(off), rounds);
}

/* Each link of tcx waits for RCU. */
static void attach_tcx(struct report *report, uint32_t rounds)
{
	const char *const few[] = GROUP("tcx", "p?"), *const same[] = GROUP("clsact", "p?");
	const char *const one[] = ATTACH("--hook", "clsact", "p1");
	struct way on[] = {{.what = "netacct attach, one by clsact"},
			   {.what = "netacct attach --group, nine by clsact"},
			   {.what = "netacct attach --group, nine by tcx"}};
	struct way off[] = {{.what = "netacct detach, one from clsact"},
			    {.what = "netacct detach, nine from clsact"},
			    {.what = "netacct detach, nine from tcx"}};
	uint32_t round;

	for (round = 0; round < rounds; round++) {
		on[0].times[round] = attach(one, 1);
		off[0].times[round] = detach_all();
		on[1].times[round] = attach(same, 9);
		off[1].times[round] = detach_all();
		on[2].times[round] = attach(few, 9);
		off[2].times[round] = detach_all();
	}
	tell(report, "attach few interfaces", on, ARRAY_SIZE(on), rounds);
	tell(report, "detach few interfaces", off, ARRAY_SIZE(off), rounds);
}

static void list_all(struct report *report, uint32_t rounds)
{
	const char *const ip[] = {"ip", "-all", "netns", "exec", "ip", "-j", "link", NULL};
	const char *const list[] = {netacct, "list-all", "-j", NULL};
	struct way ways[] = {{.what = "netacct list-all -j"},
			     {.what = "ip -all netns exec ip -j link"}};
	uint32_t round;

	for (round = 0; round < rounds; round++) {
		ways[1].times[round] = process_time(ip);
		ways[0].times[round] = process_time(list);
	}
	tell(report, "list 200 namespaces", ways, ARRAY_SIZE(ways), rounds);
}

void setup_run(const struct settings *settings, struct report *report)
{
	uint32_t rounds = settings->rounds < ROUNDS_MAX ? settings->rounds : ROUNDS_MAX;

	if (!process_known("ip") || !process_known("tc")) {
		puts("\nno ip and no tc to make interfaces with and to compare with");
		return;
	}
	isolate();
	snprintf(netacct, sizeof(netacct), "%s/netacct", settings->build);
	report_table(report, PART, "Attach, detach and list, as whole processes");
	if (mkdir("/run/netns", 0755) && errno != EEXIST)
		die("/run/netns: %s", strerror(errno));
	batch("ip", make_netns, NAMESPACES);
	list_all(report, rounds);
	batch("ip", delete_netns, NAMESPACES);
	batch("ip", make_veth, INTERFACES);
	pin_program();
	attach_group(settings, report, rounds);
	attach_tcx(report, rounds);
	if (unlink(PROGRAM))
		die(PROGRAM ": %s", strerror(errno));
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "flood.h"

#include <inttypes.h>
#include <string.h>

#include "../../src/meter/read.h"
#include "die.h"
#include "machine.h"
#include "netacct.h"

#define ROOM 65536u /* the default of --max-flows */
#define CHUNK 8192u /* packets between two looks at the balance */

enum phase { PHASE_ROOM, PHASE_BEYOND, PHASE_OVERFLOWING, PHASE_FULL, PHASE_KNOWN, PHASES };

static const char *const phase_names[PHASES] = {
	[PHASE_ROOM] = "new flows, as many as it is to have room for",
	[PHASE_BEYOND] = "beyond that, until the first overflows",
	[PHASE_OVERFLOWING] = "then, to three quarters of the flood",
	[PHASE_FULL] = "the last quarter",
	[PHASE_KNOWN] = "flows that it has, when it is full",
};

struct stretch {
	uint64_t time, packets;
};

struct flood {
	struct generator generator;
	struct subject subject;
	struct stretch stretches[PHASES];
	struct na_balance before, now; /* this round's */
	uint64_t accounted, spilled; /* packets of the flood */
};

static const struct meter *meter_of(const struct flood *flood)
{
	return &((const struct bench_meter *)flood->subject.state)->meter;
}

static void read_balance(const struct flood *flood, struct na_balance *ret)
{
	struct half_balance balance;
	struct fault fault = {};

	if (meter_read_balance(meter_of(flood), 0, 0, &balance, &fault))
		die("%s", fault.text);
	*ret = balance.direction[NA_RX];
}

static uint64_t counted(const struct flood *flood, enum na_bucket bucket)
{
	return flood->now.bucket[bucket].packets - flood->before.bucket[bucket].packets;
}

static void judge(const struct flood *flood, uint64_t sent)
{
	uint64_t accounted = counted(flood, NA_ACCOUNTED);
	uint64_t records = flood->subject.kind->flows(flood->subject.state);

	if (counted(flood, NA_SEEN) != sent || accounted + counted(flood, NA_OVERFLOW) != sent ||
	    records != accounted)
		die("of %" PRIu64 " packets %" PRIu64 " were seen, %" PRIu64 " accounted, %" PRIu64
		    " overflow and %" PRIu64 " in records",
		    sent, counted(flood, NA_SEEN), accounted, counted(flood, NA_OVERFLOW), records);
}

static enum phase phase_of(const struct flood *flood, uint32_t step)
{
	if (step < ROOM)
		return PHASE_ROOM;
	if (step >= BENCH_STEPS / 4 * 3)
		return PHASE_FULL;
	return counted(flood, NA_OVERFLOW) ? PHASE_OVERFLOWING : PHASE_BEYOND;
}

static void run_chunk(struct flood *flood, uint32_t step, enum phase phase)
{
	struct stretch *stretch = &flood->stretches[phase];

	stretch->time += generator_run(&flood->generator, 0, step, CHUNK);
	stretch->packets += CHUNK;
}

/* ns a packet of a phase, above the empty program; 0: there was no such phase. */
static double cost(const struct flood *flood, enum phase phase, double empty)
{
	const struct stretch *stretch = &flood->stretches[phase];

	if (!stretch->packets)
		return 0;
	return (double)stretch->time / (double)stretch->packets - empty;
}

static double run_empty(const struct flood *flood)
{
	uint64_t time = 0;
	uint32_t step;

	generator_aim(&flood->generator, flood->generator.empty);
	for (step = 0; step < BENCH_STEPS; step += CHUNK)
		time += generator_run(&flood->generator, 0, step, CHUNK);
	return (double)time / BENCH_STEPS;
}

static void run_new(struct flood *flood)
{
	uint32_t step;

	subject_clear(&flood->subject);
	memset(flood->stretches, 0, sizeof(flood->stretches));
	read_balance(flood, &flood->before);
	flood->now = flood->before;
	generator_aim(&flood->generator, flood->subject.program);
	for (step = 0; step < BENCH_STEPS; step += CHUNK) {
		run_chunk(flood, step, phase_of(flood, step));
		read_balance(flood, &flood->now);
	}
	judge(flood, BENCH_STEPS);
	flood->accounted = counted(flood, NA_ACCOUNTED);
	flood->spilled = flood->now.spilled - flood->before.spilled;
}

/* What it took in first comes again. */
static void run_known(struct flood *flood)
{
	uint64_t overflow = counted(flood, NA_OVERFLOW);
	uint32_t step;

	for (step = 0; step < ROOM; step += CHUNK)
		run_chunk(flood, step, PHASE_KNOWN);
	read_balance(flood, &flood->now);
	judge(flood, BENCH_STEPS + ROOM);
	if (counted(flood, NA_OVERFLOW) != overflow)
		die("of %u flows %" PRIu64 " had found no room", ROOM,
		    counted(flood, NA_OVERFLOW) - overflow);
}

/* times[] and empties[] get a value a round. */
static void run_rounds(struct flood *flood, uint32_t rounds, double *times[PHASES], double *empties)
{
	uint32_t round, i;

	for (round = 0; round < rounds; round++) {
		empties[round] = run_empty(flood);
		run_new(flood);
		run_known(flood);
		for (i = 0; i < PHASES; i++)
			times[i][round] = cost(flood, i, empties[round]);
	}
}

static void show(const struct flood *flood, struct report *report, uint32_t rounds,
		 double *times[PHASES], double *empties)
{
	const char *scene = flood->generator.ipv6 ? "IPv6" : "IPv4";
	struct quartiles values = quartiles_of(empties, rounds);
	uint32_t i;

	report_line(report, scene, "EMPTY itself", &values, "ns", NULL);
	for (i = 0; i < PHASES; i++) {
		values = quartiles_of(times[i], rounds);
		if (values.high != 0)
			report_line(report, scene, phase_names[i], &values, "ns", NULL);
	}
	report_value(report, scene, "overflow", (double)(BENCH_STEPS - flood->accounted),
		     "packets");
	report_value(report, scene, "in the spill map", (double)flood->spilled, "packets");
}

static void run_version(const struct settings *settings, struct report *report, bool ipv6)
{
	const struct situation situation = {.hook = HOOK_TC,
					    .ipv6 = ipv6,
					    .key = NA_KEY_FLOW,
					    .distribution = ALL_NEW,
					    .flows = ROOM,
					    .cpus = 1};
	_cleanup_free_ double *empties = allocate(settings->rounds, sizeof(*empties));
	struct flood flood = {};
	double *times[PHASES];
	char object[512];
	uint32_t i;

	snprintf(object, sizeof(object), "%s/tests/generator.bpf.o", settings->build);
	generator_open(&flood.generator, object, HOOK_TC, ipv6);
	sequence_fill(flood.generator.steps, ALL_NEW, 0);
	subject_open_netacct(&situation, &flood.subject);
	for (i = 0; i < PHASES; i++)
		times[i] = allocate(settings->rounds, sizeof(*times[i]));
	run_rounds(&flood, settings->rounds, times, empties);
	show(&flood, report, settings->rounds, times, empties);
	for (i = 0; i < PHASES; i++)
		free(times[i]);
	subject_close(&flood.subject);
	generator_close(&flood.generator);
}

void flood_run(const struct settings *settings, struct report *report)
{
	machine_pin(0);
	report_table(report, "flood",
		     "Floods: each of 1048576 packets is a new flow, room for 65536; "
		     "ns a packet above EMPTY");
	run_version(settings, report, false);
	run_version(settings, report, true);
}

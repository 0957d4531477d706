// SPDX-License-Identifier: GPL-2.0-or-later
#include "rounds.h"

#include <pthread.h>

#include "die.h"
#include "machine.h"

/* One CPU's share of a batch. */
struct share {
	const struct generator *generator;
	pthread_barrier_t *start;
	uint32_t cpu, step, packets;
	uint64_t time;
};

static void *run_share(void *argument)
{
	struct share *share = argument;

	machine_pin(share->cpu);
	pthread_barrier_wait(share->start);
	share->time = generator_run(share->generator, share->cpu, share->step, share->packets);
	return NULL;
}

/* Each CPU at another place of the sequence; the mean of their times. */
static uint64_t run_on_two(const struct generator *generator, uint32_t step, uint32_t packets)
{
	pthread_barrier_t start;
	struct share shares[2];
	pthread_t threads[2];
	uint32_t i;

	pthread_barrier_init(&start, NULL, 2);
	for (i = 0; i < 2; i++) {
		shares[i] = (struct share){generator, &start, i, step + i * BENCH_STEPS / 2,
					   packets,   0};
		if (pthread_create(&threads[i], NULL, run_share, &shares[i]))
			die("cannot start a thread");
	}
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
	return (shares[0].time + shares[1].time) / 2;
}

/* The same packets for each subject: ns. */
static uint64_t run(const struct situation *situation, const struct generator *generator,
		    struct subject *subject, uint32_t step, uint32_t packets)
{
	uint64_t sent = (uint64_t)packets * situation->cpus;

	subject->since_clear += sent;
	subject->ever += sent;
	if (situation->cpus > 1)
		return run_on_two(generator, step, packets);
	return generator_run(generator, 0, step, packets);
}

/* So that the caches hold this program's flows and not those of the one before. */
static uint32_t lead_in(const struct situation *situation, uint32_t packets)
{
	uint32_t wanted = situation->flows * 2 > 16384 ? situation->flows * 2 : 16384;

	return wanted < packets ? wanted : packets;
}

/* ns a packet */
static double measure(const struct settings *settings, const struct situation *situation,
		      const struct generator *generator, struct subject *subject, uint32_t round)
{
	uint32_t packets = settings->packets, step = round * packets;

	generator_aim(generator, subject->program);
	if (situation->distribution == ALL_NEW) {
		subject_judge(subject);
		subject_clear(subject);
		step = 0;
		packets = situation->flows;
	} else {
		run(situation, generator, subject, step, lead_in(situation, packets));
	}
	return (double)run(situation, generator, subject, step, packets) / packets;
}

/*
 * Every flow once: none is new in the rounds that follow. On one CPU, for the
 * usual design loses packets where two meet a new flow at once.
 */
static void warm_up(const struct situation *situation, const struct generator *generator,
		    struct subject *subjects, uint32_t count)
{
	struct situation alone = *situation;
	uint32_t i;

	alone.cpus = 1;
	for (i = 0; i < count && situation->distribution != ALL_NEW; i++) {
		generator_aim(generator, subjects[i].program);
		run(&alone, generator, &subjects[i], 0,
		    situation->flows < 1000 ? 1u << 17 : BENCH_STEPS);
	}
}

void rounds_run(const struct settings *settings, const struct situation *situation,
		const struct generator *generator, struct subject *subjects, uint32_t count,
		struct quartiles ret[])
{
	uint32_t rounds = settings->rounds, round, i;
	_cleanup_free_ double *times = allocate((size_t)count * rounds, sizeof(*times));

	warm_up(situation, generator, subjects, count);
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < count; i++) {
			uint32_t turn = (i + round) % count;

			times[turn * rounds + round] =
				measure(settings, situation, generator, &subjects[turn], round);
		}
		for (i = 1; i < count; i++)
			times[i * rounds + round] -= times[round];
	}
	for (i = 0; i < count; i++) {
		subject_judge(&subjects[i]);
		ret[i] = quartiles_of(&times[i * rounds], rounds);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "sequence.h"

#include <arpa/inet.h>

#include "die.h"

#define LOCAL 0x0a000001u
#define REMOTE 0x0b000000u
#define MIX 0x9e3779b1u /* odd, so a product with it is a permutation */

const char *distribution_name(enum distribution distribution)
{
	static const char *const names[] = {
		[UNIFORM] = "uniform", [ZIPF] = "Zipf", [ALL_NEW] = "all new"};

	return names[distribution];
}

void sequence_step(uint32_t flow, struct bench_step *ret)
{
	*ret = (struct bench_step){
		.source = htonl(REMOTE | (flow * MIX & 0xffffff)),
		.destination = htonl(LOCAL),
		.source_port = htons((uint16_t)(1024 + flow % 60000)),
		.destination_port = htons(443),
	};
}

/* SplitMix64. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15ull;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
	return mixed ^ mixed >> 31;
}

static double *zipf_sums(uint32_t flows)
{
	double *sums = allocate(flows, sizeof(*sums)), sum = 0;
	uint32_t i;

	for (i = 0; i < flows; i++)
		sums[i] = sum += 1.0 / (i + 1);
	for (i = 0; i < flows; i++)
		sums[i] /= sum;
	return sums;
}

static uint32_t zipf_flow(const double *sums, uint32_t flows, uint64_t random)
{
	double point = (double)(random >> 11) / (double)(1ull << 53);
	uint32_t low = 0, high = flows - 1;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (sums[middle] > point)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* So many that chance would leave some out: each in its turn, in an order of chance. */
static void shuffle(struct bench_step *steps, uint32_t flows)
{
	uint64_t state = flows;
	uint32_t i;

	for (i = 0; i < BENCH_STEPS; i++)
		sequence_step(i % flows, &steps[i]);
	for (i = BENCH_STEPS - 1; i; i--) {
		uint32_t other = (uint32_t)((random_next(&state) >> 32) * (i + 1) >> 32);
		struct bench_step kept = steps[i];

		steps[i] = steps[other];
		steps[other] = kept;
	}
}

void sequence_fill(struct bench_step *steps, enum distribution distribution, uint32_t flows)
{
	_cleanup_free_ double *sums = distribution == ZIPF ? zipf_sums(flows) : NULL;
	uint64_t state = flows;
	uint32_t i;

	if (distribution == UNIFORM && flows > BENCH_STEPS / 10) {
		shuffle(steps, flows);
		return;
	}
	for (i = 0; i < BENCH_STEPS; i++) {
		uint64_t random = random_next(&state);
		uint32_t flow = i;

		if (distribution == UNIFORM)
			flow = (uint32_t)((random >> 32) * flows >> 32);
		else if (distribution == ZIPF)
			flow = zipf_flow(sums, flows, random);
		sequence_step(flow, &steps[i]);
	}
}

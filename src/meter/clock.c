/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <time.h>

#include "object.h"

#define WINDOW_NS 20000000ull
#define WINDOW_MAX_NS 1280000000ull

uint64_t clock_realtime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t clock_monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct sampler {
	int program, map;
};

static int sample(const struct sampler *sampler, struct clock_sample *ret)
{
	unsigned char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet));
	uint32_t index = 0;

	if (bpf_prog_test_run_opts(sampler->program, &run) ||
	    bpf_map_lookup_elem(sampler->map, &index, &ret->jiffies))
		return negative_errno();
	index = 1;
	return bpf_map_lookup_elem(sampler->map, &index, &ret->monotonic) ? negative_errno() : 0;
}

/* The first sample after jiffies has moved on and `until` is past. */
static int next_turn(const struct sampler *sampler, uint64_t until, struct clock_sample *ret)
{
	struct clock_sample first = {}, now = {};
	int error = sample(sampler, &first);

	while (!error) {
		error = sample(sampler, &now);
		if (error)
			break;
		if (now.jiffies == first.jiffies)
			continue;
		if (now.monotonic >= until) {
			*ret = now;
			return 0;
		}
		first = now;
	}
	return error;
}

/* 0 where the measured rate is near none of the kernel's choices. */
static uint32_t round_hz(uint64_t jiffies, uint64_t ns)
{
	static const uint32_t choices[] = {100, 250, 300, 1000};
	uint64_t milli_hz = jiffies * 1000000000000ull / ns;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(choices); i++)
		if (milli_hz * 100 > choices[i] * 93000ull &&
		    milli_hz * 100 < choices[i] * 107000ull)
			return choices[i];
	return 0;
}

/* The coarse clocks go by jiffies, and their resolution is one (KTIME_LOW_RES). */
static uint32_t declared_hz(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || tick.tv_sec || tick.tv_nsec <= 0)
		return 0;
	return round_hz(1, (uint64_t)tick.tv_nsec);
}

static int measure(const struct sampler *sampler, struct clock_sample *ret)
{
	struct clock_sample begin = {}, end = {.hz = declared_hz()};
	uint64_t window;
	int error;

	if (end.hz) {
		error = sample(sampler, &end);
		if (!error)
			*ret = end;
		return error;
	}

	for (window = WINDOW_NS; window <= WINDOW_MAX_NS; window *= 2) {
		error = next_turn(sampler, 0, &begin);
		if (!error)
			error = next_turn(sampler, begin.monotonic + window, &end);
		if (error)
			return error;
		end.hz = round_hz(end.jiffies - begin.jiffies, end.monotonic - begin.monotonic);
		if (end.hz) {
			*ret = end;
			return 0;
		}
	}
	return -ERANGE;
}

int clock_measure(struct clock_sample *ret, struct fault *fault)
{
	_cleanup_close_ int program = -1, map = -1;
	struct sampler sampler;
	int error = object_load_clock(&program, &map, fault);

	if (error)
		return error;
	sampler = (struct sampler){.program = program, .map = map};
	error = measure(&sampler, ret);
	if (error)
		return fault_errno(fault, error, "cannot tell the kernel's HZ");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdint.h>

struct machine {
	char kernel[256]; /* release, version, architecture */
	char processor[128]; /* model name; "" where /proc/cpuinfo has none */
	uint32_t cpus; /* online */
	uint32_t jit; /* net.core.bpf_jit_enable */
};

void machine_read(struct machine *ret);

/* The calling thread runs on this CPU alone from now on. */
void machine_pin(uint32_t cpu);

/* ns of CLOCK_MONOTONIC */
uint64_t machine_clock(void);

#endif

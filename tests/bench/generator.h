/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The generator of tests/bench/generator.bpf.c, seen from user space.
 */
#ifndef BENCH_GENERATOR_H
#define BENCH_GENERATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "bench_abi.h"

struct bpf_object;

enum bench_hook { HOOK_TC, HOOK_XDP, HOOK_FRAGS, HOOK_COUNT };

const char *hook_name(enum bench_hook hook);

struct generator {
	struct bpf_object *object;
	bool ipv6;
	int program, empty, jump; /* descriptors, the object's */
	struct bench_step *steps; /* BENCH_STEPS, mapped */
	struct bench_place *places; /* BENCH_CPUS, mapped */
};

#define TEST_PACKET_LENGTH 124

/* `object` is the file. Ends the process where it cannot. */
void generator_open(struct generator *generator, const char *object, enum bench_hook hook,
		    bool ipv6);
void generator_close(struct generator *generator);
#define _cleanup_generator_ __attribute__((cleanup(generator_close)))

/* The program under test from now on, for every CPU. */
void generator_aim(const struct generator *generator, int program);

/*
 * Sends that many packets, beginning at a step, through the program under
 * test, on the CPU that the thread is pinned to: ns of the thread's CPU time.
 */
uint64_t generator_run(const struct generator *generator, uint32_t cpu, uint32_t start,
		       uint32_t packets);

#endif

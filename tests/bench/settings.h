/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From the environment:
 *
 * ROUNDS          rounds that the medians are of (15)
 * BENCH_PACKETS   packets a batch (131072; 2^20 at most)
 * BENCH_FULL      not empty: every combination; hours rather than minutes
 * BENCH_ONLY      only panels whose title contains it; of `bench history` drain, collector or year
 * BENCH_PEER      objects to compare with, separated by blanks: file.o:program, or
 *                 file.o:program:name=value,... with constants (of .rodata) and sizes of maps;
 *                 the value "records" is how many the others have room for. One with netacct's
 *                 maps and constants is given its own set of them and is judged, too
 * BENCH_JSON      file to write the figures to
 * BENCH_FLOWS     most flows of `bench user`, and of the drain of `bench history` (1000000)
 * BENCH_HOSTS     hosts of the year of `bench history` (10000)
 * BENCH_DRAINS    how often a day each of them is seen (1)
 * BENCH_FOLDER    where `bench history` puts its databases (/var/tmp)
 * BUILD           where the build is (build)
 */
struct settings {
	uint32_t rounds;
	uint32_t packets;
	uint32_t flows;
	uint32_t hosts, drains;
	const char *folder;
	bool full;
	const char *only; /* "" : all */
	const char *peers;
	const char *json; /* NULL: none */
	const char *build;
};

void settings_read(struct settings *ret);

#endif

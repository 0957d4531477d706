/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A benchmark that cannot go on says why and ends: exit status 1.
 */
#ifndef BENCH_DIE_H
#define BENCH_DIE_H

#include <netacct/cleanup.h>
#include <stdint.h>

_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Zeroed memory. */
void *allocate(size_t count, size_t size);

#endif

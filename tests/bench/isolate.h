/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_ISOLATE_H
#define BENCH_ISOLATE_H

/* Namespaces and a bpffs of its own: nothing of the machine's is in reach, and nothing stays. */
void isolate(void);

#endif

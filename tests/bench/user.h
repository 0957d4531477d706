/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_USER_H
#define BENCH_USER_H

#include "report.h"

/*
 * dump and drain as whole processes, on real meters in namespaces of their
 * own, beside bpftool on a hash map of as many entries where there is a
 * bpftool, and beside the floor: reading the table once.
 */
void user_run(const struct settings *settings, struct report *report);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_SETUP_H
#define BENCH_SETUP_H

#include "report.h"

/*
 * attach, detach and list-all as whole processes, program loads included, on
 * veths and namespaces of their own, beside tc and ip where they are installed.
 */
void setup_run(const struct settings *settings, struct report *report);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A panel is one table of the output: a situation, over numbers of flows.
 */
#ifndef BENCH_PANEL_H
#define BENCH_PANEL_H

#include "rounds.h"

#define PANEL_COLUMNS 4

struct panel {
	struct situation situation; /* but for its flows */
	uint32_t columns;
	uint32_t flows[PANEL_COLUMNS];
};

/* Runs what the settings ask for. */
struct report;
void panels_run(const struct settings *settings, struct report *report);

#endif

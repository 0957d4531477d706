/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A panel is one table of the output: a situation, over numbers of flows.
 */
#ifndef BENCH_PANEL_H
#define BENCH_PANEL_H

#include "rounds.h"

#define PANEL_COLUMNS 5

struct panel {
	struct situation situation; /* but for its flows */
	uint32_t columns;
	uint32_t flows[PANEL_COLUMNS];
};

struct report;

/* Runs what the settings ask for. */
void panels_run(const struct settings *settings, struct report *report);

/* cells[column * SUBJECTS_MAX + row]; names[row] */
void panel_print(struct report *report, const struct panel *panel, const char *title,
		 char (*names)[SUBJECT_NAME], uint32_t rows, const struct quartiles *cells);

#endif

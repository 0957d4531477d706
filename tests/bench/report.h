/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures: tables on stdout as they come, and at the end as JSON where
 * that is wanted.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "panel.h"

struct json_object;

struct report {
	struct json_object *root, *packet, *user, *history; /* NULL: no file is wanted */
	const char *file;
};

/* Prints the machine and the kernel. */
void report_begin(struct report *report, const struct settings *settings);
void report_end(struct report *report);

/* cells[column * SUBJECTS_MAX + row]; names[row] */
void report_panel(struct report *report, const struct panel *panel, const char title[],
		  char (*names)[64], uint32_t rows, const struct quartiles *cells);

/* One line of `bench user`: ms; own memory in KiB, 0: not known. */
void report_user(struct report *report, uint32_t flows, const char *what,
		 const struct quartiles *times, uint64_t memory);

/* One line of `bench history`. */
void report_figure(struct report *report, const char *what, double value, const char *unit);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures: tables on stdout as they come, and as JSON where that is
 * wanted: root.figures[] has an object for each line of any table, {"part",
 * "table", "scene", "what", "unit", "low", "median", "high"} and, with a base,
 * "ratio". scripts/bench-compare knows a line again by the first five; that
 * less is better for all units but those that end in "/s".
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "settings.h"
#include "statistics.h"

struct json_object;

struct report {
	struct json_object *root; /* NULL: no file is wanted */
	const char *file;
	char part[16], title[160]; /* of the table begun last */
};

/* Prints the machine and the kernel. */
void report_begin(struct report *report, const struct settings *settings);
/* Flushes stdout and writes what there is so far. */
void report_save(struct report *report);
/* Takes over what another process has saved since. */
void report_load(struct report *report);
void report_end(struct report *report);

/* Begins a table: prints its title. `part` is the name of the bench part ("live"). */
void report_table(struct report *report, const char *part, const char *title);

/*
 * One line: median and quartiles; with a base (not NULL) the ratio of medians
 * to it is printed and stored too. `scene` is what many lines share ("65536
 * flows"), and `what` the one thing measured in it.
 */
void report_line(struct report *report, const char *scene, const char *what,
		 const struct quartiles *values, const char *unit, const struct quartiles *base);

/* One that has been measured once. */
void report_value(struct report *report, const char *scene, const char *what, double value,
		  const char *unit);

/* Of a line that is printed by somebody else. */
void report_store(struct report *report, const char *scene, const char *what,
		  const struct quartiles *values, const char *unit, const struct quartiles *base);

/* "12.3 (11.9-12.8)", and with a base " 2.9x"; quartiles that are the median are left out. */
void report_format(char *text, size_t size, const struct quartiles *values,
		   const struct quartiles *base);

#endif

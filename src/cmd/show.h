/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of the commands that print readings, and the printing.
 */
#ifndef NETACCT_SHOW_H
#define NETACCT_SHOW_H

#include "../output/output.h"
#include "option.h"

struct show_options {
	const char *netns;
	bool json;
	bool pretty;
	int format; /* enum output_format */
	uint64_t top;
	const char *sort;
	int by; /* enum na_key_kind, -1: as counted */
	bool string_counters;
};

#define SHOW_DEFAULTS                           \
	{                                       \
		.format = OUTPUT_JSON, .by = -1 \
	}

/* The rows of -n, -j, -p, --format, --top, --sort, --by and --string-counters. */
extern const struct option_row show_rows[];
extern const size_t show_row_count;

/* STATUS_USAGE, said, where --json or --pretty and --format do not go together. */
int show_check(const char *command, const struct show_options *options);

/*
 * Aggregates, sorts, prints and flushes; an exit status, after saying why, also
 * where a drain took records of a stream away while they were printed. Where it
 * did so before anything was printed nothing is said: SHOW_STALE, read them again.
 */
#define SHOW_STALE (-1)
int show_readings(const char *command, const struct show_options *options, struct reading *readings,
		  size_t count);

/* The selection alone: a wrong field or key is found before anything is touched. */
int show_select(const char *command, const struct show_options *options, struct reading *readings,
		size_t count);
int show_print(const struct show_options *options, const struct reading *readings, size_t count);

/* Readings of several meters in one array. */
struct reading_list {
	struct reading *readings; /* owned */
	size_t count;
};

void reading_list_clear(struct reading_list *list);
#define _cleanup_reading_list_ __attribute__((cleanup(reading_list_clear)))

/* Moves those whose source is in `wanted` (NULL: all) over and clears the others; -ENOMEM. */
int reading_list_add(struct reading_list *list, struct reading *readings, size_t count,
		     const bool *wanted);

#endif

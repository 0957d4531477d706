/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readings rendered. The records are collected first and rendered here; all
 * formats go through the column table (column.h), so that they cannot drift
 * apart. Nothing here asks the kernel.
 */
#ifndef NETACCT_OUTPUT_H
#define NETACCT_OUTPUT_H

#include <stdio.h>

#include "../record/reading.h"

enum output_format { OUTPUT_JSON, OUTPUT_NDJSON, OUTPUT_CSV, OUTPUT_TABLE };

struct output_options {
	enum output_format format;
	bool pretty;
	bool string_counters; /* counters as JSON strings: they may exceed 2^53 */
	const char *hostname; /* NULL: gethostname() */
	uint64_t timestamp; /* CLOCK_REALTIME ns of the document */
	unsigned int threads; /* at most, 0: as many as there are CPUs; never more than 4 */
};

/* -EINVAL: no such format. */
int output_format_parse(const char *text, enum output_format *ret);

/*
 * Writes the document to `file`; -errno of the failed write. The readings'
 * summary, protocol breakdown and unique addresses are computed over all of
 * their records before `top` cuts them (see output_select). The records of a
 * stream are written as they come, and what is computed over them after them;
 * the table takes none (-EINVAL): see output_select(). What a stream's check() says
 * is returned: what was written is not whole then.
 */
int output_readings(FILE *file, const struct output_options *options,
		    const struct reading *readings, size_t count);

struct selection {
	bool by_set;
	enum na_key_kind by; /* --by: aggregate to this key */
	/* --sort FIELD: a column's name, NULL: total_bytes; numbers descend, text ascends */
	const char *sort;
	bool any_order; /* neither --sort nor --top was asked for, nor is the format for people */
	size_t top; /* --top N, 0: all */
};

/*
 * Applies --by and --sort to each reading's records; --top is kept in
 * reading->shown, and there is no order behind what it leaves. Only in any order
 * does a stream stay one, and only without --by. -EINVAL with a sentence in why for a key
 * that is finer than the meter's or a field that does not exist; -ENOMEM, or what
 * a stream's check() says.
 */
int output_select(struct reading *readings, size_t count, const struct selection *selection,
		  char why[static 256]);

/* The names that --sort takes, comma separated, for help and errors. */
const char *output_sort_fields(void);

#endif

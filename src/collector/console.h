/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `collect` shows on a terminal after each interval. */
#ifndef NETACCT_CONSOLE_H
#define NETACCT_CONSOLE_H

#include <stdio.h>

#include "../record/reading.h"

struct console_block {
	const char *instance;
	const struct reading *cumulative; /* of its sources */
	size_t cumulative_count;
	const struct reading *interval; /* the drain's, the same sources or fewer */
	size_t interval_count;
	const char *output_file; /* NULL: none */
};

struct console_options {
	unsigned int rows, columns; /* of the terminal */
	uint64_t now; /* CLOCK_REALTIME ns */
	double seconds; /* of the interval */
};

/*
 * Per instance: its interfaces, time, number of whitelisted addresses, the busiest records by
 * cumulative bytes with RX, TX and total in units and the interval's beside them, the totals, the
 * balance, the file written; as many rows as the terminal has, "… N more" where it has not.
 * -errno of the failed write.
 */
int console_print(FILE *file, const struct console_options *options,
		  const struct console_block *blocks, size_t count);

#endif

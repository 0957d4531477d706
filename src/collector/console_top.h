/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The busiest records of an instance, over all its sources. */
#ifndef NETACCT_CONSOLE_TOP_H
#define NETACCT_CONSOLE_TOP_H

#include "console.h"

struct console_row {
	const struct reading *reading; /* whose it is */
	const struct flow_record *record;
	struct na_count rx, tx; /* in the interval */
};

struct console_top {
	struct console_row *rows; /* by bytes of both directions, the most first; owned */
	size_t count;
};

void console_top_clear(struct console_top *top);
#define _cleanup_console_top_ __attribute__((cleanup(console_top_clear)))

/* At most `most` rows; ties as they come in. -ENOMEM. */
int console_top(const struct console_block *block, size_t most, struct console_top *ret);

#endif

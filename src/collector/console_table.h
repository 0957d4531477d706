/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_CONSOLE_TABLE_H
#define NETACCT_CONSOLE_TABLE_H

#include "console_line.h"
#include "console_top.h"

/*
 * The rows under their headings. Where the terminal is too narrow the interval's figures go first,
 * then RX and TX, then the source; at last addresses are cut. `line` is for its use.
 */
void console_table(struct buffer *buffer, struct buffer *line, const struct console_top *top,
		   size_t columns);

#endif

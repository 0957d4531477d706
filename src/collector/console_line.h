/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that a terminal does not wrap. */
#ifndef NETACCT_CONSOLE_LINE_H
#define NETACCT_CONSOLE_LINE_H

#include "../output/buffer.h"

/* Columns that well-formed UTF-8 takes on a terminal: East Asian wide characters two (UAX 11). */
size_t console_width(const char *text, size_t length);

/*
 * Adds as much of the text as `columns` hold, and "…" in the last one where that is not all of
 * it; returns the columns it took.
 */
size_t console_clip(struct buffer *buffer, const char *text, size_t length, size_t columns);

/* Moves the line that `line`, a buffer of memory only, has collected. */
void console_end_line(struct buffer *buffer, struct buffer *line, size_t columns);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures and cells for people. */
#ifndef NETACCT_HUMAN_H
#define NETACCT_HUMAN_H

#include <stdbool.h>

#include "buffer.h"

#define HUMAN_BYTES_MAX 16
/* "512 B", "1.5 MiB": exact below 1024, then rounded to a tenth (IEC 80000-13); the text's end. */
char *human_bytes_write(char *out, uint64_t bytes);

/* Text in a cell `width` wide. */
void human_cell(struct buffer *buffer, const char *text, size_t length, size_t width, bool right);

#endif

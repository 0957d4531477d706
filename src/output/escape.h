/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names come from others: interface names, aliases, tags and paths hold any
 * byte but NUL. Each format has its way to write them.
 */
#ifndef NETACCT_ESCAPE_H
#define NETACCT_ESCAPE_H

#include "buffer.h"

/*
 * A JSON string with its quotes (RFC 8259, section 7). Controls, C1 among
 * them, are \u00XX; what is not UTF-8 becomes U+FFFD, one for each maximal
 * part of a sequence (Unicode 15.0, section 3.9, table 3-8).
 */
void escape_json(struct buffer *buffer, const char *text, size_t length);

/*
 * Text that cannot move the cursor, change colours or turn the writing round:
 * \xXX for bytes that are not UTF-8 and for controls, \u{X} for invisible
 * characters, \\ for the backslash.
 */
void escape_terminal(struct buffer *buffer, const char *text);

/* A field of RFC 4180: in quotes where it has to be. The bytes stay as they are. */
void escape_csv(struct buffer *buffer, const char *text);

#endif

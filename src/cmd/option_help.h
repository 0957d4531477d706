/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of an option table, the parser's own among them: found by name,
 * and written out as --help. For option.c and main.c.
 */
#ifndef NETACCT_OPTION_HELP_H
#define NETACCT_OPTION_HELP_H

#include "option.h"

/* By letter and by whole name; NULL: there is none. */
const struct option_row *option_by_letter(const struct option_table *table, char letter);
const struct option_row *option_by_name(const struct option_table *table, const char *name,
					size_t length);

/* The words of an OPTION_ENUM in one string, cut at `size`. */
void option_words(const struct option_row *row, const char *separator, char *buffer, size_t size);

/* Writes the help of a command to stdout; each option is one line "  -x, --long=ARG  text". */
void option_help(const struct option_table *table);

#endif

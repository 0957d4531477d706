/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences that say what is wrong, and text from outside made fit to stand
 * in one: names of interfaces and groups may hold quotes, ESC, line breaks
 * and bytes that are not UTF-8, and a sentence ends on a terminal.
 */
#ifndef NETACCT_SENTENCE_H
#define NETACCT_SENTENCE_H

#include <stddef.h>

/* Writes the sentence, cut to size - 1 bytes, and returns `error`. */
__attribute__((format(printf, 4, 5))) int sentence(char *text, size_t size, int error,
						   const char *format, ...);
/* The same, behind what is there. */
__attribute__((format(printf, 3, 4))) void sentence_append(char *text, size_t size,
							   const char *format, ...);

struct quoted {
	char text[160];
};

/*
 * In double quotes: UTF-8 stays; quotes, backslashes, control characters (C0,
 * DEL, C1) and other bytes become \", \\ and \xNN; what is too long ends in "…".
 */
struct quoted quote(const char *text);
struct quoted quote_bytes(const char *text, size_t length);

#endif

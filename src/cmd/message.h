/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What netacct says on stderr. One line each, in one write:
 *
 *	netacct: WHERE: WHAT: WHY
 *
 * WHERE is the command, WHAT the source, option or file, WHY what is wrong
 * and, where that is known, what to do about it. WHERE and WHAT may be NULL
 * and are then left out. Whatever the parts hold, the line cannot move the
 * cursor of a terminal: see message_escape(). errno is kept.
 */
#ifndef NETACCT_MESSAGE_H
#define NETACCT_MESSAGE_H

#include <stddef.h>

enum message_level { MESSAGE_QUIET, MESSAGE_STEPS, MESSAGE_DETAILS };

#define MESSAGE_FORMAT(text, first) __attribute__((format(printf, text, first), nonnull(text)))

void message_error(const char *where, const char *what, const char *format, ...)
	MESSAGE_FORMAT(3, 4);
/*
 * `error` is an errno, negative or positive; `kernel` the kernel's own words
 * (extack), NULL or "" where it had none: then strerror() alone.
 */
void message_errno(const char *where, const char *what, int error, const char *kernel);
/* The same line with "warning: " before WHY. */
void message_warning(const char *where, const char *what, const char *format, ...)
	MESSAGE_FORMAT(3, 4);

/* -v: each step. */
void message_step(const char *format, ...) MESSAGE_FORMAT(1, 2);
/* -vv: netlink messages and the like. */
void message_detail(const char *format, ...) MESSAGE_FORMAT(1, 2);
/* -vv: a text of many lines (the verifier's log), each line escaped. */
void message_text(const char *what, const char *text);

/* How much is said: each -v raises it by one, the option parser does so. */
void message_raise_level(void);
enum message_level message_level(void);

/*
 * A name: bytes that a terminal could obey (C0, DEL, C1) and bytes that are
 * not UTF-8 become \xHH, a backslash becomes two, the rest stays. Cut at
 * `size` between two characters; returns the length of the result.
 */
size_t message_escape(const char *text, char *buffer, size_t size);
/* A sentence: the same, but a backslash stays; names in it are escaped already, by quote(). */
size_t message_escape_sentence(const char *text, char *buffer, size_t size);

#endif

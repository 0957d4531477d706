/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 (RFC 3629) in bytes that come from outside: no overlong forms, no
 * surrogates, nothing above U+10FFFF. Names of interfaces and namespaces may
 * be any bytes; files must not be.
 */
#ifndef NETACCT_UTF8_H
#define NETACCT_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID UINT32_MAX

/*
 * Reads one character of `length` > 0 bytes. Returns how many bytes it takes
 * and leaves it in ret; where they are not valid, the length of the maximal
 * part of a sequence (at least 1), and UTF8_INVALID in ret.
 */
size_t utf8_read(const char *text, size_t length, uint32_t *ret);

/* Bytes of the sequence that `text` begins with, 1 to 4; 0 where it is none. length > 0. */
size_t utf8_sequence(const char *text, size_t length);

#endif

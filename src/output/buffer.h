/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written collects in 64 KiB and goes to the file in blocks. The
 * first error is kept, and everything after it is dropped: a caller need only
 * look at what buffer_flush() returns. Errors are negative errno.
 */
#ifndef NETACCT_BUFFER_H
#define NETACCT_BUFFER_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BUFFER_SIZE 65536

struct buffer {
	FILE *file; /* NULL: memory only, and more than BUFFER_SIZE is -EMSGSIZE */
	int error;
	size_t used;
	char data[BUFFER_SIZE];
};

/* On the heap, free() it; NULL: no memory. */
struct buffer *buffer_new(FILE *file);
/* Hands all over to the file, which need not write it yet. The first error since buffer_new(). */
int buffer_hand_over(struct buffer *buffer);
/* Hands all over to the file and flushes it; the first error since buffer_new(). */
int buffer_flush(struct buffer *buffer);

/* Room for `size` bytes (at most BUFFER_SIZE); what was used of it ends at buffer_commit(). */
char *buffer_reserve(struct buffer *buffer, size_t size);
static inline void buffer_commit(struct buffer *buffer, const char *end)
{
	buffer->used = (size_t)(end - buffer->data);
}

void buffer_bytes(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char character);
void buffer_number(struct buffer *buffer, uint64_t number);
void buffer_spaces(struct buffer *buffer, size_t count);

/* As number_write(), from 10^8 on. */
char *number_write_long(char *out, uint64_t number);

/* Eight decimal digits of a number below 10^8, the first one in the lowest byte. */
static inline uint64_t number_digits(uint64_t number)
{
	uint64_t high, all = number / 10000 | (number % 10000) << 32;

	/* Each half in its own lane becomes two, by a multiplication in place of a division. */
	high = (all * 10486 >> 20) & 0x0000007f0000007full;
	all = high | (all - high * 100) << 16;
	high = (all * 103 >> 10) & 0x000f000f000f000full;
	return high | (all - high * 10) << 8;
}

#define NUMBER_WRITE_MAX 20
/*
 * Decimal digits without a NUL; returns their end; of NUMBER_WRITE_MAX, what is behind
 * it may be overwritten.
 */
static inline char *number_write(char *out, uint64_t number)
{
	uint64_t digits, text;
	unsigned int zeros;

	if (number >= 100000000)
		return number_write_long(out, number);
	digits = number_digits(number);
	/* Without a branch: the lengths of a stream of numbers cannot be foreseen. */
	zeros = (unsigned int)__builtin_ctzll(digits | 1ull << 56) & ~7u;
	text = htole64((digits | 0x3030303030303030ull) >> zeros);
	memcpy(out, &text, sizeof(text));
	return out + 8 - zeros / 8;
}

/* Two digits of 0 to 99. */
char *two_digits_write(char *out, unsigned int number);

#endif

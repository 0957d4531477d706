/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written collects in 64 KiB and goes to the file in blocks. The
 * first error is kept, and everything after it is dropped: a caller need only
 * look at what buffer_flush() returns. Errors are negative errno.
 */
#ifndef NETACCT_BUFFER_H
#define NETACCT_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BUFFER_SIZE 65536

struct buffer {
	FILE *file; /* NULL: memory only, and more than BUFFER_SIZE is -EMSGSIZE */
	int error;
	size_t used;
	char data[BUFFER_SIZE];
};

/* On the heap, free() it; NULL: no memory. */
struct buffer *buffer_new(FILE *file);
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

#define NUMBER_WRITE_MAX 20
/* Decimal digits without a NUL; returns their end. */
char *number_write(char *out, uint64_t number);
/* Two digits of 0 to 99. */
char *two_digits_write(char *out, unsigned int number);

#endif

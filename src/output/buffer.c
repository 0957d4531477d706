// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
				  "25262728293031323334353637383940414243444546474849"
				  "50515253545556575859606162636465666768697071727374"
				  "75767778798081828384858687888990919293949596979899";

struct buffer *buffer_new(FILE *file)
{
	struct buffer *buffer = malloc(sizeof(*buffer));

	if (!buffer)
		return NULL;
	buffer->file = file;
	buffer->error = 0;
	buffer->used = 0;
	return buffer;
}

static void keep_error(struct buffer *buffer)
{
	if (!buffer->error)
		buffer->error = errno ? -errno : -EIO;
}

static void hand_over(struct buffer *buffer)
{
	errno = buffer->file ? 0 : EMSGSIZE;
	if (!buffer->error &&
	    (!buffer->file || fwrite(buffer->data, 1, buffer->used, buffer->file) != buffer->used))
		keep_error(buffer);
	buffer->used = 0;
}

int buffer_hand_over(struct buffer *buffer)
{
	hand_over(buffer);
	return buffer->error;
}

int buffer_flush(struct buffer *buffer)
{
	if (!buffer->file)
		return buffer->error;
	hand_over(buffer);
	errno = 0;
	if (fflush(buffer->file))
		keep_error(buffer);
	return buffer->error;
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
	if (BUFFER_SIZE - buffer->used < size)
		hand_over(buffer);
	return buffer->data + buffer->used;
}

void buffer_bytes(struct buffer *buffer, const void *bytes, size_t length)
{
	const char *from = bytes;
	size_t part;

	while (length) {
		part = length < BUFFER_SIZE / 2 ? length : BUFFER_SIZE / 2;
		memcpy(buffer_reserve(buffer, part), from, part);
		buffer->used += part;
		from += part;
		length -= part;
	}
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_bytes(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char character)
{
	*buffer_reserve(buffer, 1) = character;
	buffer->used++;
}

void buffer_number(struct buffer *buffer, uint64_t number)
{
	buffer_commit(buffer, number_write(buffer_reserve(buffer, NUMBER_WRITE_MAX), number));
}

void buffer_spaces(struct buffer *buffer, size_t count)
{
	while (count--)
		buffer_char(buffer, ' ');
}

char *two_digits_write(char *out, unsigned int number)
{
	memcpy(out, digit_pairs + 2 * (size_t)number, 2);
	return out + 2;
}

char *number_write_long(char *out, uint64_t number)
{
	uint64_t text = htole64(number_digits(number % 100000000) | 0x3030303030303030ull);

	out = number_write(out, number / 100000000);
	memcpy(out, &text, sizeof(text));
	return out + sizeof(text);
}

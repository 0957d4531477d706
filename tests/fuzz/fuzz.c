// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_die(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

uint64_t input_number(struct input *input, size_t bytes)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < bytes && input->left; i++) {
		number |= (uint64_t)*input->at++ << 8 * i;
		input->left--;
	}
	return number;
}

char *input_string(struct input *input)
{
	size_t length = strnlen((const char *)input->at, input->left);
	char *text = malloc(length + 1);

	MUST(text);
	memcpy(text, input->at, length);
	text[length] = '\0';
	input->at += length;
	input->left -= length;
	(void)input_number(input, 1);
	return text;
}

void *input_rest(struct input *input)
{
	void *rest = malloc(input->left ? input->left : 1);

	MUST(rest);
	if (input->left)
		memcpy(rest, input->at, input->left);
	return rest;
}

void fuzz_mark(void *result, size_t size)
{
	memset(result, 0x55, size);
}

bool is_marked(const void *result, size_t size)
{
	const uint8_t *bytes = result;

	while (size && *bytes == 0x55) {
		bytes++;
		size--;
	}
	return size == 0;
}

static size_t encode(uint32_t character, uint8_t bytes[static 4])
{
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	size_t i;

	for (i = length; i > 1; i--) {
		bytes[i - 1] = (uint8_t)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	bytes[0] = (uint8_t)(length == 1 ? character : (0xf00u >> length & 0xff) | character);
	return length;
}

/* The character that would be there if all were well; the length by the first byte. */
static size_t decode(const uint8_t *bytes, size_t left, uint32_t *ret)
{
	size_t length = *bytes < 0x80 ? 1 : *bytes < 0xe0 ? 2 : *bytes < 0xf0 ? 3 : 4;
	size_t i;

	if (length > left)
		return 0;
	*ret = length == 1 ? *bytes : *bytes & (0x7fu >> length);
	for (i = 1; i < length; i++)
		*ret = *ret << 6 | (bytes[i] & 0x3f);
	return length;
}

bool is_utf8(const char *text, size_t length)
{
	const uint8_t *bytes = (const uint8_t *)text;
	uint8_t again[4];
	uint32_t character;
	size_t used;

	for (; length; bytes += used, length -= used) {
		used = decode(bytes, length, &character);
		if (!used || character > 0x10ffff || (character >= 0xd800 && character < 0xe000) ||
		    encode(character, again) != used || memcmp(again, bytes, used) != 0)
			return false;
	}
	return true;
}

bool is_terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool is_sentence(const char *text, size_t size)
{
	size_t i;

	if (!is_terminated(text, size) || !*text || !is_utf8(text, strlen(text)))
		return false;
	for (i = 0; text[i]; i++) {
		if ((uint8_t)text[i] < 0x20 || text[i] == 0x7f)
			return false;
		/* C1 */
		if ((uint8_t)text[i] == 0xc2 && (uint8_t)text[i + 1] < 0xa0)
			return false;
	}
	return true;
}

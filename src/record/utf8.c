// SPDX-License-Identifier: GPL-2.0-or-later
#include "utf8.h"

#include <netacct/cleanup.h>

/* The well-formed sequences by lead byte: RFC 3629, section 4. */
struct form {
	unsigned char first, last; /* lead byte */
	unsigned char low, high; /* bounds of the second byte */
	unsigned char length;
};

static const struct form forms[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static const struct form *form_of(unsigned char lead)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (lead >= forms[i].first && lead <= forms[i].last)
			return &forms[i];
	}
	return NULL;
}

size_t utf8_read(const char *text, size_t length, uint32_t *ret)
{
	const unsigned char *byte = (const unsigned char *)text;
	const struct form *form = form_of(byte[0]);
	uint32_t character;
	size_t i;

	*ret = byte[0] < 0x80 ? byte[0] : UTF8_INVALID;
	if (!form)
		return 1;
	character = byte[0] & (0x7fu >> form->length);
	for (i = 1; i < form->length; i++) {
		if (i == length || byte[i] < (i == 1 ? form->low : 0x80) ||
		    byte[i] > (i == 1 ? form->high : 0xbf))
			return i;
		character = character << 6 | (byte[i] & 0x3f);
	}
	*ret = character;
	return form->length;
}

size_t utf8_sequence(const char *text, size_t length)
{
	uint32_t character;
	size_t size = utf8_read(text, length, &character);

	return character == UTF8_INVALID ? 0 : size;
}

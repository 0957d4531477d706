// SPDX-License-Identifier: GPL-2.0-or-later
#include "address.h"

#include <string.h>

#define TEN(tens)                                                                                  \
	{tens "0."}, {tens "1."}, {tens "2."}, {tens "3."}, {tens "4."}, {tens "5."}, {tens "6."}, \
		{tens "7."}, {tens "8."},                                                          \
	{                                                                                          \
		tens "9."                                                                          \
	}
#define NINETY(hundreds)                                                                    \
	TEN(hundreds "1"), TEN(hundreds "2"), TEN(hundreds "3"), TEN(hundreds "4"),         \
		TEN(hundreds "5"), TEN(hundreds "6"), TEN(hundreds "7"), TEN(hundreds "8"), \
		TEN(hundreds "9")

/* Of each octet, with the dot behind it. */
static const char octets[][5] = {
	TEN(""),   NINETY(""), TEN("10"), NINETY("1"), TEN("20"), TEN("21"), TEN("22"), TEN("23"),
	TEN("24"), {"250."},   {"251."},  {"252."},    {"253."},  {"254."},  {"255."},
};
_Static_assert(sizeof(octets) == 256 * sizeof(octets[0]), "every octet");

/* Without a branch: the lengths of a stream of addresses cannot be foreseen. */
static char *write_octet(char *out, unsigned int octet)
{
	memcpy(out, octets[octet], 4);
	return out + 2 + (octet > 9) + (octet > 99);
}

char *address4_write(char *out, const uint8_t address[4])
{
	out = write_octet(out, address[0]);
	out = write_octet(out, address[1]);
	out = write_octet(out, address[2]);
	return write_octet(out, address[3]) - 1;
}

static char *write_group(char *out, unsigned int group)
{
	static const char digits[] = "0123456789abcdef";

	if (group > 0xfff)
		*out++ = digits[group >> 12];
	if (group > 0xff)
		*out++ = digits[group >> 8 & 0xf];
	if (group > 0xf)
		*out++ = digits[group >> 4 & 0xf];
	*out++ = digits[group & 0xf];
	return out;
}

/* The first of the longest runs of zero groups; one group alone is none (RFC 5952, 4.2). */
static unsigned int longest_zeros(const unsigned int group[8], unsigned int *ret_length)
{
	unsigned int i, start = 0, best = 8, length = 1;

	for (i = 0; i < 8; i++) {
		if (group[i]) {
			start = i + 1;
		} else if (i + 1 - start > length) {
			best = start;
			length = i + 1 - start;
		}
	}
	*ret_length = best < 8 ? length : 0;
	return best;
}

char *address6_write(char *out, const uint8_t address[16])
{
	unsigned int group[8], i, zeros, length;

	for (i = 0; i < 8; i++)
		group[i] = (unsigned int)address[2 * i] << 8 | address[2 * i + 1];
	zeros = longest_zeros(group, &length);
	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			*out++ = ':';
			i += length - 1;
			if (i == 7)
				*out++ = ':';
			continue;
		}
		if (i)
			*out++ = ':';
		/* Mapped, and the compatible ones of old, end in an IPv4 address. */
		if (i == 6 && !zeros && (length == 6 || (length == 5 && group[5] == 0xffff)))
			return address4_write(out, address + 12);
		out = write_group(out, group[i]);
	}
	return out;
}

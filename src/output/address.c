// SPDX-License-Identifier: GPL-2.0-or-later
#include "address.h"

/* Without a branch: the lengths of a stream of addresses cannot be foreseen. */
static char *write_octet(char *out, unsigned int octet)
{
	*out = (char)('0' + octet / 100);
	out += octet > 99;
	*out = (char)('0' + octet / 10 % 10);
	out += octet > 9;
	*out = (char)('0' + octet % 10);
	return out + 1;
}

char *address4_write(char *out, const uint8_t address[4])
{
	out = write_octet(out, address[0]);
	*out++ = '.';
	out = write_octet(out, address[1]);
	*out++ = '.';
	out = write_octet(out, address[2]);
	*out++ = '.';
	return write_octet(out, address[3]);
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

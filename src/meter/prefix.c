// SPDX-License-Identifier: GPL-2.0-or-later
#include "prefix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <netacct/cleanup.h>
#include "../source/sentence.h"

#define FAIL(why, ...) sentence((why)->text, sizeof((why)->text), -EINVAL, __VA_ARGS__)

#define FAMILY_BITS 32 /* na_prefix.prefixlen counts from `family` */
#define MAPPED_BITS 96 /* ::ffff:0:0/96 */

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static unsigned int address_bits(const struct na_prefix *prefix)
{
	return prefix->family == htonl(4) ? 32 : 128;
}

static unsigned int length_of(const struct na_prefix *prefix)
{
	return prefix->prefixlen - FAMILY_BITS;
}

/* An address with all of its bits, IPv6 as it is written. */
static int read_address(const char *text, struct na_prefix *ret)
{
	struct na_prefix prefix = {0};

	if (inet_pton(AF_INET, text, prefix.address) == 1)
		prefix.family = htonl(4);
	else if (inet_pton(AF_INET6, text, prefix.address) == 1)
		prefix.family = htonl(6);
	else
		return -EINVAL;
	prefix.prefixlen = FAMILY_BITS + address_bits(&prefix);
	*ret = prefix;
	return 0;
}

static void unmap(struct na_prefix *prefix)
{
	if (prefix->family != htonl(6) || length_of(prefix) < MAPPED_BITS ||
	    memcmp(prefix->address, mapped, sizeof(mapped)) != 0)
		return;
	prefix->family = htonl(4);
	prefix->prefixlen -= MAPPED_BITS;
	prefix->address[0] = prefix->address[3];
	memset(prefix->address + 1, 0, 3 * sizeof(prefix->address[0]));
}

/* True where something was cleared. */
static bool clear_host_bits(struct na_prefix *prefix)
{
	uint8_t *bytes = (uint8_t *)prefix->address;
	unsigned int length = length_of(prefix);
	bool cleared = false;

	for (unsigned int i = 0; i < address_bits(prefix) / 8; i++) {
		unsigned int kept = length <= i * 8 ? 0 : length - i * 8;
		uint8_t mask = kept >= 8 ? 0xff : (uint8_t)(0xff00 >> kept);

		cleared |= (bytes[i] & ~mask) != 0;
		bytes[i] &= mask;
	}
	return cleared;
}

int prefix_parse_address(const char *text, struct na_prefix *ret, struct prefix_error *why)
{
	struct na_prefix prefix;

	if (!*text)
		return FAIL(why, "empty");
	if (strchr(text, '/'))
		return FAIL(why, "a network, not an address: it belongs in \"cidrs\"");
	if (read_address(text, &prefix) < 0)
		return FAIL(why, "not an IPv4 or IPv6 address");
	unmap(&prefix);
	*ret = prefix;
	return 0;
}

/* The decimal number behind the slash: no sign, no space, no leading zero. */
static int read_length(const char *text, unsigned int most, unsigned int *ret)
{
	size_t digits = strspn(text, "0123456789");
	unsigned int number = 0;

	if (digits == 0 || digits > 3 || text[digits] || (digits > 1 && *text == '0'))
		return -EINVAL;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (unsigned int)(text[i] - '0');
	if (number > most)
		return -EINVAL;
	*ret = number;
	return 0;
}

int prefix_parse_network(const char *text, struct na_prefix *ret, struct prefix_error *why)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN];
	char network[PREFIX_TEXT];
	struct na_prefix prefix;
	unsigned int length;

	if (!*text)
		return FAIL(why, "empty");
	if (!slash)
		return FAIL(why, "no prefix length: an address belongs in \"ips\"");
	if ((size_t)(slash - text) >= sizeof(address))
		return FAIL(why, "not an IPv4 or IPv6 network");
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (read_address(address, &prefix) < 0)
		return FAIL(why, "not an IPv4 or IPv6 network");
	if (read_length(slash + 1, address_bits(&prefix), &length) < 0)
		return FAIL(why, "the prefix length must be a number from 0 to %u",
			    address_bits(&prefix));
	prefix.prefixlen = FAMILY_BITS + length;
	if (clear_host_bits(&prefix)) {
		unmap(&prefix);
		prefix_format(&prefix, network);
		return FAIL(why, "host bits are set: the network is %s", network);
	}
	unmap(&prefix);
	*ret = prefix;
	return 0;
}

void prefix_format(const struct na_prefix *prefix, char text[static PREFIX_TEXT])
{
	int family = prefix->family == htonl(4) ? AF_INET : AF_INET6;

	inet_ntop(family, prefix->address, text, PREFIX_TEXT);
	if (length_of(prefix) < address_bits(prefix))
		snprintf(text + strlen(text), PREFIX_TEXT - strlen(text), "/%u", length_of(prefix));
}

int prefix_compare(const void *left, const void *right)
{
	const struct na_prefix *a = left, *b = right;
	int order = memcmp(&a->family, &b->family, sizeof(a->family));

	if (order == 0)
		order = memcmp(a->address, b->address, sizeof(a->address));
	if (order == 0)
		order = (a->prefixlen > b->prefixlen) - (a->prefixlen < b->prefixlen);
	return order;
}

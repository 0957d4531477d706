/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and networks as text and as keys of the whitelist's tries. */
#ifndef NETACCT_PREFIX_H
#define NETACCT_PREFIX_H

#include <netacct/abi.h>
#include <stdbool.h>
#include <stddef.h>

#define PREFIX_TEXT 56 /* room for the longest, with its length and the NUL */

struct prefix_error {
	char text[256]; /* what is wrong with the text, without the text */
};

/*
 * "10.0.0.1" or "2001:db8::1"; as inet_pton(3), so no leading zeros and no
 * short forms. IPv4-mapped IPv6 becomes IPv4. -EINVAL.
 */
int prefix_parse_address(const char *text, struct na_prefix *ret, struct prefix_error *why);
/* The same with "/" and a decimal length; host bits are -EINVAL, and why shows the network. */
int prefix_parse_network(const char *text, struct na_prefix *ret, struct prefix_error *why);

/* Normal form; with "/LENGTH" unless it is a single address. */
void prefix_format(const struct na_prefix *prefix, char text[static PREFIX_TEXT]);

/* By family, address, length: for qsort(3). */
int prefix_compare(const void *left, const void *right);

#endif

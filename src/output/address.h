/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as text, as inet_ntop(3) writes them (RFC 5952 for IPv6), many times faster. */
#ifndef NETACCT_ADDRESS_H
#define NETACCT_ADDRESS_H

#include <stdint.h>

#define ADDRESS_WRITE_MAX 46

/*
 * `address` in network byte order; without a NUL, returns the end of the text; the byte there is
 * overwritten.
 */
char *address4_write(char *out, const uint8_t address[4]);
char *address6_write(char *out, const uint8_t address[16]);

#endif

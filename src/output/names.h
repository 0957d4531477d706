/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the outputs for numbers of the kernel and of IANA. */
#ifndef NETACCT_NAMES_H
#define NETACCT_NAMES_H

#include <netacct/abi.h>
#include <stdint.h>

#define PROTOCOL_WRITE_MAX 16

/* The keyword of IANA's "Assigned Internet Protocol Numbers", else the number; the text's end. */
char *protocol_write(char *out, uint8_t protocol);

#define TCP_FLAGS_WRITE_MAX 31
/* "SYN|ACK": the flags of RFC 9293, section 3.1, without a NUL; the text's end. */
char *tcp_flags_write(char *out, uint8_t flags);

const char *ingress_name(enum na_ingress ingress);
const char *egress_name(enum na_hook hook);
const char *hook_name(enum na_hook hook);
const char *bucket_name(enum na_bucket bucket);

#endif

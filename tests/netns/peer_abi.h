/* SPDX-License-Identifier: GPL-2.0-only OR GPL-2.0-or-later */
/* What the oracle's program and its reader share. */
#ifndef NETNS_PEER_ABI_H
#define NETNS_PEER_ABI_H

#include <linux/types.h>

struct peer_key {
	__u8 source[16]; /* IPv4 in the first four bytes */
	__u8 destination[16];
	__u16 source_port; /* host byte order */
	__u16 destination_port;
	__u8 family; /* 4 or 6 */
	__u8 protocol;
	__u8 fragment; /* a later one */
	__u8 zero;
};

struct peer_count {
	__u64 packets;
	__u64 bytes;
};

enum peer_total { PEER_SEEN, PEER_OTHER, PEER_LOST, PEER_TOTALS };

_Static_assert(sizeof(struct peer_key) == 40, "no padding");

#endif

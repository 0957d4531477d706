/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NETACCT_BPF_BOOKING_H
#define NETACCT_BPF_BOOKING_H

#include "maps.h"

/* One packet on its way to its counters. */
struct booking {
	union {
		struct na_key key;
		__u64 word[5]; /* as the machine compares it */
	};
	__u64 packets, bytes;
	__u32 half;
	__u32 now; /* ticks */
	__u32 whitelist; /* the word of the control record */
	__u32 tcp_flags;
};

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet and its circumstances made from an input, and what must be booked
 * for it. A trial's input begins with TRIAL_HEADER bytes:
 *
 *	0	bits 0-1 enum trial_program, 2 the tag is metadata, 3 bytes of
 *		layer 3, 4 Ethernet, 5 perspective peer, 6 in a group, 7 all
 *		of the packet is linear
 *	1	bits 0-2 enum na_key_kind, 3 the half, 4-5 skb->protocol: none,
 *		IPv4, IPv6, ARP
 *	2-3	gso_size	4-5	gso_segs
 *	6-7	bytes of the linear part
 *	8-9	half the bytes of zeros behind the packet
 *	10	bytes before the network header, on a device without Ethernet
 *
 * (little endian), and the packet follows.
 */
#ifndef TESTS_FUZZ_PACKET_H
#define TESTS_FUZZ_PACKET_H

#include <netacct/abi.h>

#include "decode.h"

#define TRIAL_HEADER 11

enum trial_program { TRIAL_IN, TRIAL_EG, TRIAL_XDP, TRIAL_FRAGS };

struct trial {
	enum trial_program program;
	enum na_key_kind key;
	unsigned int half, protocol; /* host byte order */
	bool tagged, layer3, peer, grouped;
	uint16_t gso_size, gso_segs;
	struct wire wire; /* bytes: in the first 4 GiB, unreadable behind the end */
	size_t written; /* bytes of it that came from the input */
	size_t linear;
};

struct expected {
	bool ip, sent, super, undecided;
	uint64_t packets, bytes;
	struct na_key key; /* without the owner */
	uint8_t tcp_flags;
};

/* reach: how far XDP reads where it reads directly. False: too short. */
bool trial_make(const uint8_t *data, size_t size, size_t reach, struct trial *ret);
void trial_end(const struct trial *trial);
struct expected trial_expect(const struct trial *trial);
/* Says on stderr what was expected and what was found; slot or balance may be NULL. */
void trial_explain(const struct trial *trial, const struct expected *expected,
		   const struct na_entry *entry, const struct na_balance *balance);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second decoder of packets, to hold the first one (bpf/parse.h and
 * bpf/segment.h) against. Written from the RFCs that its functions name, for
 * a whole packet in memory, and with no regard for speed. What the RFCs leave
 * open is the project's choice:
 *
 * - Four VLAN tags (0x8100, 0x88a8, 0x9100) are passed; behind them a fifth
 *   is not IP.
 * - An IP packet whose header is malformed, or which is longer than what is
 *   there, is not IP. A super-packet, and one over 64 KiB, may say 0.
 * - Of IPv6 extension headers hop-by-hop, routing, fragment, AH and
 *   destination options are passed, eight of them; at a ninth, and at one
 *   that does not fit in the packet, the decoder stops, under its number.
 * - A super-packet of IPv6 that says 0 has an option for its length, alone in
 *   the hop-by-hop header (RFC 2675, section 2), where it has one.
 * - A UDP super-packet is VXLAN or GENEVE where its contents are: an IP packet
 *   inside that ends where the packet ends. Three tunnels are entered.
 */
#ifndef TESTS_FUZZ_DECODE_H
#define TESTS_FUZZ_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
	const uint8_t *bytes;
	size_t length;
	size_t reach; /* no header is read that begins further in */
	bool ethernet;
	size_t network; /* without Ethernet: where IP begins */
	uint16_t type; /* without Ethernet: the EtherType, 0: the first nibble tells */
	bool super;
};

struct decoded {
	unsigned int version; /* 4, 6, 0: not IP */
	uint8_t source[16], destination[16]; /* IPv4 mapped */
	uint8_t protocol;
	bool later_fragment;
	size_t jumbo; /* bytes of RFC 2675's header, which no segment of a super-packet has */
	bool stopped; /* in the chain of headers */
	uint16_t source_port, destination_port; /* 0 where there are none */
	uint8_t tcp_flags;
	size_t network; /* offset behind the link layer */
	size_t transport;
	size_t end; /* of the IP packet */
};

struct decoded decode_packet(const struct wire *wire);

/* Ethernet at `at` and its tags: where they end, and the type behind them, 0: cut short. */
size_t decode_ethernet(const struct wire *wire, size_t at, uint16_t *ret_type);
/* An IP packet at `at`, which the type says it is: addresses to `stopped`. */
struct decoded decode_ip(const struct wire *wire, size_t at, uint16_t type);

/*
 * The headers of each segment of a super-packet, in bytes from its start
 * through the innermost transport header; 0: not to be told.
 */
size_t decode_headers(const struct wire *wire, const struct decoded *outer);

bool wire_holds(const struct wire *wire, size_t at, size_t count);
uint16_t wire16(const struct wire *wire, size_t at);

#endif

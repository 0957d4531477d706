/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames made from a description. The key that a frame must be booked under
 * follows from the description, never from parsing the frame.
 */
#ifndef NETNS_PACKET_H
#define NETNS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger.h"

#define PACKET_MAX 66000
#define PACKET_EXTENSIONS 12

struct packet_vlan {
	uint16_t type; /* 0x8100, 0x88a8; 0: none */
	uint16_t tci;
};

struct packet_extension {
	uint8_t type; /* protocol number; 44 takes offset and more_fragments from the packet */
	uint8_t units; /* length beyond the shortest, as the header's own length field counts */
};

struct packet {
	bool bare; /* without Ethernet header */
	struct packet_vlan vlan[3];
	uint16_t ethertype; /* host byte order; 0: from the family */
	int family; /* AF_INET, AF_INET6; 0: no IP header, only payload */
	const char *source, *destination; /* numeric */
	uint32_t source_plus, destination_plus; /* added to the last four bytes */
	uint8_t options; /* bytes of IPv4 options, a multiple of 4 */
	uint16_t offset; /* of a fragment, in units of 8 bytes */
	bool more_fragments;
	struct packet_extension extensions[PACKET_EXTENSIONS]; /* IPv6 */
	unsigned int extension_count;
	uint8_t protocol;
	uint16_t source_port, destination_port;
	uint8_t tcp_flags; /* 0: ACK */
	uint8_t tcp_options; /* bytes, a multiple of 4 */
	size_t payload; /* bytes behind the last header */
	size_t padding; /* bytes behind the IP packet */
	size_t cut; /* the frame ends there, 0: it does not */
	uint16_t segment; /* gso_size of a super-packet, 0: it is none */
	/* What must be made of it where that does not follow from the above. */
	bool non_ip;
	bool no_ports;
	uint8_t booked_protocol; /* 0: protocol */
};

struct packet_layout {
	size_t length;
	size_t network; /* offset of the IP header or of what follows the tags */
	size_t transport; /* offset of the header of `protocol` */
	size_t headers; /* bytes up to the payload */
};

/*
 * A UDP datagram from 10.1.0.0, port 4000, to 10.2.0.1, port 53, with 20 bytes of payload: of the
 * tests to which it does not matter what is sent.
 */
extern const struct packet packet_datagram;

/* Writes the frame; `frame` has room for PACKET_MAX bytes. */
void packet_build(const struct packet *packet, unsigned char *frame, struct packet_layout *ret);

/* One of its addresses, in network byte order; IPv4 in the first four bytes. */
void packet_address(const struct packet *packet, bool destination, uint8_t ret[static 16]);
/* Its protocol has ports. */
bool packet_has_ports(const struct packet *packet);

/* False: it belongs to the non-IP bucket. */
bool packet_key(const struct packet *packet, enum ledger_direction direction,
		struct ledger_flow_key *ret);

/* How many packets on the wire it stands for. */
uint64_t packet_segments(const struct packet *packet);

/* Books `count` of them as seen at an interface; layer3: bytes from the IP header on. */
void packet_book(const struct packet *packet, enum ledger_direction direction, uint64_t count,
		 bool layer3, struct ledger *ledger);

#endif

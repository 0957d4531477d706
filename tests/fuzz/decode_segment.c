// SPDX-License-Identifier: GPL-2.0-or-later
/* What a super-packet stands for: its headers, through tunnels. */
#include "decode.h"

#define TUNNELS_ENTERED 3

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd
#define TYPE_ETHERNET 0x6558 /* transparent Ethernet bridging, RFC 1701 */

enum { IPV4 = 4, TCP = 6, UDP = 17, IPV6 = 41, GRE = 47, SCTP = 132 };

/* The IP packet that a payload of that type is or carries; version 0: none. */
static struct decoded decode_payload(const struct wire *wire, size_t at, uint16_t type)
{
	if (type == TYPE_ETHERNET)
		at = decode_ethernet(wire, at, &type);
	return decode_ip(wire, at, type);
}

/* RFC 2784 and RFC 2890; neither RFC 1701's routing nor PPTP (version 1). */
static struct decoded enter_gre(const struct wire *wire, size_t at)
{
	uint16_t flags;
	size_t payload = at + 4;

	if (!wire_holds(wire, at, 4))
		return (struct decoded){0};
	flags = wire16(wire, at);
	if (flags & 0x4000 || flags % 8)
		return (struct decoded){0};
	payload += flags & 0x8000 ? 4 : 0; /* checksum and reserved1 */
	payload += flags & 0x2000 ? 4 : 0; /* key */
	payload += flags & 0x1000 ? 4 : 0; /* sequence number */
	return decode_payload(wire, payload, wire16(wire, at + 2));
}

/* Does the IP packet say of itself that it ends where the packet ends? */
static bool fits(const struct wire *wire, const struct decoded *inner)
{
	size_t rest = wire->length - inner->network, says;

	if (!inner->version)
		return false;
	says = inner->version == 4 ? wire16(wire, inner->network + 2)
				   : wire16(wire, inner->network + 4) + 40u;
	if (rest >= 65536)
		return says == (inner->version == 4 ? 0 : 40);
	return says == rest;
}

/*
 * VXLAN: RFC 7348, section 5, with the group policy of
 * draft-smith-vxlan-group-policy (flags G and I) and the next protocol of
 * draft-ietf-nvo3-vxlan-gpe (I and P). The word behind the first two bytes is
 * 0 in the first, where GENEVE (RFC 8926, section 3.4) has an EtherType.
 */
static struct decoded enter_udp(const struct wire *wire, size_t at)
{
	static const uint16_t types[] = {TYPE_IPV4, TYPE_IPV6, TYPE_ETHERNET};
	struct decoded inner = {0};
	unsigned int first, word;

	at += 8;
	if (!wire_holds(wire, at, 8))
		return inner;
	first = wire->bytes[at];
	word = wire16(wire, at + 2);
	if (first == 0x88 || (first == 0x08 && word == 0))
		inner = decode_payload(wire, at + 8, TYPE_ETHERNET);
	else if (first == 0x0c && word >= 1 && word <= 3)
		inner = decode_payload(wire, at + 8, types[word - 1]);
	else if (first >> 6 == 0)
		inner = decode_payload(wire, at + 8 + first * 4, (uint16_t)word);
	return fits(wire, &inner) ? inner : (struct decoded){0};
}

static struct decoded enter(const struct wire *wire, const struct decoded *outer)
{
	switch (outer->protocol) {
	case IPV4: /* RFC 2003 */
		return decode_ip(wire, outer->transport, TYPE_IPV4);
	case IPV6: /* RFC 4213, RFC 2473 */
		return decode_ip(wire, outer->transport, TYPE_IPV6);
	case GRE:
		return enter_gre(wire, outer->transport);
	case UDP:
		return enter_udp(wire, outer->transport);
	}
	return (struct decoded){0};
}

static size_t transport_end(const struct wire *wire, const struct decoded *decoded)
{
	size_t at = decoded->transport, words;

	switch (decoded->protocol) {
	case TCP:
		if (!wire_holds(wire, at + 12, 1))
			return 0;
		words = wire->bytes[at + 12] >> 4;
		return words < 5 ? 0 : at + words * 4;
	case UDP:
		return at + 8;
	case SCTP:
		return at + 12;
	}
	return 0;
}

size_t decode_headers(const struct wire *wire, const struct decoded *outer)
{
	struct wire whole = *wire;
	struct decoded at = *outer, inner;
	size_t tunnels;

	whole.super = true;
	for (tunnels = 0;; tunnels++) {
		if (!at.version || at.stopped || at.later_fragment)
			return 0;
		inner = enter(&whole, &at);
		if (!inner.version)
			return transport_end(&whole, &at);
		if (tunnels == TUNNELS_ENTERED)
			return 0;
		at = inner;
	}
}

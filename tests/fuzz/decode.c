// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode.h"

#include <string.h>

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd

#define TAGS_PASSED 4
#define EXTENSIONS_PASSED 8

enum { /* of IANA's "Assigned Internet Protocol Numbers" */
       HOP_BY_HOP = 0,
       TCP = 6,
       UDP = 17,
       DCCP = 33,
       ROUTING = 43,
       FRAGMENT = 44,
       AUTHENTICATION = 51,
       DESTINATION_OPTIONS = 60,
       SCTP = 132,
       UDP_LITE = 136,
};

bool wire_holds(const struct wire *wire, size_t at, size_t count)
{
	return at <= wire->reach && at <= wire->length && count <= wire->length - at;
}

uint16_t wire16(const struct wire *wire, size_t at)
{
	return (uint16_t)(wire->bytes[at] << 8 | wire->bytes[at + 1]);
}

/* IEEE 802.1Q and 802.1ad; 0x9100 is what came before the latter. */
static bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

size_t decode_ethernet(const struct wire *wire, size_t at, uint16_t *ret_type)
{
	size_t tags;

	*ret_type = 0;
	if (!wire_holds(wire, at + 12, 2))
		return wire->length;
	*ret_type = wire16(wire, at + 12);
	at += 14;
	for (tags = 0; tags < TAGS_PASSED && is_tag(*ret_type); tags++) {
		*ret_type = 0;
		if (!wire_holds(wire, at, 4))
			break;
		*ret_type = wire16(wire, at + 2);
		at += 4;
	}
	return at;
}

/* RFC 791, section 3.1. */
static void decode_ipv4(const struct wire *wire, size_t at, struct decoded *ret)
{
	const uint8_t *header = wire->bytes + at;
	size_t rest, words, total;

	if (!wire_holds(wire, at, 20) || header[0] >> 4 != 4)
		return;
	rest = wire->length - at;
	words = header[0] & 15;
	total = wire16(wire, at + 2);
	if (total == 0 && (wire->super || rest >= 65536))
		total = rest;
	if (words < 5 || total < words * 4 || total > rest)
		return;
	ret->version = 4;
	memcpy(ret->source, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	memcpy(ret->destination, ret->source, 12);
	memcpy(ret->source + 12, header + 12, 4);
	memcpy(ret->destination + 12, header + 16, 4);
	ret->protocol = header[9];
	ret->later_fragment = wire16(wire, at + 6) % 8192 != 0;
	ret->transport = at + words * 4;
	ret->end = at + total;
}

static bool is_extension(uint8_t protocol)
{
	return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT ||
	       protocol == AUTHENTICATION || protocol == DESTINATION_OPTIONS;
}

/* RFC 8200, sections 4.3 to 4.6; RFC 4302, section 2.2. */
static size_t extension_length(const struct wire *wire, size_t at, uint8_t protocol)
{
	size_t units = wire->bytes[at + 1];

	if (protocol == FRAGMENT)
		return 8;
	if (protocol == AUTHENTICATION)
		return (units + 2) * 4;
	return (units + 1) * 8;
}

/* True: there is another one. */
static bool pass_extension(const struct wire *wire, struct decoded *ret)
{
	size_t at = ret->transport, length;

	if (at + 8 > ret->end || !wire_holds(wire, at, 8)) {
		ret->stopped = true;
		return false;
	}
	length = extension_length(wire, at, ret->protocol);
	if (at + length > ret->end) {
		ret->stopped = true;
		return false;
	}
	/* RFC 8200, section 4.5: what is behind a later fragment is no header */
	ret->later_fragment = ret->protocol == FRAGMENT && wire16(wire, at + 2) >> 3 != 0;
	ret->protocol = wire->bytes[at];
	ret->transport += length;
	return !ret->later_fragment && is_extension(ret->protocol);
}

/* RFC 8200, section 3. */
static void decode_ipv6(const struct wire *wire, size_t at, struct decoded *ret)
{
	const uint8_t *header = wire->bytes + at;
	size_t rest, total, passed = 0;
	bool more;

	if (!wire_holds(wire, at, 40) || header[0] >> 4 != 6)
		return;
	rest = wire->length - at;
	total = wire16(wire, at + 4) + 40u;
	/* RFC 2675: a jumbogram */
	if (total == 40 && (wire->super || rest >= 65536)) {
		total = rest;
		ret->jumbo = wire->super && header[6] == HOP_BY_HOP ? 8 : 0;
	}
	if (total > rest)
		return;
	ret->version = 6;
	memcpy(ret->source, header + 8, 16);
	memcpy(ret->destination, header + 24, 16);
	ret->protocol = header[6];
	ret->transport = at + 40;
	ret->end = at + total;
	for (more = is_extension(ret->protocol); more && passed < EXTENSIONS_PASSED; passed++)
		more = pass_extension(wire, ret);
	if (more)
		ret->stopped = true;
}

struct decoded decode_ip(const struct wire *wire, size_t at, uint16_t type)
{
	struct decoded decoded = {.network = at};

	if (type == TYPE_IPV4)
		decode_ipv4(wire, at, &decoded);
	else if (type == TYPE_IPV6)
		decode_ipv6(wire, at, &decoded);
	return decoded;
}

/* RFC 9293, section 3.1, RFC 768, RFC 3828, RFC 4340 and RFC 9260: all begin with the ports. */
static void decode_ports(const struct wire *wire, struct decoded *ret)
{
	size_t at = ret->transport;
	bool has_ports = ret->protocol == TCP || ret->protocol == UDP || ret->protocol == DCCP ||
			 ret->protocol == SCTP || ret->protocol == UDP_LITE;

	if (!ret->version || !has_ports || ret->stopped || ret->later_fragment ||
	    at + 4 > ret->end || !wire_holds(wire, at, 4))
		return;
	ret->source_port = wire16(wire, at);
	ret->destination_port = wire16(wire, at + 2);
	if (ret->protocol == TCP && at + 14 <= ret->end && wire_holds(wire, at + 13, 1))
		ret->tcp_flags = wire->bytes[at + 13];
}

static uint16_t bare_type(uint8_t first)
{
	if (first >> 4 == 4)
		return TYPE_IPV4;
	return first >> 4 == 6 ? TYPE_IPV6 : 0;
}

struct decoded decode_packet(const struct wire *wire)
{
	uint16_t type = wire->type;
	struct decoded decoded;
	size_t at = wire->network;

	if (wire->ethernet)
		at = decode_ethernet(wire, 0, &type);
	else if (!type && wire_holds(wire, at, 1))
		type = bare_type(wire->bytes[at]);
	decoded = decode_ip(wire, at, type);
	decode_ports(wire, &decoded);
	return decoded;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "harness.h"

#define PROTOCOL_SCTP 132
#define PROTOCOL_UDPLITE 136

const struct packet packet_datagram = {
	.family = AF_INET,
	.source = "10.1.0.0",
	.destination = "10.2.0.1",
	.protocol = IPPROTO_UDP,
	.source_port = 4000,
	.destination_port = 53,
	.payload = 20,
};

struct writer {
	unsigned char *frame;
	size_t at;
};

static void put8(struct writer *writer, unsigned int value)
{
	CHECK(writer->at < PACKET_MAX, "a frame too long");
	writer->frame[writer->at++] = (unsigned char)value;
}

static void put16(struct writer *writer, unsigned int value)
{
	put8(writer, value >> 8);
	put8(writer, value & 0xff);
}

static void put32(struct writer *writer, uint32_t value)
{
	put16(writer, value >> 16);
	put16(writer, value & 0xffff);
}

static void put_bytes(struct writer *writer, const void *bytes, size_t size)
{
	CHECK(writer->at + size <= PACKET_MAX, "a frame too long");
	memcpy(writer->frame + writer->at, bytes, size);
	writer->at += size;
}

static void put_fill(struct writer *writer, unsigned int byte, size_t size)
{
	CHECK(writer->at + size <= PACKET_MAX, "a frame too long");
	memset(writer->frame + writer->at, (int)byte, size);
	writer->at += size;
}

static size_t address_size(int family)
{
	return family == AF_INET ? 4 : 16;
}

void packet_address(const struct packet *packet, bool destination, uint8_t ret[static 16])
{
	const char *text = destination ? packet->destination : packet->source;
	uint32_t plus = destination ? packet->destination_plus : packet->source_plus, low;
	size_t last = address_size(packet->family) - 4;

	memset(ret, 0, 16);
	CHECK(text && inet_pton(packet->family, text, ret) == 1, "not an address: %s", text);
	memcpy(&low, ret + last, 4);
	low = htonl(ntohl(low) + plus);
	memcpy(ret + last, &low, 4);
}

static void put_ethernet(struct writer *writer, const struct packet *packet)
{
	/* to nobody: the stack counts the frame and answers nothing */
	static const unsigned char addresses[12] = {2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 0x98};
	unsigned int type = packet->ethertype;

	if (packet->bare)
		return;
	if (!type)
		type = packet->family == AF_INET ? 0x0800 : 0x86dd;
	put_bytes(writer, addresses, sizeof(addresses));
	for (size_t i = 0; i < 3 && packet->vlan[i].type; i++) {
		put16(writer, packet->vlan[i].type);
		put16(writer, packet->vlan[i].tci);
	}
	put16(writer, type);
}

/* RFC 1071, over an even start. */
static uint32_t sum_bytes(uint32_t sum, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (size & 1)
		sum += (uint32_t)bytes[size - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void set16(unsigned char *at, uint32_t value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

/* Lengths are written when the packet is complete. */
static void put_ipv4(struct writer *writer, const struct packet *packet)
{
	uint8_t source[16], destination[16];

	packet_address(packet, false, source);
	packet_address(packet, true, destination);
	put8(writer, 0x40 | (5 + packet->options / 4));
	put8(writer, 0);
	put16(writer, 0);
	put16(writer, 0x1234);
	put16(writer, packet->offset | (packet->more_fragments ? 0x2000 : 0));
	put8(writer, 64);
	put8(writer, packet->protocol);
	put16(writer, 0);
	put_bytes(writer, source, 4);
	put_bytes(writer, destination, 4);
	put_fill(writer, 1, packet->options); /* no operation */
}

static void put_extension(struct writer *writer, const struct packet *packet, unsigned int i)
{
	const struct packet_extension *extension = &packet->extensions[i];
	unsigned int next =
		i + 1 < packet->extension_count ? packet->extensions[i + 1].type : packet->protocol;

	put8(writer, next);
	if (extension->type == IPPROTO_FRAGMENT) {
		put8(writer, 0);
		put16(writer, (unsigned int)packet->offset << 3 | packet->more_fragments);
		put32(writer, 0x1234);
	} else if (extension->type == IPPROTO_AH) {
		put8(writer, 1u + extension->units); /* in 4 bytes, minus 2 */
		put_fill(writer, 0, 10 + 4u * extension->units);
	} else {
		put8(writer, extension->units);
		put8(writer, 1); /* PadN over the rest */
		put8(writer, 4u + 8u * extension->units);
		put_fill(writer, 0, 4 + 8u * extension->units);
	}
}

static void put_ipv6(struct writer *writer, const struct packet *packet)
{
	uint8_t source[16], destination[16];

	packet_address(packet, false, source);
	packet_address(packet, true, destination);
	put32(writer, 0x60000000);
	put16(writer, 0);
	put8(writer, packet->extension_count ? packet->extensions[0].type : packet->protocol);
	put8(writer, 64);
	put_bytes(writer, source, 16);
	put_bytes(writer, destination, 16);
	for (unsigned int i = 0; i < packet->extension_count; i++)
		put_extension(writer, packet, i);
}

bool packet_has_ports(const struct packet *packet)
{
	return packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP ||
	       packet->protocol == PROTOCOL_SCTP || packet->protocol == PROTOCOL_UDPLITE;
}

static void put_tcp(struct writer *writer, const struct packet *packet)
{
	put32(writer, 1);
	put32(writer, 1);
	put8(writer, (5u + packet->tcp_options / 4) << 4);
	put8(writer, packet->tcp_flags ? packet->tcp_flags : 0x10);
	put16(writer, 0xffff);
	put32(writer, 0);
	put_fill(writer, 1, packet->tcp_options);
}

static void put_transport(struct writer *writer, const struct packet *packet)
{
	if (!packet->family || packet->offset)
		return;
	if (packet_has_ports(packet)) {
		put16(writer, packet->source_port);
		put16(writer, packet->destination_port);
	}
	switch (packet->protocol) {
	case IPPROTO_TCP:
		put_tcp(writer, packet);
		break;
	case IPPROTO_UDP:
	case PROTOCOL_UDPLITE:
		put16(writer, (unsigned int)(8 + packet->payload));
		put16(writer, 0);
		break;
	case PROTOCOL_SCTP:
		put32(writer, 1);
		put32(writer, 0);
		break;
	case IPPROTO_ICMP: /* echo request */
	case IPPROTO_ICMPV6:
		put16(writer, packet->protocol == IPPROTO_ICMP ? 0x0800 : 0x8000);
		put16(writer, 0);
		put32(writer, 0x00010001);
		break;
	case IPPROTO_GRE:
		put32(writer, 0x00000800);
		break;
	case IPPROTO_ESP:
		put32(writer, 0x00000100);
		put32(writer, 1);
		break;
	}
}

static int checksum_offset(const struct packet *packet)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	}
	return -1;
}

/* Of whole packets only; a super-packet gets the pseudo-header's part. */
static void set_checksum(const struct packet *packet, unsigned char *frame,
			 const struct packet_layout *layout)
{
	size_t length = layout->length - layout->transport, size = address_size(packet->family);
	int at = checksum_offset(packet);
	uint32_t sum = 0;

	if (at < 0 || packet->offset || packet->more_fragments)
		return;
	if (packet->protocol != IPPROTO_ICMP) {
		sum = sum_bytes(packet->protocol + (uint32_t)length,
				frame + layout->network + (size == 4 ? 12 : 8), 2 * size);
	}
	if (packet->segment) {
		set16(frame + layout->transport + at, sum);
		return;
	}
	sum = sum_bytes(sum, frame + layout->transport, length);
	set16(frame + layout->transport + at, ~sum);
}

/* What could be written only now: lengths and checksums. */
static void complete(const struct packet *packet, unsigned char *frame,
		     const struct packet_layout *layout)
{
	unsigned char *ip = frame + layout->network;
	size_t length = layout->length - layout->network;

	if (packet->family == AF_INET) {
		set16(ip + 2, (uint32_t)length);
		set16(ip + 10, ~sum_bytes(0, ip, 20u + packet->options));
	} else {
		set16(ip + 4, (uint32_t)length - 40);
	}
	set_checksum(packet, frame, layout);
}

void packet_build(const struct packet *packet, unsigned char *frame, struct packet_layout *ret)
{
	struct writer writer = {.frame = frame};

	put_ethernet(&writer, packet);
	ret->network = writer.at;
	if (packet->family == AF_INET)
		put_ipv4(&writer, packet);
	else if (packet->family == AF_INET6)
		put_ipv6(&writer, packet);
	ret->transport = writer.at;
	put_transport(&writer, packet);
	ret->headers = writer.at;
	put_fill(&writer, 0xa5, packet->payload);
	ret->length = writer.at;
	if (packet->family)
		complete(packet, frame, ret);
	put_fill(&writer, 0, packet->padding);
	ret->length = packet->cut ? packet->cut : writer.at;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What must be made of a packet. */
#define _GNU_SOURCE 1
#include <string.h>

#include "packet.h"

bool packet_key(const struct packet *packet, enum ledger_direction direction,
		struct ledger_flow_key *ret)
{
	uint8_t *source = direction == LEDGER_TX ? ret->local : ret->remote;
	uint8_t *destination = direction == LEDGER_TX ? ret->remote : ret->local;
	int32_t *source_port = direction == LEDGER_TX ? &ret->local_port : &ret->remote_port;
	int32_t *destination_port = direction == LEDGER_TX ? &ret->remote_port : &ret->local_port;

	memset(ret, 0, sizeof(*ret));
	if (!packet->family || packet->non_ip)
		return false;
	ret->family = (uint8_t)packet->family;
	packet_address(packet, false, source);
	packet_address(packet, true, destination);
	ret->protocol = packet->booked_protocol ? packet->booked_protocol : packet->protocol;
	ret->fragment = packet->offset != 0;
	if (packet_has_ports(packet) && !packet->offset && !packet->no_ports) {
		*source_port = packet->source_port;
		*destination_port = packet->destination_port;
	}
	return true;
}

uint64_t packet_segments(const struct packet *packet)
{
	if (!packet->segment || packet->payload <= packet->segment)
		return 1;
	return (packet->payload + packet->segment - 1) / packet->segment;
}

void packet_book(const struct packet *packet, enum ledger_direction direction, uint64_t count,
		 bool layer3, struct ledger *ledger)
{
	static __thread unsigned char frame[PACKET_MAX];
	uint64_t segments = packet_segments(packet), bytes;
	struct packet_layout layout;
	struct ledger_flow_key key;
	bool ip = packet_key(packet, direction, &key);

	packet_build(packet, frame, &layout);
	bytes = layout.length + (segments - 1) * layout.headers;
	if (layer3)
		bytes -= segments * layout.network;
	ledger_book(ledger, ip ? &key : NULL, direction, count * segments, count * bytes);
}

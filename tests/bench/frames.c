// SPDX-License-Identifier: GPL-2.0-or-later
#include "frames.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <string.h>

#include "die.h"
#include "sequence.h"

#define HEADERS (ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr)) /* of a super-packet */

_Static_assert(sizeof(struct virtio_net_hdr) == FRAMES_PREFIX, "linux/virtio_net.h");

/* RFC 1071. */
static uint16_t checksum(const void *data, size_t length)
{
	const uint8_t *bytes = data;
	uint32_t sum = 0;
	uint16_t word;
	size_t i;

	for (i = 0; i + 1 < length; i += 2) {
		memcpy(&word, bytes + i, sizeof(word));
		sum += word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void put_virtio(uint8_t *at, uint16_t segment)
{
	const struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = HEADERS,
		.gso_size = segment,
		.csum_start = ETH_HLEN + sizeof(struct iphdr),
		.csum_offset = offsetof(struct tcphdr, check),
	};

	memcpy(at, &header, sizeof(header));
}

static void put_ip(uint8_t *at, const struct bench_step *step, size_t length, uint8_t protocol)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons((uint16_t)(length - ETH_HLEN)),
		.ttl = 64,
		.protocol = protocol,
		.saddr = step->source,
		.daddr = step->destination,
	};

	ip.check = checksum(&ip, sizeof(ip));
	memcpy(at, &ip, sizeof(ip));
}

static void put_tcp(uint8_t *at, const struct bench_step *step)
{
	const struct tcphdr tcp = {
		.source = step->source_port,
		.dest = step->destination_port,
		.doff = 5,
		.ack = 1,
		.psh = 1,
	};

	memcpy(at, &tcp, sizeof(tcp));
}

static void put_udp(uint8_t *at, const struct bench_step *step, size_t length)
{
	const struct udphdr udp = {
		.source = step->source_port,
		.dest = step->destination_port,
		.len = htons((uint16_t)(length - ETH_HLEN - sizeof(struct iphdr))),
	};

	memcpy(at, &udp, sizeof(udp));
}

static void put_frame(const struct frames *frames, uint32_t flow, const uint8_t destination[6])
{
	uint8_t *at = frames->bytes + flow * frames->stride;
	const uint16_t type = htons(ETH_P_IP);
	struct bench_step step;

	sequence_step(flow, &step);
	if (frames->segment) {
		put_virtio(at, frames->segment);
		at += FRAMES_PREFIX;
	}
	memcpy(at, destination, ETH_ALEN);
	memcpy(at + 2 * ETH_ALEN, &type, sizeof(type));
	at += ETH_HLEN;
	put_ip(at, &step, frames->length, frames->segment ? IPPROTO_TCP : IPPROTO_UDP);
	at += sizeof(struct iphdr);
	if (frames->segment)
		put_tcp(at, &step);
	else
		put_udp(at, &step, frames->length);
}

void frames_make(struct frames *ret, uint32_t flows, size_t length, uint16_t segment,
		 const uint8_t destination[static 6])
{
	uint32_t i;

	*ret = (struct frames){.length = length, .count = flows, .segment = segment};
	ret->stride = length + (segment ? FRAMES_PREFIX : 0);
	ret->bytes = allocate(flows, ret->stride);
	for (i = 0; i < flows; i++)
		put_frame(ret, i, destination);
}

void frames_free(struct frames *frames)
{
	free(frames->bytes);
	frames->bytes = NULL;
}

uint64_t frames_packets(const struct frames *frames)
{
	if (!frames->segment)
		return 1;
	return (frames->length - HEADERS + frames->segment - 1) / frames->segment;
}

uint64_t frames_bytes(const struct frames *frames)
{
	return frames->length + (frames_packets(frames) - 1) * HEADERS;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ethernet frames to be sent on a veth, one a flow: those of sequence.h, over
 * IPv4. UDP, or with a segment size TCP super-packets (PACKET_VNET_HDR).
 */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct frames {
	uint8_t *bytes; /* owned; `count` times `stride` */
	size_t stride;
	size_t length; /* of a frame, without virtio's header */
	uint32_t count;
	uint16_t segment; /* payload of each segment, 0: no super-packets */
};

/* The header of virtio that stands before a super-packet; to whom they are addressed. */
#define FRAMES_PREFIX 10u

void frames_make(struct frames *ret, uint32_t flows, size_t length, uint16_t segment,
		 const uint8_t destination[static 6]);
void frames_free(struct frames *frames);

/* What one frame is on the wire: packets, and bytes without FCS. */
uint64_t frames_packets(const struct frames *frames);
uint64_t frames_bytes(const struct frames *frames);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw senders (AF_PACKET) that know what they sent: each send is booked in
 * the ledgers of the interfaces that it passes.
 */
#ifndef NETNS_SENDER_H
#define NETNS_SENDER_H

#include "packet.h"

enum sender_options {
	SENDER_VNET_HEADER = 1, /* packets may be super-packets (PACKET_VNET_HDR) */
	SENDER_BYPASS = 2, /* past tc egress (PACKET_QDISC_BYPASS) */
	SENDER_RING = 4, /* PACKET_TX_RING: only the link-layer header is linear */
};

struct sender {
	int fd;
	unsigned int options;
	void *ring;
	unsigned int ring_next;
	bool layer3; /* how the ledgers count bytes */
	struct ledger *sent; /* of the interface sent from: tx; NULL: not kept */
	struct ledger *received; /* of its peer: rx; NULL: not kept */
};

/* A sender on an interface of a namespace; ledgers are set by the caller. */
void sender_open(struct sender *sender, const char *ns, const char *name, unsigned int options);
void sender_close(struct sender *sender);
#define _cleanup_sender_ __attribute__((cleanup(sender_close)))

/* Sends the packet `count` times and books it. */
void sender_send(struct sender *sender, const struct packet *packet, unsigned int count);

/*
 * Flows of the same packet with different sources: flow i of `flows`, from
 * source_plus + i, gets 1 + i % 7 packets of payload + i % 64 bytes.
 */
void sender_flows(struct sender *sender, const struct packet *packet, unsigned int flows);

/* A flood: round after round of the packet from `flows` sources. */
struct flood {
	const char *ns, *name; /* where it is sent from */
	struct packet packet;
	unsigned int flows;
	uint64_t packets; /* together, of all threads; once it is over: what was sent */
	unsigned int threads; /* thread i is bound to CPU i */
	unsigned int options; /* of the senders */
	struct ledger *sent, *received; /* as struct sender's; filled when it is over */
	struct flood_thread *running; /* of flood.c, as the next */
	void *barrier;
	bool stopped; /* atomic */
};

void flood_start(struct flood *flood);
bool flood_running(const struct flood *flood);
/* Before all packets are sent. */
void flood_stop(struct flood *flood);
void flood_wait(struct flood *flood);

#endif

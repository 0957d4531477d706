/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle (peer.bpf.c) on an interface: counts what arrives there with
 * native XDP, before everything else. On a veth it switches off the TSO of
 * the other end; where super-packets are to be counted, put it on the next
 * hop behind a router.
 */
#ifndef NETNS_PEER_H
#define NETNS_PEER_H

#include "ledger.h"

struct bpf_object;

struct peer {
	struct bpf_object *object;
	unsigned int ifindex;
	const char *ns;
};

void peer_attach(struct peer *peer, const char *ns, const char *name);
void peer_detach(struct peer *peer);
#define _cleanup_peer_ __attribute__((cleanup(peer_detach)))

/*
 * What arrived, as `direction` of an interface: rx for the interface itself,
 * tx for the one that sent it all. VLAN tags are not looked behind, and IPv6
 * extension headers are the protocol.
 */
void peer_read(struct peer *peer, enum ledger_direction direction, struct ledger *ret);

/* Packets and bytes of everything that arrived. */
void peer_total(struct peer *peer, uint64_t *ret_packets, uint64_t *ret_bytes);

#endif

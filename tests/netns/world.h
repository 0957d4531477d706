/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of a test: named network namespaces and the interfaces in them,
 * over rtnetlink, ioctl and /proc/sys, without another program. Namespaces go
 * by their name under /run/netns; NULL is the test's own. What cannot be made
 * fails the test, except where a function returns an errno.
 *
 * IPv6 is off in a new namespace, and there is no address: nothing is sent
 * but what a test sends.
 */
#ifndef NETNS_WORLD_H
#define NETNS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As `ip netns add` does: bound to /run/netns/NAME. */
void world_netns_add(const char *name);
void world_netns_delete(const char *name);
int world_netns_open(const char *name); /* a descriptor */
/* Enters and gives back the descriptor for world_leave(), which closes it. */
int world_enter(const char *name);
void world_leave(int previous);
/* `path` below /proc/sys/; a file that is not there is passed over. */
void world_sysctl(const char *ns, const char *path, const char *value);

/* Interfaces are made down; 0 or a negative errno. */
int world_link_try(const char *ns, const char *name, const char *kind);
int world_vlan_try(const char *ns, const char *name, const char *lower, uint16_t type, uint16_t id);
int world_ipip_try(const char *ns, const char *name, const char *local, const char *remote);
int world_gre_try(const char *ns, const char *name, const char *local, const char *remote);
int world_vxlan_try(const char *ns, const char *name, uint32_t id, const char *local,
		    const char *remote);
/* Both ends up, all offloads off. */
void world_veth(const char *ns, const char *name, const char *peer_ns, const char *peer);
/* A tun or tap device (IFF_TUN or IFF_TAP, IFF_NO_PI, IFF_VNET_HDR), up; its descriptor. */
int world_tun(const char *ns, const char *name, int flags);

void world_up(const char *ns, const char *name, bool up);
/* Until it sends: one that came up before the other end did drops what it is given, silently. */
void world_await_up(const char *ns, const char *name);
void world_mtu(const char *ns, const char *name, uint32_t mtu);
void world_master(const char *ns, const char *name, const char *master);
void world_rename(const char *ns, const char *name, const char *to);
void world_alias(const char *ns, const char *name, const char *alias);
void world_move(const char *ns, const char *name, const char *to_ns);
void world_delete(const char *ns, const char *name);
unsigned int world_ifindex(const char *ns, const char *name);
/* "192.0.2.1/24"; IPv6 is switched on where one is given, without DAD and solicitations. */
void world_address(const char *ns, const char *name, const char *address);
/* The hardware address of `name`. */
void world_hardware(const char *ns, const char *name, unsigned char ret[static 6]);
/* A permanent neighbour: `address` is at the hardware address of peer in peer_ns. */
void world_neighbour(const char *ns, const char *name, const char *address, const char *peer_ns,
		     const char *peer);
/* "198.51.100.0/24" via a gateway; "default" for prefix length 0. */
void world_route(const char *ns, const char *prefix, const char *gateway);

enum world_offload {
	OFFLOAD_TSO = 1,
	OFFLOAD_GSO = 2,
	OFFLOAD_GRO = 4,
	OFFLOAD_TX_CHECKSUM = 8,
	OFFLOAD_ALL = 15
};

/* Switches those of `offloads` on or off. */
void world_offload(const char *ns, const char *name, unsigned int offloads, bool on);

struct world_counters {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, rx_dropped, tx_dropped;
};

/* A root qdisc with its TCA_OPTIONS; 0 or a negative errno. */
int world_qdisc_try(const char *ns, const char *name, const char *kind, const void *options,
		    size_t size);

void world_counters(const char *ns, const char *name, struct world_counters *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WireGuard devices over generic netlink (linux/wireguard.h). */
#ifndef NETNS_WIREGUARD_H
#define NETNS_WIREGUARD_H

/* The two ends of a tunnel; each has keys of its own and knows the other's. */
enum wireguard_end { WIREGUARD_ONE, WIREGUARD_OTHER };

/*
 * Makes the device, down: UDP port 51820, the other end at the IPv4 address
 * `remote`, all addresses allowed. -EOPNOTSUPP: this kernel has none.
 */
int wireguard_try(const char *ns, const char *name, enum wireguard_end end, const char *remote);

#endif

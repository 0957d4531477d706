/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces in the benchmark's own network namespace. Nothing is sent on
 * them but what a part sends: IPv6 is off, and there is no address.
 */
#ifndef BENCH_LINK_H
#define BENCH_LINK_H

#include <netacct/abi.h>
#include <stdint.h>

/* A veth pair, both ends up. */
void link_pair(const char *name, const char *peer);

/* An IPv4 address in network byte order, with the mask of its class. */
void link_address(const char *name, uint32_t address);

void link_hardware(const char *name, uint8_t ret[static 6]);

/* Writes below /proc/sys/; a file that is not there is passed over. */
void link_sysctl(const char *path, const char *value);
/* A number from there; 0 where it is not there. */
unsigned long link_sysctl_read(const char *path);

#endif

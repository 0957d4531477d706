/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real TCP connection between two namespaces. */
#ifndef NETNS_STREAM_H
#define NETNS_STREAM_H

#include <stdint.h>

/*
 * Sends `bytes` from one namespace to a server at address:port in another,
 * until all have arrived and both ends are closed. The window is kept below
 * 96 KiB, so that no queue on the way is ever full.
 */
void stream_send(const char *from_ns, const char *to_ns, const char *address, uint16_t port,
		 uint64_t bytes);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Well-known names of ports, read once from a file of the form of
 * services(5). Not through getservbyport(3): that may ask a server on the
 * network, and costs a scan of the file for each port.
 */
#ifndef NETACCT_SERVICES_H
#define NETACCT_SERVICES_H

#include <stdint.h>

#define SERVICES_FILE "/etc/services"
#define SERVICE_NAME_MAX 31

struct services;

/* -ENOMEM or errno of opening the file; lines that make no sense are passed over. */
int services_load(const char *path, struct services **ret);
void services_free(struct services *services);
static inline void cleanup_services(struct services **services)
{
	services_free(*services); /* NULL is fine */
}
#define _cleanup_services_ __attribute__((cleanup(cleanup_services)))

/* The text's end, of SERVICE_NAME_MAX + 1 bytes; `out` itself: it has no name. */
char *services_write(const struct services *services, uint8_t protocol, uint16_t port, char *out);

/* Port in host byte order. NULL: none, or `services` is NULL. */
const char *services_find(const struct services *services, uint8_t protocol, uint16_t port);

#endif

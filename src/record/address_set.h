/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Distinct addresses, counted exactly, by several threads at once if need be.
 * Room for all is set aside at the beginning, and the system gives it page by
 * page as it is used: 5.3 bytes an IPv4 address, 23 an IPv6 one.
 */
#ifndef NETACCT_ADDRESS_SET_H
#define NETACCT_ADDRESS_SET_H

#include "record.h"

struct address_set;

/*
 * For at most `room` addresses, those that stand `offset` bytes into a
 * record: offsetof(struct flow_record, key.local) or key.remote. -ENOMEM.
 */
int address_set_new(struct address_set **ret, size_t room, size_t offset);
void address_set_free(struct address_set *set);

/*
 * Adds those of the records, from any thread; ret_new is raised by how many
 * were not there. A record without a key has none. -ENOSPC: more than there is room for.
 */
int address_set_add(struct address_set *set, const struct flow_record *records, size_t count,
		    size_t *ret_new);

#endif

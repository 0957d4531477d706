/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all records of a reading come to, together and by protocol. */
#ifndef NETACCT_SUMMARY_H
#define NETACCT_SUMMARY_H

#include "address_set.h"

struct protocol_total {
	size_t count; /* records */
	struct na_count rx, tx;
};

/* Begins with all zero. */
struct summary {
	size_t records;
	struct na_count rx, tx;
	size_t locals, remotes; /* distinct addresses, 0 where the key lacks them */
	struct protocol_total protocol[256]; /* by protocol number; of host-pair and flow */
};

/* The addresses that were met: the summaries of several threads share them. */
struct summary_addresses {
	struct address_set *locals, *remotes; /* owned; NULL: the key lacks them */
};

/* For at most `room` records; -ENOMEM. */
int summary_addresses_init(struct summary_addresses *addresses, enum na_key_kind kind, size_t room);
void summary_addresses_clear(struct summary_addresses *addresses);
#define _cleanup_summary_addresses_ __attribute__((cleanup(summary_addresses_clear)))

/* -ENOSPC: more records than there is room for. */
int summary_add(struct summary *summary, const struct summary_addresses *addresses,
		const struct flow_record *records, size_t count);
/* Those of other records, with the same addresses. */
void summary_merge(struct summary *summary, const struct summary *other);

/* All of it at once. -ENOMEM; `ret` is untouched then. */
int records_summarise(const struct flow_record *records, size_t count, enum na_key_kind kind,
		      struct summary *ret);

#endif

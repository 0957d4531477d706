/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all records of a reading come to, together and by protocol. */
#ifndef NETACCT_SUMMARY_H
#define NETACCT_SUMMARY_H

#include "record.h"

struct protocol_total {
	size_t count; /* records */
	struct na_count rx, tx;
};

struct summary {
	struct na_count rx, tx;
	size_t locals, remotes; /* distinct addresses, 0 where the key lacks them */
	struct protocol_total protocol[256]; /* by protocol number; of host-pair and flow */
};

/* -ENOMEM; `ret` is untouched then. */
int records_summarise(const struct flow_record *records, size_t count, enum na_key_kind kind,
		      struct summary *ret);

#endif

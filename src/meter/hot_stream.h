/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_HOT_STREAM_H
#define NETACCT_HOT_STREAM_H

#include "../record/record.h"
#include "../record/stream.h"
#include "meter.h"

/* Entries from which on a table is worth a stream; fewer are quickly sorted, and small. */
#define HOT_STREAM_MIN 65536u

/*
 * The flows of one half, straight from the mapped table: rx and tx joined, and
 * those in `rest` (may be NULL; it becomes the stream's), which holds what lies
 * elsewhere, merged. `control` not NULL: the half is counted into, and the
 * stream is stale once the sequence is another. All flows must be of one source. -errno.
 */
int hot_stream_open(const struct meter *meter, uint32_t half, const struct na_control *control,
		    struct record_table *rest, struct record_stream **ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records that are too many to be held at once: they come in parts, in no
 * particular order, each flow in exactly one of them.
 */
#ifndef NETACCT_STREAM_H
#define NETACCT_STREAM_H

#include "record.h"

#define STREAM_PART 1024 /* records of a part, at most */

struct record_stream {
	size_t parts;
	size_t room; /* records of all parts together, at most */
	/* Part number `part`: how many records. From any thread; a part is read once. */
	size_t (*read)(const struct record_stream *stream, size_t part,
		       struct flow_record ret[static STREAM_PART]);
	/* The same for those who merge by a key of their own: a flow may be in several records. */
	size_t (*read_split)(const struct record_stream *stream, size_t part,
			     struct flow_record ret[static STREAM_PART]);
	/* 0; -ESTALE: what was read since it was opened may have been taken away meanwhile. */
	int (*check)(const struct record_stream *stream);
	void (*close)(struct record_stream *stream); /* frees it, too */
};

/*
 * All of it, merged by a coarser key into a new array; free() that. -EINVAL where
 * `from` does not cover `to`, -ENOMEM, or what check() says. It stays open.
 */
int stream_aggregate(const struct record_stream *stream, enum na_key_kind from, enum na_key_kind to,
		     struct flow_record **ret, size_t *ret_count);

#endif

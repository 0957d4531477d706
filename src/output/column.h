/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of a flow record. One table drives JSON, NDJSON, CSV, the
 * table for people and --sort.
 */
#ifndef NETACCT_COLUMN_H
#define NETACCT_COLUMN_H

#include "../record/reading.h"
#include "buffer.h"
#include "rfc3339.h"
#include "services.h"

enum column_type {
	COLUMN_TEXT, /* nothing in it ever needs an escape */
	COLUMN_TIME,
	COLUMN_PORT,
	COLUMN_PACKETS,
	COLUMN_BYTES,
	COLUMN_FLAG, /* true, or absent */
};

#define MINUTES_KEPT 256
#define FLAGS_KEPT 31

/* A minute as text, the last one met of those with its number modulo MINUTES_KEPT. */
struct minute_text {
	uint64_t minute; /* 1 + minutes since 1970, 0: none yet */
	char text[RFC3339_SECONDS]; /* without the seconds, with the Z */
};

struct flags_text {
	uint8_t length; /* 0: not yet met */
	char text[FLAGS_KEPT];
};

/* What a cell needs besides its record; a thread has its own. */
struct column_context {
	const struct services *services; /* NULL: none are named */
	/* As time_base_wall(), with the division done beforehand. */
	uint64_t zero; /* CLOCK_REALTIME ns of the middle of tick 0, and half a second more */
	uint64_t tick, tick_rest; /* ns, and the hz-ths of one that a tick lasts beyond them */
	uint32_t hz;
	uint64_t latest; /* seconds since 1970: no record is from later */
	struct rfc3339 time;
	struct minute_text minute[MINUTES_KEPT];
	struct flags_text flags[256]; /* by TCP flags */
};

void column_context_init(struct column_context *context, const struct reading *reading,
			 const struct services *services);

#define COLUMN_WRITE_MAX 64

struct column {
	const char *name; /* in JSON, in CSV, for --sort */
	const char *heading; /* in the table; NULL: not there */
	enum column_type type;
	bool optional; /* a record may have nothing there */
	unsigned int keys; /* bits 1 << enum na_key_kind: the keys that have it */
	uint64_t (*number)(const struct flow_record *record); /* NULL: not a number */
	/* The text, at most COLUMN_WRITE_MAX with a NUL that need not be there; `out` itself:
	 * nothing. NULL: the number.
	 */
	char *(*write)(struct column_context *context, const struct flow_record *record, char *out);
	/*
	 * What --sort goes by: words that are compared one after the other,
	 * ascending (numbers descend: theirs are inverted).
	 */
	uint64_t (*rank)(const struct column *column, struct column_context *context,
			 const struct flow_record *record, unsigned int word);
	unsigned int ranks;
};

extern const struct column columns[];
extern const size_t columns_count;

/* NULL: there is none. */
const struct column *column_find(const char *name);

/* Does a record of that key have the column? */
static inline bool column_in(const struct column *column, enum na_key_kind kind)
{
	return column->keys >> kind & 1;
}

static inline char *column_write(const struct column *column, struct column_context *context,
				 const struct flow_record *record, char *out)
{
	if (column->write)
		return column->write(context, record, out);
	return number_write(out, column->number(record));
}

#endif

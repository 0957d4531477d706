/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who stands in the way of a source that is about to be attached. The caller
 * holds pin_lock(), or what it is told is old.
 */
#ifndef NETACCT_CONFLICT_H
#define NETACCT_CONFLICT_H

#include "../source/source.h"
#include "meter.h"

enum conflict_kind {
	CONFLICT_NONE,
	CONFLICT_PLACE, /* a meter is attached there already */
	CONFLICT_DEPARTED, /* a departed source has this id: its records wait for a drain */
	CONFLICT_ID, /* a source elsewhere has this id */
};

/* meters[meter].sources[number] */
struct conflict {
	enum conflict_kind kind;
	size_t meter;
	uint32_t number;
};

/* Whoever is at that place (by identity) comes before whoever has that id. */
struct conflict conflict_find(const struct meter *meters, size_t count,
			      const struct source *source);

static inline const struct na_source *conflict_source(const struct meter *meters,
						      const struct conflict *conflict)
{
	return &meters[conflict->meter].sources[conflict->number];
}

/* host--eth0 becomes host--eth0--TAG, its front cut where that is too long. */
void conflict_add_tag(struct source *source, const char *tag);

/* The first meter of that group; NULL: none. */
struct meter *conflict_group(struct meter *meters, size_t count, const char *group);

#endif

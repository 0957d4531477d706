/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a limit is about: for limits.c alone. */
#ifndef NETACCT_LIMITS_MATCH_H
#define NETACCT_LIMITS_MATCH_H

#include "config.h"

struct limit_match {
	const struct config_limit *limit;
	struct na_prefix host; /* where the limit has one */
	bool *sources; /* by their number in the history; owned */
	size_t source_count;
};

/* One for each limit of the configuration, with no sources yet. -EINVAL, -ENOMEM. */
int limit_matches_new(const struct config *config, struct limit_match **ret,
		      struct history_error *why);
void limit_matches_free(struct limit_match *matches, size_t count); /* NULL is fine */
/* Finds the sources of each in the history as it is now. */
int limit_matches_sources(struct limit_match *matches, size_t count, struct history *history,
			  struct history_error *why);

/* Is it about the source of that number, or id? */
static inline bool limit_match_source(const struct limit_match *match, uint32_t number)
{
	return number < match->source_count && match->sources[number];
}
bool limit_match_id(const struct limit_match *match, const char *id);

/* Is it about the local address of this key? NULL: `other`, of no address. */
bool limit_match_key(const struct limit_match *match, enum na_key_kind kind,
		     const struct na_key *key);

/* The bytes in its direction. */
uint64_t limit_match_bytes(const struct limit_match *match, const struct na_count *rx,
			   const struct na_count *tx);

#endif

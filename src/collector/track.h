/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the collector remembers of the meters from drain to drain; all of it
 * can be found out anew.
 */
#ifndef NETACCT_TRACK_H
#define NETACCT_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct track_source {
	uint64_t attached_at; /* CLOCK_REALTIME ns, as its reading's; another one is another source
			       */
	bool bound; /* to its instance's book, in the history that is open */
	uint64_t seen; /* packets, at the last drain */
	uint64_t quiet_since; /* CLOCK_REALTIME ns; 0: it saw something at the last drain */
	bool told; /* that it is quiet */
};

struct track {
	char uuid[37];
	bool met; /* its whitelist was looked at */
	unsigned int whitelist; /* version that was applied (reload.h); 0: none, or not known */
	bool failed; /* that it cannot be drained was said */
	bool kept; /* it was there at this cycle */
	struct track_source *sources; /* by number; owned */
	uint32_t count;
};

struct tracks {
	struct track *items; /* owned */
	size_t count;
};

void tracks_clear(struct tracks *tracks);
/* That of a meter with room for `sources`, made where it is not there; valid until the next call.
 * NULL: no memory. */
struct track *tracks_get(struct tracks *tracks, const char *uuid, uint32_t sources);
/* Forgets those that were not got since the last call. */
void tracks_sweep(struct tracks *tracks);
/* Another history: nothing is bound in it. */
void tracks_unbind(struct tracks *tracks);
/* Another configuration: which whitelist a meter has is not known. */
void tracks_unlist(struct tracks *tracks);
/* That of a source, blank where it is another one than before. */
struct track_source *track_source(struct track *track, uint32_t number, uint64_t attached_at);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces that come and go under a meter, and what netacct says then. */
#ifndef NETNS_LIFE_H
#define NETNS_LIFE_H

#include <stdint.h>

#include "pair.h"

/* A pair with a meter of --key flow and that option on right/v1, which has counted something. */
void life_make(struct pair *pair, const char *option, const char *value);
void life_traffic(struct pair *pair);

/* As world_veth(), `name` with that ifindex. */
void life_veth(const char *ns, const char *name, uint32_t ifindex, const char *peer_ns,
	       const char *peer);
/* Until both ends send what they are given: after they were down. */
void life_await(const char *ns, const char *name, const char *peer_ns, const char *peer);
/* Until the namespace of v0's peer has gone, and v0 with it. */
void life_await_gone(const char *ns, const char *name);

/* `verify ID` exits with 3, and says `word`. */
void expect_verdict(const char *id, const char *word);
/* The records that a dump still shows are the ledger's. */
void expect_counts(const char *id, const struct ledger *expected);
/* `cleanup --dry-run` names it, and changes nothing. */
void expect_would_remove(const char *id);
/* All of this for a meter whose interface has gone. */
void expect_gone(struct pair *pair);
/* `detach ID` prints the ledger's flows and leaves no pin. */
void expect_last_words(const char *id, const struct ledger *expected);
/* Meters that are pinned. */
unsigned int pinned_meters(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of most tests: left/v0 — right/v1, a sender at either end, and a
 * ledger of what right/v1 must have seen. The meter under test is on
 * right/v1, and its id is right--v1.
 */
#ifndef NETNS_PAIR_H
#define NETNS_PAIR_H

#include "sender.h"

#define PAIR_ID "right--v1"
#define PAIR_SOURCE "right/v1"

struct pair {
	struct sender in; /* from left/v0: received by right/v1 */
	struct sender out; /* from right/v1 */
	struct ledger ledger;
};

/* Options are those of both senders. */
void pair_make(struct pair *pair, unsigned int options);
void pair_close(struct pair *pair);
#define _cleanup_pair_ __attribute__((cleanup(pair_close)))

/* The same packet through both, turned round for the way out. */
void pair_exchange(struct pair *pair, const struct packet *packet, unsigned int count);

/*
 * Dumps a meter until its `seen` is the ledger's, or for five seconds (twenty where it is slow):
 * packets may be on their way. Gives back the last dump.
 */
void meter_settle(const char *id, const struct ledger *expected, struct ledger *ret);
/* Settles, then all must be equal. */
void meter_expect(const char *id, const struct ledger *expected, enum ledger_key key);
void pair_expect(struct pair *pair, enum ledger_key key);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ledger: flows with what was received and sent under them, and the
 * balance of an interface. One is kept by the senders (what must be), one is
 * read from the JSON of the program under test (what is).
 */
#ifndef NETNS_LEDGER_H
#define NETNS_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As abi.h's, but this must not follow a mistake there. */
enum ledger_direction { LEDGER_RX, LEDGER_TX, LEDGER_DIRECTIONS };

enum ledger_key { KEY_TOTAL, KEY_HOST, KEY_REMOTE, KEY_HOST_PAIR, KEY_FLOW };

struct ledger_count {
	uint64_t packets[LEDGER_DIRECTIONS];
	uint64_t bytes[LEDGER_DIRECTIONS];
};

struct ledger_flow_key {
	uint8_t family; /* AF_INET, AF_INET6, 0: the key has no address */
	uint8_t fragment;
	int16_t protocol; /* -1: the key has none */
	int32_t local_port, remote_port; /* -1: the key has none */
	uint8_t local[16], remote[16]; /* IPv4 in the first four bytes; "" where the key has none */
};

struct ledger_flow {
	struct ledger_flow_key key;
	struct ledger_count count;
};

struct ledger {
	struct ledger_flow *flows;
	size_t count, room;
	size_t *index; /* open addressing, 0: free, else 1 + number of the flow */
	struct ledger_count seen, accounted, excluded, overflow, non_ip, handed_out;
};

void ledger_clear(struct ledger *ledger);
#define _cleanup_ledger_ __attribute__((cleanup(ledger_clear)))

void count_add(struct ledger_count *to, const struct ledger_count *what);

/* The flow of a key, made where it is not there. Valid until the next call. */
struct ledger_flow *ledger_flow(struct ledger *ledger, const struct ledger_flow_key *key);

/* Books packets in a flow (NULL: non-IP), in `seen` and in its bucket. */
void ledger_book(struct ledger *ledger, const struct ledger_flow_key *key,
		 enum ledger_direction direction, uint64_t packets, uint64_t bytes);

/* Adds all of `from`: flows and balance. */
void ledger_merge(struct ledger *to, const struct ledger *from);
/* The same flows under a coarser key; the balance as it is. */
void ledger_coarsen(const struct ledger *from, enum ledger_key key, struct ledger *ret);
/* Sum of all flows. */
struct ledger_count ledger_sum(const struct ledger *ledger);

/* Fail the test, naming what differs. */
void expect_count(const char *what, const struct ledger_count *expected,
		  const struct ledger_count *got);
void expect_flows(const struct ledger *expected, const struct ledger *got);
/* Flows and all five buckets. */
void expect_ledger(const struct ledger *expected, const struct ledger *got);
/* seen == the sum of the buckets; accounted == the flows + handed out. */
void expect_balance(const struct ledger *got);

#endif

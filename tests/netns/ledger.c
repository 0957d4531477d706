// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "ledger.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"

void ledger_clear(struct ledger *ledger)
{
	free(ledger->flows);
	free(ledger->index);
	memset(ledger, 0, sizeof(*ledger));
}

void count_add(struct ledger_count *to, const struct ledger_count *what)
{
	for (int i = 0; i < LEDGER_DIRECTIONS; i++) {
		to->packets[i] += what->packets[i];
		to->bytes[i] += what->bytes[i];
	}
}

/* FNV-1a; keys are compared and hashed as bytes, so they hold no padding. */
static size_t hash(const struct ledger_flow_key *key)
{
	const unsigned char *bytes = (const unsigned char *)key;
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < sizeof(*key); i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3;
	return (size_t)(sum ^ sum >> 32);
}

_Static_assert(sizeof(struct ledger_flow_key) == 4 + 8 + 32, "no padding");

/* The place of a key in the index: its flow's, or a free one. */
static size_t *place(struct ledger *ledger, const struct ledger_flow_key *key)
{
	size_t mask = ledger->room * 2 - 1;

	for (size_t i = hash(key) & mask;; i = (i + 1) & mask) {
		size_t number = ledger->index[i];

		if (!number || !memcmp(&ledger->flows[number - 1].key, key, sizeof(*key)))
			return &ledger->index[i];
	}
}

static void grow(struct ledger *ledger)
{
	ledger->room = ledger->room ? ledger->room * 2 : 64;
	ledger->flows = realloc(ledger->flows, ledger->room * sizeof(*ledger->flows));
	free(ledger->index);
	ledger->index = calloc(ledger->room * 2, sizeof(*ledger->index));
	CHECK(ledger->flows && ledger->index, "out of memory");
	for (size_t i = 0; i < ledger->count; i++)
		*place(ledger, &ledger->flows[i].key) = i + 1;
}

struct ledger_flow *ledger_flow(struct ledger *ledger, const struct ledger_flow_key *key)
{
	size_t *at;

	if (ledger->count == ledger->room)
		grow(ledger);
	at = place(ledger, key);
	if (!*at) {
		ledger->flows[ledger->count++] = (struct ledger_flow){.key = *key};
		*at = ledger->count;
	}
	return &ledger->flows[*at - 1];
}

void ledger_book(struct ledger *ledger, const struct ledger_flow_key *key,
		 enum ledger_direction direction, uint64_t packets, uint64_t bytes)
{
	struct ledger_count count = {{0}, {0}};

	count.packets[direction] = packets;
	count.bytes[direction] = bytes;
	count_add(&ledger->seen, &count);
	count_add(key ? &ledger->accounted : &ledger->non_ip, &count);
	if (key)
		count_add(&ledger_flow(ledger, key)->count, &count);
}

static void merge_balance(struct ledger *to, const struct ledger *from)
{
	count_add(&to->seen, &from->seen);
	count_add(&to->accounted, &from->accounted);
	count_add(&to->excluded, &from->excluded);
	count_add(&to->overflow, &from->overflow);
	count_add(&to->non_ip, &from->non_ip);
	count_add(&to->handed_out, &from->handed_out);
}

void ledger_merge(struct ledger *to, const struct ledger *from)
{
	for (size_t i = 0; i < from->count; i++)
		count_add(&ledger_flow(to, &from->flows[i].key)->count, &from->flows[i].count);
	merge_balance(to, from);
}

static void coarsen(struct ledger_flow_key *key, enum ledger_key to)
{
	if (to == KEY_FLOW)
		return;
	key->local_port = key->remote_port = -1;
	key->fragment = 0;
	if (to == KEY_HOST_PAIR)
		return;
	key->protocol = -1;
	if (to != KEY_HOST)
		memset(key->local, 0, sizeof(key->local));
	if (to != KEY_REMOTE)
		memset(key->remote, 0, sizeof(key->remote));
	if (to == KEY_TOTAL)
		key->family = 0;
}

void ledger_coarsen(const struct ledger *from, enum ledger_key key, struct ledger *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < from->count; i++) {
		struct ledger_flow_key coarse = from->flows[i].key;

		coarsen(&coarse, key);
		count_add(&ledger_flow(ret, &coarse)->count, &from->flows[i].count);
	}
	merge_balance(ret, from);
}

struct ledger_count ledger_sum(const struct ledger *ledger)
{
	struct ledger_count sum = {{0}, {0}};

	for (size_t i = 0; i < ledger->count; i++)
		count_add(&sum, &ledger->flows[i].count);
	return sum;
}

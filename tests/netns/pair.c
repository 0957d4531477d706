// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "pair.h"

#include <string.h>

#include "dump.h"
#include "harness.h"
#include "world.h"

void pair_make(struct pair *pair, unsigned int options)
{
	memset(pair, 0, sizeof(*pair));
	world_netns_add("left");
	world_netns_add("right");
	world_veth("left", "v0", "right", "v1");
	sender_open(&pair->in, "left", "v0", options);
	sender_open(&pair->out, "right", "v1", options);
	pair->in.received = &pair->ledger;
	pair->out.sent = &pair->ledger;
}

void pair_close(struct pair *pair)
{
	sender_close(&pair->in);
	sender_close(&pair->out);
	ledger_clear(&pair->ledger);
}

void pair_exchange(struct pair *pair, const struct packet *packet, unsigned int count)
{
	struct packet back = *packet;

	back.source = packet->destination;
	back.destination = packet->source;
	back.source_plus = packet->destination_plus;
	back.destination_plus = packet->source_plus;
	back.source_port = packet->destination_port;
	back.destination_port = packet->source_port;
	sender_send(&pair->in, packet, count);
	sender_send(&pair->out, &back, count + 1);
}

void meter_settle(const char *id, const struct ledger *expected, struct ledger *ret)
{
	uint64_t deadline = now_ms() + (slow() ? 20000 : 5000);

	for (;;) {
		dump_one(id, ret);
		if (!memcmp(&ret->seen, &expected->seen, sizeof(ret->seen)) || now_ms() >= deadline)
			return;
		ledger_clear(ret);
		sleep_ms(50);
	}
}

void meter_expect(const char *id, const struct ledger *expected, enum ledger_key key)
{
	_cleanup_ledger_ struct ledger wanted = {0}, got = {0};

	ledger_coarsen(expected, key, &wanted);
	meter_settle(id, expected, &got);
	expect_ledger(&wanted, &got);
}

void pair_expect(struct pair *pair, enum ledger_key key)
{
	meter_expect(PAIR_ID, &pair->ledger, key);
}

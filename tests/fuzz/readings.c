// SPDX-License-Identifier: GPL-2.0-or-later
#include "readings.h"

#include <netacct/cleanup.h>
#include <string.h>

#define RECORDS_MAX 6

/* One reading in two is without a name where it may be. */
static char *optional_string(struct input *input)
{
	return input_number(input, 1) & 1 ? input_string(input) : NULL;
}

static void make_key(struct input *input, struct na_key *key)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint64_t word[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(word); i++)
		word[i] = input_number(input, i % 2 ? 8 : 2);
	memcpy(key->local, word, 16);
	memcpy(key->remote, word + 2, 16);
	key->local_port = (uint16_t)input_number(input, 2);
	key->remote_port = (uint16_t)input_number(input, 2);
	key->what = NA_WHAT_SET | (uint32_t)input_number(input, 1);
	switch (input_number(input, 1) % 4) {
	case 0:
		key->what |= NA_WHAT_FRAGMENT;
		break;
	case 1:
		key->what |= NA_WHAT_IPV4;
		memcpy(key->local, mapped, sizeof(mapped));
		memcpy(key->remote, mapped, sizeof(mapped));
		break;
	}
}

static void make_record(struct input *input, struct flow_record *record)
{
	make_key(input, &record->key);
	record->rx.packets = input_number(input, 2);
	record->rx.bytes = input_number(input, 8);
	record->tx.packets = input_number(input, 8);
	record->tx.bytes = input_number(input, 2);
	record->first_seen = (uint32_t)input_number(input, 4);
	record->last_seen = (uint32_t)input_number(input, 2);
	record->tcp_flags = (uint8_t)input_number(input, 1);
}

static void make_figures(struct input *input, struct reading *reading)
{
	struct na_count *count = &reading->balance.bucket[0][0];
	size_t i;

	for (i = 0; i < NA_BUCKETS * NA_DIRECTIONS; i++)
		count[i].packets = count[i].bytes = input_number(input, i % 3 ? 1 : 8);
	reading->balance.judged = input_number(input, 1) & 1;
	reading->balance.difference = balance_difference(&reading->balance);
	reading->read_at = input_number(input, 8);
	reading->attached_at = input_number(input, 8);
	reading->since = input_number(input, 4);
	reading->departed_at = input_number(input, 1);
	reading->netns_inode = input_number(input, 4);
	reading->netns_cookie = input_number(input, 1);
	reading->generation = (uint32_t)input_number(input, 4);
	reading->whitelist.count = (uint32_t)input_number(input, 1);
	reading->whitelist.enabled = reading->whitelist.count;
	reading->time_base.epoch_monotonic = input_number(input, 8);
	reading->time_base.realtime_minus_monotonic = input_number(input, 8);
	reading->time_base.hz = (uint32_t)input_number(input, 2);
}

void reading_make(struct input *input, struct reading *reading)
{
	uint64_t bits = input_number(input, 2);
	size_t i, count = input_number(input, 1) % (RECORDS_MAX + 1);

	reading->id = input_string(input);
	reading->interface = optional_string(input);
	reading->namespace = optional_string(input);
	reading->tag = optional_string(input);
	reading->cgroup = optional_string(input);
	strcpy(reading->uuid, "0b5c0000-0000-4000-8000-000000000001");
	reading->live = bits & 1;
	reading->exact = bits & 2;
	reading->peer = bits & 4;
	reading->layer3 = bits & 8;
	reading->key = (enum na_key_kind)((bits >> 4) % NA_KEY_KINDS);
	reading->ingress = (enum na_ingress)(bits >> 8 & 3);
	reading->hook = (enum na_hook)((bits >> 10) % 3);
	make_figures(input, reading);
	reading->records = calloc(count + 1, sizeof(*reading->records));
	MUST(reading->records);
	for (i = 0; i < count; i++)
		make_record(input, &reading->records[i]);
	reading->count = reading->shown = count;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "netacct.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <string.h>

#include "../../src/meter/programs.h"
#include "../../src/meter/read.h"
#include "../../src/meter/scan.h"
#include "die.h"

static int add_packets(void *context, const struct scanned *record)
{
	*(uint64_t *)context += record->count.packets;
	return 0;
}

static uint64_t flows(const void *state)
{
	const struct bench_meter *bench = state;
	struct fault fault = {};
	uint64_t sum = 0;

	if (scan_half(&bench->meter, 0, add_packets, &sum, &fault))
		die("%s", fault.text);
	return sum;
}

static uint64_t totals(const void *state)
{
	const struct bench_meter *bench = state;
	const struct na_balance *received;
	struct half_balance balance;
	struct fault fault = {};

	if (meter_read_balance(&bench->meter, 0, 0, &balance, &fault))
		die("%s", fault.text);
	received = &balance.direction[NA_RX];
	if (received->bucket[NA_SEEN].packets != received->bucket[NA_ACCOUNTED].packets)
		die("netacct saw %" PRIu64 " packets and accounted %" PRIu64,
		    (uint64_t)received->bucket[NA_SEEN].packets,
		    (uint64_t)received->bucket[NA_ACCOUNTED].packets);
	if (bench->meter.meta.entries &&
	    received->spilled * 100 > received->bucket[NA_SEEN].packets)
		die("%" PRIu64 " packets were spilled", (uint64_t)received->spilled);
	return received->bucket[NA_SEEN].packets;
}

static void clear(void *state)
{
	struct bench_meter *bench = state;
	struct fault fault = {};

	if (scan_zero(&bench->meter, 0, &fault))
		die("%s", fault.text);
}

static void close_meter(void *state)
{
	struct bench_meter *bench = state;
	enum program i;

	for (i = 0; i < PROGRAM_COUNT; i++)
		cleanup_close(&bench->programs[i]);
	layout_close(bench->meter.maps);
	free(bench);
}

const struct subject_kind netacct_kind = {flows, totals, clear, close_meter};

static void fill_whitelist(const struct bench_meter *bench, const struct situation *situation)
{
	_cleanup_close_ int trie = layout_create_trie(situation->whitelist);
	const uint32_t zero = 0, one = 1;
	struct na_prefix prefix;
	uint32_t i;

	for (i = 0; i < situation->whitelist; i++) {
		whitelist_entry(situation, i, &prefix);
		if (bpf_map_update_elem(trie, &prefix, &one, BPF_ANY))
			die("cannot fill a whitelist: %s", strerror(errno));
	}
	if (bpf_map_update_elem(bench->meter.maps[MAP_WHITELIST], &zero, &trie, BPF_ANY))
		die("cannot set a whitelist: %s", strerror(errno));
}

/* Any seed does: what is counted is our own. */
static void fill_meta(const struct situation *situation, struct na_meta *meta)
{
	uint32_t i;

	*meta = (struct na_meta){.key = situation->key,
				 .max_flows = situation_room(situation),
				 .sources = 1,
				 .whitelist = situation->whitelist != 0};
	for (i = 0; i < ARRAY_SIZE(meta->seed); i++)
		meta->seed[i] = 0x9e3779b97f4a7c15ull * (i + 1);
	layout_size(meta, object_has_cmpxchg());
}

struct bench_meter *bench_meter_make(const struct situation *situation)
{
	const struct na_control control = {.sequence = 1, .whitelist = 1 << 1};
	struct bench_meter *bench = allocate(1, sizeof(*bench));
	struct fault fault = {};
	const uint32_t zero = 0;
	enum program i;

	bench->meter = METER_CLOSED;
	for (i = 0; i < PROGRAM_COUNT; i++)
		bench->programs[i] = -1;
	fill_meta(situation, &bench->meter.meta);
	if (layout_create(&bench->meter.meta, bench->meter.maps, &fault))
		die("%s", fault.text);
	if (bpf_map_update_elem(bench->meter.maps[MAP_CONTROL], &zero, &control, BPF_ANY))
		die("cannot set up a meter: %s", strerror(errno));
	if (situation->whitelist)
		fill_whitelist(bench, situation);
	programs_config(&bench->meter.meta, ETH_HLEN, 0, 0, false, &bench->config);
	return bench;
}

void subject_open_netacct(const struct situation *situation, struct subject *ret)
{
	static const enum program programs[HOOK_COUNT] = {
		[HOOK_TC] = PROGRAM_IN, [HOOK_XDP] = PROGRAM_XDP, [HOOK_FRAGS] = PROGRAM_FRAGS};
	struct bench_meter *bench = bench_meter_make(situation);
	enum program program = programs[situation->hook];
	struct fault fault = {};

	if (object_load(&bench->config, bench->meter.maps, 1u << program, false, bench->programs,
			&fault))
		die("%s", fault.text);
	snprintf(ret->name, sizeof(ret->name), SUBJECT_NETACCT);
	ret->program = bench->programs[program];
	ret->kind = &netacct_kind;
	ret->state = bench;
}

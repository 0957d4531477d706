// SPDX-License-Identifier: GPL-2.0-or-later
#include "fill.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <netacct/lookup.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/meter/hot.h"
#include "../../src/meter/programs.h"
#include "bench_abi.h"
#include "die.h"
#include "machine.h"
#include "sequence.h"

#define PACKETS FILL_PACKETS
#define BYTES FILL_BYTES

void fill_key(uint32_t flow, struct na_key *ret)
{
	struct bench_step step;

	sequence_step(flow, &step);
	*ret = (struct na_key){.local = {0, 0, htonl(0xffff), step.destination},
			       .remote = {0, 0, htonl(0xffff), step.source},
			       .local_port = ntohs(step.destination_port),
			       .remote_port = ntohs(step.source_port),
			       .what = NA_WHAT_SET | NA_WHAT_IPV4 | IPPROTO_TCP};
}

static const struct meter *only_meter(struct meter_list *list)
{
	struct fault fault = {};

	if (meter_list(list, &fault))
		die("%s", fault.text);
	if (list->count != 1 || !list->meters[0].meta.entries)
		die("one meter with a hot table was expected");
	return &list->meters[0];
}

/* False where there is no meter, or it is being made. */
static bool generation_now(uint32_t *ret)
{
	struct na_control control = {};
	struct meter_list list = {};
	struct fault fault = {};
	bool there = !meter_list(&list, &fault) && list.count == 1 &&
		     !meter_control(&list.meters[0], &control, &fault);

	meter_list_clear(&list);
	fault_clear(&fault);
	*ret = control.generation;
	return there;
}

uint32_t fill_await_drain(uint32_t last, unsigned int patience)
{
	uint64_t deadline = machine_clock() + patience * 1000000000ull;
	uint32_t generation;

	while (!generation_now(&generation) || generation == last) {
		if (machine_clock() > deadline)
			die("the collector does not drain");
		usleep(10000);
	}
	return generation;
}

static uint32_t active_half(const struct meter *meter)
{
	struct na_control control;
	struct fault fault = {};

	if (meter_control(meter, &control, &fault))
		die("%s", fault.text);
	return control.active;
}

/* So that the books balance: drain says so where they do not. */
static void book(const struct meter *meter, uint32_t half, uint32_t flows)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus();
	_cleanup_free_ struct na_balance *balance = allocate(cpus, sizeof(*balance));
	const uint32_t index = half * meter->meta.sources * NA_DIRECTIONS + NA_RX;
	const struct na_count count = {(uint64_t)flows * PACKETS, (uint64_t)flows * BYTES};

	if (bpf_map_lookup_elem(meter->maps[MAP_BALANCE], &index, balance))
		die("cannot read the balance: %s", strerror(errno));
	balance[0].bucket[NA_SEEN].packets += count.packets;
	balance[0].bucket[NA_SEEN].bytes += count.bytes;
	balance[0].bucket[NA_ACCOUNTED].packets += count.packets;
	balance[0].bucket[NA_ACCOUNTED].bytes += count.bytes;
	if (bpf_map_update_elem(meter->maps[MAP_BALANCE], &index, balance, BPF_ANY))
		die("cannot write the balance: %s", strerror(errno));
}

/* The whole of a map of the table. */
static void *map_all(const struct meter *meter, enum map_id id, size_t length, struct mapping *ret)
{
	int error = mapping_open(meter->maps[id], 0, length, PROT_READ | PROT_WRITE, ret);

	if (error)
		die("cannot map %s: %s", map_name(id), strerror(-error));
	return ret->start;
}

/* As the programs do it. */
static void enter(const struct meter *meter, const struct na_config *config, uint32_t half,
		  struct na_line *lines, const struct na_key *key, uint32_t number)
{
	__u64 word[5], hash;
	uint32_t line, start, i;

	memcpy(word, key, sizeof(word));
	hash = na_hash(meter->meta.seed, word, 1);
	line = half * config->lines + na_hash_line(hash, config->lines);
	start = na_hash_start(hash);
	for (i = 0; i < NA_PROBES; i++) {
		uint32_t *slot = &lines[line ^ i / NA_LINE_SLOTS].slot[(start + i) % NA_LINE_SLOTS];

		if (*slot)
			continue;
		*slot = na_hash_tag(hash, key->what, config->entry_mask) | number;
		return;
	}
	die("no room for entry %u", number);
}

void fill_meter(uint32_t flows)
{
	_cleanup_mapping_ struct mapping hot = {}, lines = {}, first = {};
	struct meter_list list = {};
	const struct meter *meter = only_meter(&list);
	uint32_t half = active_half(meter), i, number = 1 + half * meter->meta.entries;
	size_t all = 1 + (size_t)NA_HALVES * meter->meta.entries;
	const struct na_used used = {.entries = flows};
	struct na_config config;
	struct na_entry *entries;
	uint32_t *ticks;

	programs_config(&meter->meta, ETH_HLEN, 0, 0, false, &config);
	entries = map_all(meter, MAP_HOT, all * sizeof(*entries), &hot);
	ticks = map_all(meter, MAP_FIRST, all * sizeof(*ticks), &first);
	map_all(meter, MAP_LINES, (size_t)NA_HALVES * meter->meta.lines * sizeof(struct na_line),
		&lines);
	for (i = 0; i < flows; i++, number++) {
		entries[number] = (struct na_entry){.packets = PACKETS, .bytes = BYTES};
		fill_key(i, &entries[number].key);
		ticks[number] = 1;
		enter(meter, &config, half, lines.start, &entries[number].key, number);
	}
	if (bpf_map_update_elem(meter->maps[MAP_USED], &half, &used, BPF_ANY))
		die("cannot write what is used: %s", strerror(errno));
	book(meter, half, flows);
	meter_list_clear(&list);
}

double fill_floor(uint32_t flows)
{
	struct meter_list list = {};
	const struct meter *meter = only_meter(&list);
	uint64_t before = machine_clock(), packets = 0;
	struct hot_half half;
	uint32_t i;

	if (hot_open(meter, active_half(meter), &half))
		die("cannot map the flow table");
	for (i = 0; i < half.count; i++)
		packets += half.entries[i].packets;
	hot_close(&half);
	before = machine_clock() - before;
	if (packets != (uint64_t)flows * PACKETS)
		die("%" PRIu64 " packets in the table of %u flows", packets, flows);
	meter_list_clear(&list);
	return (double)before / 1e6;
}

int fill_hash(uint32_t flows)
{
	const struct bench_rival_flow value = {.packets = PACKETS, .bytes = BYTES};
	int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "netacct_bench", sizeof(struct na_key),
				sizeof(value), flows, NULL);
	struct na_key key;
	uint32_t i;

	if (fd < 0)
		die("cannot create a hash map: %s", strerror(errno));
	for (i = 0; i < flows; i++) {
		fill_key(i, &key);
		if (bpf_map_update_elem(fd, &key, &value, BPF_ANY))
			die("cannot fill a hash map: %s", strerror(errno));
	}
	return fd;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "fill.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>

#include "../../src/meter/meter.h"
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
	if (list->count != 1 || !list->meters[0].meta.slots)
		die("one meter with a hot table was expected");
	return &list->meters[0];
}

bool fill_generation(uint32_t *ret)
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

static struct na_slot *map_half(const struct meter *meter, uint32_t half, size_t *ret_length)
{
	size_t length = (size_t)meter->meta.slots * sizeof(struct na_slot);
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, meter->maps[MAP_HOT],
			    (off_t)(half * length));

	if (memory == MAP_FAILED)
		die("cannot map the flow table: %s", strerror(errno));
	*ret_length = length;
	return memory;
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

void fill_meter(uint32_t flows)
{
	struct meter_list list = {};
	const struct meter *meter = only_meter(&list);
	uint32_t half = active_half(meter), mask = meter->meta.slots - 1, i;
	struct na_slot *slots;
	size_t length;

	slots = map_half(meter, half, &length);
	for (i = 0; i < flows; i++) {
		struct na_slot slot = {.packets = PACKETS, .bytes = BYTES, .state = NA_STATE_READY};

		fill_key(i, &slot.key);
		slots[i * 0x9e3779b1u & mask] = slot; /* an odd factor: no two in one place */
	}
	munmap(slots, length);
	book(meter, half, flows);
	meter_list_clear(&list);
}

double fill_floor(uint32_t flows)
{
	struct meter_list list = {};
	const struct meter *meter = only_meter(&list);
	uint64_t before = machine_clock(), packets = 0;
	const struct na_slot *slots;
	size_t length;
	uint32_t i;

	slots = map_half(meter, active_half(meter), &length);
	for (i = 0; i < meter->meta.slots; i++)
		packets += slots[i].packets;
	munmap((void *)slots, length);
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

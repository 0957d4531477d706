/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hot table finds room: flows that differ in few bits are spread over it
 * as well as random ones.
 */
#include <errno.h>
#include <netacct/cleanup.h>

#include "flows.h"

/* What the table is made for, each both ways. */
static uint32_t max_flows(void)
{
	return lab_slow() ? 4096 : 65536;
}

static uint32_t reversed(uint32_t value)
{
	uint32_t ret = 0, i;

	for (i = 0; i < 32; i++)
		ret |= (value >> i & 1) << (31 - i);
	return ret;
}

static void low_addresses(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, 0x0a000000 + i);
}

static void high_addresses(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, reversed(i));
}

static void high_destinations(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_DESTINATION4, i << 15);
}

static void equal_addresses(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, 0x0a000000 + i);
	flows_set(frame, FLOWS_DESTINATION4, 0x0a000000 + i);
}

static void opposite_addresses(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, 0x0a000000 + i);
	flows_set(frame, FLOWS_DESTINATION4, 0x0bffffff - i);
}

static void square_of_addresses(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, 0x0a000000 + (i & 511));
	flows_set(frame, FLOWS_DESTINATION4, 0x0b000000 + (i >> 9));
}

static void low_ports(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_PORTS4, i);
}

static void high_ports(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_PORTS4, i << 15);
}

static void addresses_and_ports(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE4, 0xc0a80000 + (i & 255));
	flows_set(frame, FLOWS_PORTS4, 0x800001bb + ((i >> 8) << 16));
}

static void low_addresses6(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE6 + 12, i);
}

static void high_addresses6(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE6, reversed(i));
}

static void networks6(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE6 + 4, i);
}

static void interfaces6(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_SOURCE6 + 8, 0x021122ff);
	flows_set(frame, FLOWS_SOURCE6 + 12, 0xfe000000 + (i << 7));
}

/* The same number in both halves of an address. */
static void halves6(struct frame *frame, uint32_t i)
{
	flows_set(frame, FLOWS_DESTINATION6 + 4, i);
	flows_set(frame, FLOWS_DESTINATION6 + 12, i);
}

static const struct pattern {
	const char *name, *recipe;
	void (*set)(struct frame *frame, uint32_t i);
} patterns[] = {
	{"low bits of addresses", "eth ip4 tcp", low_addresses},
	{"high bits of addresses", "eth ip4 tcp", high_addresses},
	{"high bits of destinations", "eth ip4 tcp", high_destinations},
	{"equal addresses", "eth ip4 tcp", equal_addresses},
	{"opposite addresses", "eth ip4 tcp", opposite_addresses},
	{"a square of addresses", "eth ip4 tcp", square_of_addresses},
	{"low bits of ports", "eth ip4 tcp", low_ports},
	{"high bits of ports", "eth ip4 tcp", high_ports},
	{"addresses and ports", "eth ip4 tcp", addresses_and_ports},
	{"IPv6, low bits", "eth ip6 udp", low_addresses6},
	{"IPv6, high bits", "eth ip6 udp", high_addresses6},
	{"IPv6, networks", "eth ip6 udp", networks6},
	{"IPv6, interfaces", "eth ip6 udp", interfaces6},
	{"IPv6, both halves", "eth ip6 udp", halves6},
};

/* Packets of so many new flows that were not booked in the hot table. */
static uint64_t miss(const struct lab *lab, const struct pattern *pattern)
{
	struct na_balance before, after;
	struct frame frame;
	uint32_t flow;

	frame_build(pattern->recipe, &frame);
	lab_balance(lab, 0, NA_RX, &before);
	for (flow = 0; flow < 2 * max_flows(); flow++) {
		pattern->set(&frame, flow);
		flows_run(lab, PROGRAM_IN, &frame);
	}
	lab_balance(lab, 0, NA_RX, &after);
	lab_zero(lab);
	return after.spilled - before.spilled + after.bucket[NA_OVERFLOW].packets -
	       before.bucket[NA_OVERFLOW].packets;
}

static void spreads_flows_that_differ_in_few_bits(void **state)
{
	static const uint64_t seeds[] = {1, 0x9e3779b97f4a7c15};
	struct lab_shape shape = {.hot = true, .key = NA_KEY_FLOW, .max_flows = max_flows()};
	uint32_t flows = 2 * max_flows();
	unsigned int bad = 0;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		_cleanup_lab_ struct lab lab;

		shape.seed = seeds[i];
		if (!lab_open(&shape, &lab))
			skip();
		assert_true(lab.meter.meta.entries == flows);
		for (j = 0; j < ARRAY_SIZE(patterns); j++) {
			uint64_t missed = miss(&lab, &patterns[j]);

			if (missed * 100 < flows)
				continue;
			print_message("# %s, seed %zu: %.2f %% not in the hot table\n",
				      patterns[j].name, i, 100.0 * (double)missed / flows);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* As many flows as were asked for, both directions of each. */
static void has_room_for_what_was_asked_for(void **state)
{
	struct lab_shape shape = {.hot = true, .max_flows = max_flows()};
	uint32_t flow, spread, flows = max_flows();

	(void)state;
	for (shape.key = NA_KEY_HOST; shape.key < NA_KEY_KINDS; shape.key++) {
		_cleanup_lab_records_ struct lab_records records = {};
		_cleanup_lab_ struct lab lab;
		enum na_direction direction;
		struct frame frame;

		if (!lab_open(&shape, &lab))
			skip();
		frame_build("eth ip4 tcp", &frame);
		for (flow = 0; flow < flows; flow++) {
			spread = flow * 0x9e3779b1u;
			flows_set(&frame, FLOWS_SOURCE4, spread);
			flows_set(&frame, FLOWS_DESTINATION4, ~spread);
			flows_run(&lab, PROGRAM_IN, &frame);
			flows_run(&lab, PROGRAM_EG, &frame);
		}
		for (direction = 0; direction < NA_DIRECTIONS; direction++) {
			struct na_balance balance;

			lab_balance(&lab, 0, direction, &balance);
			assert_int_equal(balance.bucket[NA_ACCOUNTED].packets, flows);
			assert_true(balance.spilled * 100 < flows);
		}
		lab_records(&lab, &records);
		assert_int_equal(records.count, 2 * flows);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spreads_flows_that_differ_in_few_bits),
		cmocka_unit_test(has_room_for_what_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each packet of the table cut at every length: what lacks a part of its IP
 * packet is not IP, what lacks padding alone is as it was. And each packet
 * whose bytes lie in two buffers, parted at every offset.
 */
#include <errno.h>
#include <netacct/cleanup.h>

#include "cases.h"
#include "variant.h"

#define LONGEST 400 /* longer packets are cut in their headers and near their end only */

/* Offset behind the Ethernet header and the tags that are there whole. */
static size_t network_of_cut(const struct packet_case *item, const struct frame *frame)
{
	size_t network = item->network ? item->network : frame->network;

	while (network > frame->size && network > 14)
		network -= 4;
	return network;
}

static void cut(const struct lab *lab, enum program program, const struct packet_case *item,
		const struct frame *whole, size_t size)
{
	struct packet_case broken = *item;
	struct lab_booking booking;
	struct lab_packet packet;
	struct frame frame = *whole;
	char name[256];

	frame.size = size;
	if (size < frame.ip_end)
		broken = (struct packet_case){.recipe = item->recipe, .network = item->network};
	broken.network = network_of_cut(item, &frame);
	case_booking(lab, program, &broken, &frame, &booking);
	packet = (struct lab_packet){.bytes = frame.bytes, .size = size};
	snprintf(name, sizeof(name), "%s, cut to %zu, %s, layer %d", item->recipe, size,
		 program_name(program), lab->config.layer3 ? 3 : 2);
	assert_return_code(lab_expect(lab, program, &packet, &booking, name), 0);
}

/* From one length or offset to the next; what one packet passes over another one has. */
static size_t step(void)
{
	return lab_slow() ? 5 : 1;
}

static size_t first(size_t packet)
{
	return 14 + packet % step();
}

static void cut_everywhere(const struct lab *lab, enum program program)
{
	size_t i, size;

	for (i = 0; i < case_count; i++) {
		struct frame frame;

		frame_build(cases[i].recipe, &frame);
		for (size = first(i); size < frame.size; size += step())
			if (size < LONGEST || size + 40 > frame.size)
				cut(lab, program, &cases[i], &frame, size);
	}
	lab_assert_balanced(lab, 0);
}

static void cut_for(void **state, enum program program)
{
	struct lab_shape shape = {
		.hot = variant(state), .key = NA_KEY_FLOW, .programs = 1u << program};
	int layer;

	for (layer = 2; layer <= 3; layer++) {
		_cleanup_lab_ struct lab lab;

		shape.layer3 = layer == 3;
		if (!lab_open(&shape, &lab))
			skip();
		lab_require(&lab, program);
		cut_everywhere(&lab, program);
	}
}

static void cut_packets_at_tc(void **state)
{
	cut_for(state, PROGRAM_IN);
}

static void cut_packets_at_xdp(void **state)
{
	cut_for(state, PROGRAM_XDP);
}

static void cut_packets_at_xdp_with_frags(void **state)
{
	cut_for(state, PROGRAM_FRAGS);
}

static void cut_packets_without_ethernet(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .bare = true, .key = NA_KEY_HOST_PAIR};
	_cleanup_lab_ struct lab lab;
	size_t i, size;

	if (!lab_open(&shape, &lab))
		skip();
	for (i = 0; i < bare_case_count; i++) {
		struct frame frame;

		frame_build(bare_cases[i].recipe, &frame);
		for (size = first(i); size < frame.size; size += step()) {
			cut(&lab, PROGRAM_IN, &bare_cases[i], &frame, size);
			cut(&lab, PROGRAM_XDP, &bare_cases[i], &frame, size);
		}
	}
}

/* 0: this kernel makes no such packets. */
static int part_everywhere(const struct lab *lab, enum program program)
{
	size_t i, linear;

	for (i = 0; i < case_count; i++) {
		struct lab_booking booking;
		struct frame frame;
		struct lab_packet packet = {.bytes = frame.bytes};
		char name[256];

		frame_build(cases[i].recipe, &frame);
		packet.size = frame.size;
		if (packet.size < 14 + 40)
			continue; /* see run_skb() */
		case_booking(lab, program, &cases[i], &frame, &booking);
		for (linear = first(i); linear < frame.size && linear < 200; linear += step()) {
			packet.linear = linear;
			snprintf(name, sizeof(name), "%s, %s, parted at %zu", cases[i].recipe,
				 program_name(program), linear);
			if (lab_expect(lab, program, &packet, &booking, name))
				return i || linear >= 14 + 40;
		}
	}
	return 1;
}

/* As from a ring of AF_PACKET, whose skbs have Ethernet alone in the linear part. */
static void part_for(void **state, enum program program)
{
	struct lab_shape shape = {
		.hot = variant(state), .key = NA_KEY_FLOW, .programs = 1u << program};
	_cleanup_lab_ struct lab lab;

	if (!lab_open(&shape, &lab))
		skip();
	lab_require(&lab, program);
	if (part_everywhere(&lab, program))
		return;
	print_message("this kernel makes no packet of two buffers for a test\n");
	skip();
}

static void packets_of_two_buffers_at_tc(void **state)
{
	part_for(state, PROGRAM_IN);
}

static void packets_of_two_buffers_at_xdp(void **state)
{
	part_for(state, PROGRAM_FRAGS);
}

/* Larger than a page: every kernel with multi-buffer XDP makes several buffers of it. */
static void packets_of_several_pages_at_xdp(void **state)
{
	const struct packet_case large[] = {
		{"eth ip4 tcp data:8900", 4, 6, .ports = true, .tcp_flags = 0x10},
		{"eth vlan ip6 hop udp data:12000", 6, 17, .ports = true},
		{"eth type:0x88f7 data:9000", 0, 0, .ports = false},
		{"eth ip4:len=9000 udp data:8900", 0, 0, .ports = false},
	};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;
	size_t i;

	if (!lab_open(&shape, &lab))
		skip();
	lab_require(&lab, PROGRAM_FRAGS);
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		struct lab_booking booking;
		struct frame frame;
		struct lab_packet packet = {.bytes = frame.bytes};

		frame_build(large[i].recipe, &frame);
		packet.size = frame.size;
		case_booking(&lab, PROGRAM_FRAGS, &large[i], &frame, &booking);
		assert_return_code(
			lab_expect(&lab, PROGRAM_FRAGS, &packet, &booking, large[i].recipe), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(cut_packets_at_tc),
		BOTH(cut_packets_at_xdp),
		BOTH(cut_packets_at_xdp_with_frags),
		BOTH(cut_packets_without_ethernet),
		BOTH(packets_of_two_buffers_at_tc),
		BOTH(packets_of_two_buffers_at_xdp),
		BOTH(packets_of_several_pages_at_xdp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

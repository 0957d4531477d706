/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Super-packets: what they stand for on the wire is found here by cutting
 * them, at the tc programs that see them.
 */
#include <errno.h>
#include <netacct/cleanup.h>

#include "supers.h"
#include "variant.h"

#define BY_FRAGS 0xffff /* GSO_BY_FRAGS */

/* Bytes and packets of the segments, each with the headers before the data. */
static void cut(const struct lab *lab, const struct frame *frame, size_t size, bool tagged,
		struct lab_booking *booking)
{
	size_t from = lab->config.layer3 ? frame->network : 0, at = frame->payload;

	booking->packets = booking->bytes = 0;
	do {
		size_t rest = frame->size - at, data = rest < size ? rest : size;

		booking->packets++;
		booking->bytes += frame->payload - from + data;
		if (tagged && !lab->config.layer3)
			booking->bytes += 4;
		at += data;
	} while (at < frame->size);
}

struct gso {
	uint16_t size, segments;
};

static void run_super(const struct lab *lab, enum program program, const struct packet_case *item,
		      struct gso gso, bool decided)
{
	struct lab_booking booking;
	struct frame frame;
	struct lab_packet packet = {
		.bytes = frame.bytes, .gso_size = gso.size, .gso_segs = gso.segments};
	char name[256];
	int tagged;

	frame_build(item->recipe, &frame);
	packet.size = frame.size;
	for (tagged = 0; tagged < 2; tagged++) {
		packet.tagged = tagged;
		case_booking(lab, program, item, &frame, &booking);
		booking.super = 1;
		booking.undecided = !decided;
		if (decided)
			cut(lab, &frame, gso.size, packet.tagged, &booking);
		else if (tagged && !lab->config.layer3)
			booking.bytes += 4;
		snprintf(name, sizeof(name), "%s, %s, gso_size %u, gso_segs %u, layer %d, tag %d",
			 item->recipe, program_name(program), gso.size, gso.segments,
			 lab->config.layer3 ? 3 : 2, tagged);
		assert_return_code(lab_expect(lab, program, &packet, &booking, name), 0);
	}
}

static void run_table(void **state, const struct packet_case *table, size_t count, bool decided)
{
	/* one byte each, several, exactly two, one, and one that is not full */
	const struct gso sizes[] = {{1, 0},    {100, 20}, {536, 0},  {1000, 1},
				    {1448, 7}, {1999, 0}, {2000, 1}, {9000, 0}};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	int layer;
	size_t i, j;

	for (layer = 2; layer <= 3; layer++) {
		_cleanup_lab_ struct lab lab;

		shape.layer3 = layer == 3;
		if (!lab_open(&shape, &lab))
			skip();
		for (i = 0; i < count; i++)
			for (j = 0; j < ARRAY_SIZE(sizes); j++) {
				run_super(&lab, PROGRAM_IN, &table[i], sizes[j], decided);
				run_super(&lab, PROGRAM_EG, &table[i], sizes[j], decided);
			}
		lab_assert_balanced(&lab, 0);
	}
}

static void counts_super_packets_as_their_segments(void **state)
{
	run_table(state, decidable, decidable_count, true);
}

static void counts_vxlan_with_group_policy(void **state)
{
	run_table(state, group_policy, group_policy_count, true);
}

static void counts_vxlan_with_generic_protocol(void **state)
{
	run_table(state, generic_protocol, generic_protocol_count, true);
}

static void says_what_it_cannot_decide(void **state)
{
	run_table(state, undecidable, undecidable_count, false);
}

/* No more than headers: it is one packet. */
static void counts_super_packets_without_data(void **state)
{
	const struct packet_case empty[] = {
		{"eth ip4 tcp:opt=40", 4, 6, .ports = true, .tcp_flags = 0x10},
		{"eth ip6 tcp", 6, 6, .ports = true, .tcp_flags = 0x10},
	};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;
	size_t i;

	if (!lab_open(&shape, &lab))
		skip();
	for (i = 0; i < ARRAY_SIZE(empty); i++)
		run_super(&lab, PROGRAM_EG, &empty[i], (struct gso){1448, 0}, true);
}

/* SCTP has a segment per fragment of the skb, and only gso_segs says how many. */
static void counts_sctp_by_its_segments(void **state)
{
	const struct packet_case sctp = {"eth ip4 sctp data:2000", 4, 132, .ports = true};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;
	struct lab_booking booking;
	struct frame frame;
	struct lab_packet packet = {.bytes = frame.bytes, .gso_size = BY_FRAGS, .gso_segs = 3};

	if (!lab_open(&shape, &lab))
		skip();
	frame_build(sctp.recipe, &frame);
	packet.size = frame.size;
	case_booking(&lab, PROGRAM_EG, &sctp, &frame, &booking);
	booking.super = 1;
	booking.packets = 3;
	booking.bytes = 3 * frame.payload + 2000;
	assert_return_code(lab_expect(&lab, PROGRAM_EG, &packet, &booking, "three chunks"), 0);
	packet.gso_segs = 0;
	booking.undecided = booking.packets = 1;
	booking.bytes = frame.size;
	assert_return_code(lab_expect(&lab, PROGRAM_EG, &packet, &booking, "no count"), 0);
}

/* BIG TCP: the hop-by-hop header with the jumbo option is on no segment (RFC 2675). */
static void counts_jumbograms_without_their_option(void **state)
{
	const struct packet_case jumbo = {"eth ip6 hop tcp data:2000", 6, 6, .tcp_flags = 0x10,
					  .ports = true};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;
	struct lab_booking booking;
	struct frame frame;
	struct lab_packet packet = {.bytes = frame.bytes, .gso_size = 1000};

	if (!lab_open(&shape, &lab))
		skip();
	frame_build(jumbo.recipe, &frame);
	frame.bytes[frame.network + 4] = frame.bytes[frame.network + 5] = 0;
	packet.size = frame.size;
	case_booking(&lab, PROGRAM_EG, &jumbo, &frame, &booking);
	booking.super = 1;
	booking.packets = 2;
	booking.bytes = 2 * (frame.payload - 8) + 2000;
	assert_return_code(lab_expect(&lab, PROGRAM_EG, &packet, &booking, "jumbogram"), 0);
}

/* tun with vnet_hdr, wireguard and their like give super-packets without Ethernet. */
static void counts_super_packets_without_ethernet(void **state)
{
	const struct packet_case bare[] = {
		{"ip4 tcp data:2000", 4, 6, .ports = true, .tcp_flags = 0x10},
		{"ip6 dst tcp:opt=8 data:2000", 6, 6, .ports = true, .tcp_flags = 0x10},
		{"ip4 ip6 tcp data:2000", 4, 41, .ports = false},
		{"ip4 gre eth ip4 tcp data:2000", 4, 47, .ports = false},
		{"ip4 udp vxlan eth ip4 tcp data:2000", 4, 17, .ports = true},
	};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW, .bare = true};
	_cleanup_lab_ struct lab lab;
	size_t i;

	if (!lab_open(&shape, &lab))
		skip();
	for (i = 0; i < ARRAY_SIZE(bare); i++) {
		const struct packet_case *item = &bare[i];
		struct lab_booking booking;
		struct frame frame;
		struct lab_packet packet = {.bytes = frame.bytes, .gso_size = 700};

		frame_build(item->recipe, &frame);
		packet.size = frame.size;
		case_booking(&lab, PROGRAM_IN, item, &frame, &booking);
		cut(&lab, &frame, packet.gso_size, false, &booking);
		booking.super = 1;
		assert_return_code(lab_expect(&lab, PROGRAM_IN, &packet, &booking, item->recipe),
				   0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(counts_super_packets_as_their_segments),
		BOTH(counts_vxlan_with_group_policy),
		BOTH(counts_vxlan_with_generic_protocol),
		BOTH(says_what_it_cannot_decide),
		BOTH(counts_super_packets_without_data),
		BOTH(counts_sctp_by_its_segments),
		BOTH(counts_super_packets_without_ethernet),
		BOTH(counts_jumbograms_without_their_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

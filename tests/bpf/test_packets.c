/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each packet of the table: its key, its bucket, its bytes, for every program and key. */
#include <errno.h>
#include <netacct/cleanup.h>

#include "cases.h"
#include "variant.h"

static void run_case(const struct lab *lab, enum program program, const struct packet_case *item)
{
	struct lab_booking booking;
	struct lab_packet packet;
	struct frame frame;
	char name[256];

	frame_build(item->recipe, &frame);
	packet = (struct lab_packet){.bytes = frame.bytes, .size = frame.size};
	if (packet.size < 14)
		return;
	case_booking(lab, program, item, &frame, &booking);
	snprintf(name, sizeof(name), "%s, %s, key %u, layer %d", item->recipe,
		 program_name(program), lab->config.key, lab->config.layer3 ? 3 : 2);
	assert_return_code(lab_expect(lab, program, &packet, &booking, name), 0);
	if (program != PROGRAM_IN && program != PROGRAM_EG)
		return;
	packet.tagged = true;
	if (!lab->config.layer3)
		booking.bytes += 4;
	strcat(name, ", tag in the metadata");
	assert_return_code(lab_expect(lab, program, &packet, &booking, name), 0);
}

static void run_cases(const struct lab_shape *shape, enum program program)
{
	_cleanup_lab_ struct lab lab;
	size_t i;

	if (!lab_open(shape, &lab))
		skip();
	lab_require(&lab, program);
	for (i = 0; i < case_count; i++)
		run_case(&lab, program, &cases[i]);
	lab_assert_balanced(&lab, 0);
}

static void run_table(void **state, enum program program, bool peer)
{
	struct lab_shape shape = {.hot = variant(state), .peer = peer, .programs = 1u << program};
	int layer;

	for (shape.key = 0; shape.key < NA_KEY_KINDS; shape.key++) {
		for (layer = 2; layer <= 3; layer++) {
			shape.layer3 = layer == 3;
			if (!lab_slow() || shape.layer3 == (shape.key & 1))
				run_cases(&shape, program);
		}
	}
}

static void books_packets_at_tc_ingress(void **state)
{
	run_table(state, PROGRAM_IN, false);
}

static void books_packets_at_tc_egress(void **state)
{
	run_table(state, PROGRAM_EG, false);
}

static void books_packets_at_xdp(void **state)
{
	run_table(state, PROGRAM_XDP, false);
}

static void books_packets_at_xdp_with_frags(void **state)
{
	run_table(state, PROGRAM_FRAGS, false);
}

static void turns_round_for_the_peer(void **state)
{
	run_table(state, PROGRAM_IN, true);
	run_table(state, PROGRAM_EG, true);
	run_table(state, PROGRAM_XDP, true);
}

/* tun, ipip and their like: the packet begins with the IP header. */
static void books_packets_without_ethernet(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .bare = true};
	enum program program;
	size_t i;

	for (shape.key = 0; shape.key < NA_KEY_KINDS; shape.key++) {
		_cleanup_lab_ struct lab lab;

		shape.layer3 = shape.key & 1;
		if (!lab_open(&shape, &lab))
			skip();
		for (program = 0; program < PROGRAM_COUNT; program++) {
			for (i = 0; i < bare_case_count && lab.program[program] >= 0; i++) {
				const struct packet_case *item = &bare_cases[i];
				struct lab_booking booking;
				struct frame frame;
				struct lab_packet packet = {.bytes = frame.bytes};

				frame_build(item->recipe, &frame);
				packet.size = frame.size;
				case_booking(&lab, program, item, &frame, &booking);
				assert_return_code(lab_expect(&lab, program, &packet, &booking,
							      item->recipe),
						   0);
			}
		}
	}
}

/* Flags of one flow are collected over its packets. */
static void collects_tcp_flags(void **state)
{
	const char *const recipes[] = {"eth ip4 tcp:flags=0x02", "eth ip4 tcp:flags=0x10 data:9",
				       "eth ip4 tcp:flags=0x18 data:9",
				       "eth ip4 tcp:flags=0x81 data:9"};
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;
	uint64_t bytes = 0;
	size_t i;

	if (!lab_open(&shape, &lab))
		skip();
	for (i = 0; i < ARRAY_SIZE(recipes); i++) {
		struct frame frame;

		frame_build(recipes[i], &frame);
		assert_return_code(
			lab_run(&lab, PROGRAM_EG,
				&(struct lab_packet){.bytes = frame.bytes, .size = frame.size}),
			0);
		bytes += frame.size;
	}
	lab_records(&lab, &records);
	assert_int_equal(records.count, 1);
	assert_int_equal(records.record[0].tcp_flags, 0x9b);
	assert_int_equal(records.record[0].count.packets, ARRAY_SIZE(recipes));
	assert_int_equal(records.record[0].count.bytes, bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(books_packets_at_tc_ingress), BOTH(books_packets_at_tc_egress),
		BOTH(books_packets_at_xdp),	   BOTH(books_packets_at_xdp_with_frags),
		BOTH(turns_round_for_the_peer),	   BOTH(books_packets_without_ethernet),
		BOTH(collects_tcp_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

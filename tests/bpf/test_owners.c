/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a packet is: the constant of a meter, in a group the entry of the device. */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <netacct/cleanup.h>

#include "cases.h"
#include "variant.h"

#define NUMBER 7 /* of the program pair */
#define SOURCES 64

static const struct packet_case item = {"eth ip4 tcp data:5", 4, 6, .ports = true,
					.tcp_flags = 0x10};

static bool open_group(void **state, struct lab *ret)
{
	struct lab_shape shape = {
		.hot = variant(state), .key = NA_KEY_FLOW, .sources = SOURCES, .number = NUMBER};

	return lab_open(&shape, ret);
}

static void set_entry(const struct lab *lab, uint32_t ifindex, uint32_t way,
		      const struct na_ifindex *entry)
{
	uint32_t mask = lab->meter.meta.ifindexes - 1;
	uint32_t index = (na_ifindex_hash(ifindex, NUMBER) + way) & mask;

	assert_return_code(bpf_map_update_elem(lab->meter.maps[MAP_IFINDEX], &index, entry, 0),
			   errno);
}

static void clear_entry(const struct lab *lab, uint32_t ifindex, uint32_t way)
{
	const struct na_ifindex none = {};

	set_entry(lab, ifindex, way, &none);
}

/* A packet of a device, which must belong to the owner, or to none. */
static int expect_owner(const struct lab *lab, enum program program, uint32_t ifindex,
			const struct na_ifindex *entry, const char *name)
{
	struct lab like = *lab;
	struct lab_booking booking;
	struct frame frame;
	struct lab_packet packet = {.bytes = frame.bytes};

	frame_build(item.recipe, &frame);
	packet.size = frame.size;
	packet.ifindex = ifindex == LAB_LOOPBACK ? 0 : ifindex;
	like.config.owner = entry ? entry->owner : 0;
	like.config.peer = entry ? entry->peer : 0;
	case_booking(&like, program, &item, &frame, &booking);
	booking.nothing = !entry;
	return lab_expect(lab, program, &packet, &booking, name);
}

static void has_a_constant_owner_without_a_group(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW, .number = NUMBER};
	const struct na_ifindex none = {};
	_cleanup_lab_ struct lab lab;
	enum program program;

	if (!lab_open(&shape, &lab))
		skip();
	for (program = 0; program < PROGRAM_COUNT; program++)
		if (lab.program[program] >= 0)
			assert_return_code(
				expect_owner(&lab, program, LAB_LOOPBACK, &none, "one source"), 0);
}

static void finds_the_owner_in_each_way(void **state)
{
	_cleanup_lab_ struct lab lab;
	uint32_t way;

	if (!open_group(state, &lab))
		skip();
	for (way = 0; way < NA_IFINDEX_WAYS; way++) {
		const struct na_ifindex entry = {LAB_LOOPBACK, NUMBER, 3 + way, way & 1};
		enum program program;

		set_entry(&lab, LAB_LOOPBACK, way, &entry);
		for (program = 0; program < PROGRAM_COUNT; program++)
			if (lab.program[program] >= 0)
				assert_return_code(expect_owner(&lab, program, LAB_LOOPBACK, &entry,
								"a group"),
						   0);
		clear_entry(&lab, LAB_LOOPBACK, way);
	}
}

static void counts_nothing_of_other_devices(void **state)
{
	const struct na_ifindex others[] = {
		{LAB_LOOPBACK + 1, NUMBER, 3, 0}, /* another device */
		{LAB_LOOPBACK, NUMBER + 1, 3, 0}, /* of the same number in another namespace */
		{0, NUMBER, 3, 0}, /* free */
	};
	_cleanup_lab_ struct lab lab;
	struct na_ifindex late = {LAB_LOOPBACK, NUMBER, 3, 0};
	uint32_t source;
	size_t i;

	if (!open_group(state, &lab))
		skip();
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		set_entry(&lab, LAB_LOOPBACK, (uint32_t)i, &others[i]);
		assert_return_code(expect_owner(&lab, PROGRAM_IN, LAB_LOOPBACK, NULL, "in"), 0);
		assert_return_code(expect_owner(&lab, PROGRAM_EG, LAB_LOOPBACK, NULL, "eg"), 0);
		assert_return_code(expect_owner(&lab, PROGRAM_XDP, LAB_LOOPBACK, NULL, "xdp"), 0);
	}
	/* where nobody looks any more */
	set_entry(&lab, LAB_LOOPBACK, NA_IFINDEX_WAYS, &late);
	assert_return_code(expect_owner(&lab, PROGRAM_IN, LAB_LOOPBACK, NULL, "too far"), 0);
	for (source = 0; source < SOURCES; source++) {
		struct na_balance balance;

		lab_balance(&lab, source, NA_RX, &balance);
		assert_int_equal(balance.bucket[NA_SEEN].packets, 0);
		lab_balance(&lab, source, NA_TX, &balance);
		assert_int_equal(balance.bucket[NA_SEEN].packets, 0);
	}
	/* behind the entries of others it is found */
	set_entry(&lab, LAB_LOOPBACK, ARRAY_SIZE(others), &late);
	assert_return_code(expect_owner(&lab, PROGRAM_IN, LAB_LOOPBACK, &late, "behind"), 0);
}

/* The device of a test run's context is one that there is. */
static void tells_devices_apart(void **state)
{
	_cleanup_lab_ struct lab lab;
	struct na_ifindex entries[3];
	uint32_t i;

	if (!open_group(state, &lab))
		skip();
	if (!if_nametoindex("lab0") &&
	    system("ip link add lab0 type veth peer name lab1 2>/dev/null")) {
		print_message("a pair of veths cannot be made\n");
		skip();
	}
	entries[0] = (struct na_ifindex){LAB_LOOPBACK, NUMBER, 10, 0};
	entries[1] = (struct na_ifindex){if_nametoindex("lab0"), NUMBER, SOURCES - 1, 0};
	entries[2] = (struct na_ifindex){if_nametoindex("lab1"), NUMBER, 12, 1};
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		set_entry(&lab, entries[i].ifindex, 2 * i, &entries[i]);
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		assert_return_code(
			expect_owner(&lab, PROGRAM_IN, entries[i].ifindex, &entries[i], "in"), 0);
		assert_return_code(
			expect_owner(&lab, PROGRAM_EG, entries[i].ifindex, &entries[i], "eg"), 0);
	}
}

/* One key of two owners is two records. */
static void keeps_the_flows_of_owners_apart(void **state)
{
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;
	struct frame frame;
	uint32_t owner;
	size_t i;

	if (!open_group(state, &lab))
		skip();
	frame_build(item.recipe, &frame);
	for (owner = 0; owner < SOURCES; owner++) {
		const struct na_ifindex entry = {LAB_LOOPBACK, NUMBER, owner, 0};
		const struct lab_packet packet = {.bytes = frame.bytes, .size = frame.size};

		set_entry(&lab, LAB_LOOPBACK, 0, &entry);
		assert_return_code(lab_run(&lab, PROGRAM_IN, &packet), 0);
		assert_return_code(lab_run(&lab, PROGRAM_IN, &packet), 0);
		lab_assert_balanced(&lab, owner);
	}
	lab_records(&lab, &records);
	assert_int_equal(records.count, SOURCES);
	for (i = 0; i < records.count; i++)
		assert_int_equal(records.record[i].count.packets, 2);
}

/* The half that the control record names, and no other. */
static void counts_into_the_active_half(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_fault_ struct fault fault = {};
	struct half_balance balance;
	_cleanup_lab_ struct lab lab;
	struct frame frame;
	uint32_t half, packets;

	if (!lab_open(&shape, &lab))
		skip();
	frame_build(item.recipe, &frame);
	for (packets = 1; packets <= 4; packets++) {
		const struct lab_packet packet = {.bytes = frame.bytes, .size = frame.size};
		_cleanup_lab_records_ struct lab_records records = {};

		lab_control(&lab, packets & 1, 0);
		assert_return_code(lab_run(&lab, PROGRAM_IN, &packet), 0);
		lab_records(&lab, &records);
		assert_int_equal(records.count, 1);
		assert_int_equal(records.record[0].count.packets, (packets + 1) / 2);
	}
	for (half = 0; half < NA_HALVES; half++) {
		assert_return_code(meter_read_balance(&lab.meter, 0, half, &balance, &fault), 0);
		assert_int_equal(balance.direction[NA_RX].bucket[NA_SEEN].packets, 2);
		assert_int_equal(balance.direction[NA_RX].bucket[NA_ACCOUNTED].packets, 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(has_a_constant_owner_without_a_group), BOTH(finds_the_owner_in_each_way),
		BOTH(counts_nothing_of_other_devices),	    BOTH(tells_devices_apart),
		BOTH(keeps_the_flows_of_owners_apart),	    BOTH(counts_into_the_active_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

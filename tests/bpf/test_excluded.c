/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whitelist: whose packets it excludes, and how long a verdict is kept. */
#define _GNU_SOURCE 1 /* sched_getcpu() */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <sched.h>

#include "cases.h"
#include "flows.h"
#include "variant.h"

#define WORD(GENERATION, INDEX) ((uint32_t)(GENERATION) << 1 | (INDEX))

static struct na_prefix prefix(const char *text)
{
	struct na_prefix ret = {};
	char address[64];
	unsigned int bits;

	assert_int_equal(sscanf(text, "%63[^/]/%u", address, &bits), 2);
	ret.prefixlen = 32 + bits;
	ret.family = htonl(strchr(text, ':') ? 6 : 4);
	assert_int_equal(inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, address, ret.address),
			 1);
	return ret;
}

/* A trie with that prefix, or an empty one, in this place; its descriptor. */
static int install(const struct lab *lab, uint32_t index, const char *text)
{
	int fd = layout_create_trie(8);
	uint32_t value = 1;

	assert_return_code(fd, 0);
	if (text) {
		struct na_prefix key = prefix(text);

		assert_return_code(bpf_map_update_elem(fd, &key, &value, 0), errno);
	}
	assert_return_code(bpf_map_update_elem(lab->meter.maps[MAP_WHITELIST], &index, &fd, 0),
			   errno);
	return fd;
}

static bool open_listed(void **state, struct lab_shape shape, struct lab *ret)
{
	shape.hot = variant(state);
	shape.whitelist = true;
	return lab_open(&shape, ret);
}

/* Of which family it excludes the packet, 0: of none. */
static const struct listed {
	const char *prefix;
	int excludes;
} listed[] = {
	{FRAME_SOURCE4 "/32", 4},
	{FRAME_DESTINATION4 "/32", 4},
	{"8.0.100.0/24", 4},
	{"8.0.0.0/8", 4},
	{"192.0.2.0/31", 4},
	{"0.0.0.0/0", 4},
	{"128.0.0.0/1", 4},
	{"8.0.100.6/32", 0},
	{"192.0.2.2/31", 0},
	{"10.0.0.0/8", 0},
	{FRAME_SOURCE6 "/128", 6},
	{FRAME_DESTINATION6 "/128", 6},
	{"2001:db8:86dd::/48", 6},
	{"2001:db8:2::/127", 6},
	{"2000::/3", 6},
	{"::/0", 6},
	{"2001:db8:2::2/128", 0},
	{"2001:db8:3::/48", 0},
	{"fe80::/10", 0},
	/* the bits of the other family */
	{"::ffff:8.0.100.7/128", 0},
	{"800:6407::/32", 0},
	{"c000:201::/32", 0},
	{"32.1.13.184/32", 0},
};

static const struct packet_case of4 = {"eth ip4 tcp:flags=0x02 data:5", 4, 6, .ports = true,
				       .tcp_flags = 0x02};
static const struct packet_case of6 = {"eth ip6 hop udp data:5", 6, 17, .ports = true};
static const struct packet_case of_none = {"eth ip4:len=99 udp data:5", 0, 0, .ports = false};

static void expect_excluded(const struct lab *lab, enum program program,
			    const struct packet_case *item, bool excluded, const char *prefix_text)
{
	struct lab_booking booking;
	struct lab_packet packet;
	struct frame frame;
	char name[160];

	if (lab->program[program] < 0)
		return;
	frame_build(item->recipe, &frame);
	case_booking(lab, program, item, &frame, &booking);
	if (excluded)
		booking.bucket = NA_EXCLUDED;
	packet = (struct lab_packet){.bytes = frame.bytes, .size = frame.size};
	snprintf(name, sizeof(name), "%s, %s, key %u, with %s", item->recipe, program_name(program),
		 lab->config.key, prefix_text);
	assert_return_code(lab_expect(lab, program, &packet, &booking, name), 0);
}

static void excludes_local_and_remote_addresses(void **state)
{
	struct lab_shape shape = {};
	size_t i;

	for (shape.key = 0; shape.key < NA_KEY_KINDS; shape.key++) {
		_cleanup_lab_ struct lab lab;

		if (!open_listed(state, shape, &lab))
			skip();
		for (i = 0; i < ARRAY_SIZE(listed); i++) {
			const struct listed *item = &listed[i];
			enum program program;

			close(install(&lab, i & 1, item->prefix));
			lab_control(&lab, 0, WORD(i, i & 1));
			for (program = 0; program < PROGRAM_COUNT; program++) {
				expect_excluded(&lab, program, &of4, item->excludes == 4,
						item->prefix);
				expect_excluded(&lab, program, &of6, item->excludes == 6,
						item->prefix);
				expect_excluded(&lab, program, &of_none, false, item->prefix);
			}
		}
		lab_assert_balanced(&lab, 0);
	}
}

/* A meter that was made without one does not look. */
static void excludes_nothing_without_a_whitelist(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;

	if (!lab_open(&shape, &lab))
		skip();
	close(install(&lab, 0, "0.0.0.0/0"));
	expect_excluded(&lab, PROGRAM_IN, &of4, false, "a whitelist that is off");
}

static void assert_total(const struct lab *lab, uint64_t packets)
{
	_cleanup_lab_records_ struct lab_records records = {};
	uint64_t sum = 0;
	size_t i;

	lab_records(lab, &records);
	for (i = 0; i < records.count; i++)
		sum += records.record[i].count.packets;
	assert_int_equal(sum, packets);
	assert_int_equal(records.count, packets != 0);
}

static void keep_and_renew(struct lab *lab, const struct packet_case *item, const char *text)
{
	_cleanup_close_ int first = install(lab, 0, NULL), second = install(lab, 1, text);
	struct na_prefix key = prefix(text);
	uint32_t value = 1;
	struct frame frame;

	frame_build(item->recipe, &frame);
	lab_control(lab, 0, WORD(5, 0));
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_ACCOUNTED);
	/* the trie is not asked again … */
	assert_return_code(bpf_map_update_elem(first, &key, &value, 0), errno);
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_ACCOUNTED);
	/* … before the word changes: the other trie */
	lab_control(lab, 0, WORD(6, 1));
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_EXCLUDED);
	assert_return_code(bpf_map_delete_elem(second, &key), errno);
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_EXCLUDED);
	/* the generation alone */
	lab_control(lab, 0, WORD(7, 1));
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_ACCOUNTED);
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_ACCOUNTED);
	lab_control(lab, 0, WORD(0xfffff, 0));
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_EXCLUDED);
	lab_control(lab, 0, WORD(0x100000, 1));
	assert_int_equal(lab_bucket(lab, PROGRAM_EG, &frame), NA_ACCOUNTED);
	assert_total(lab, 5);
	lab_assert_balanced(lab, 0);
	lab_zero(lab);
}

static void keeps_a_verdict_until_the_whitelist_changes(void **state)
{
	struct lab_shape shape = {};

	lab_stay(sched_getcpu());
	for (shape.key = 0; shape.key < NA_KEY_KINDS; shape.key++) {
		_cleanup_lab_ struct lab lab;

		if (!open_listed(state, shape, &lab))
			skip();
		keep_and_renew(&lab, &of4, "8.0.0.0/8");
		keep_and_renew(&lab, &of6, FRAME_DESTINATION6 "/128");
	}
}

/* A flow of which nothing was counted is no record, whatever its flags. */
static void leaves_no_record_of_excluded_flows(void **state)
{
	struct lab_shape shape = {.key = NA_KEY_FLOW};
	_cleanup_lab_ struct lab lab;
	struct frame frame;

	if (!open_listed(state, shape, &lab))
		skip();
	close(install(&lab, 0, FRAME_SOURCE4 "/32"));
	frame_build(of4.recipe, &frame);
	assert_int_equal(lab_bucket(&lab, PROGRAM_IN, &frame), NA_EXCLUDED);
	assert_int_equal(lab_bucket(&lab, PROGRAM_IN, &frame), NA_EXCLUDED);
	assert_total(&lab, 0);
}

/* One local address, two remote ones of which one is listed. */
static void tells_remotes_of_one_host_apart(void **state)
{
	const enum na_key_kind kinds[] = {NA_KEY_TOTAL, NA_KEY_HOST};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct lab_shape shape = {.key = kinds[i]};
		_cleanup_lab_ struct lab lab;
		struct frame listed_remote, other;
		int j;

		if (!open_listed(state, shape, &lab))
			skip();
		close(install(&lab, 0, FRAME_DESTINATION4 "/32"));
		frame_build("eth ip4 udp data:5", &listed_remote);
		other = listed_remote;
		other.bytes[33] = 9; /* the last byte of the destination */
		for (j = 0; j < 5; j++) {
			assert_int_equal(lab_bucket(&lab, PROGRAM_EG, &listed_remote), NA_EXCLUDED);
			assert_int_equal(lab_bucket(&lab, PROGRAM_EG, &other), NA_ACCOUNTED);
		}
		assert_total(&lab, 5);
	}
}

static void excludes_before_it_overflows(void **state)
{
	const enum na_key_kind kinds[] = {NA_KEY_HOST, NA_KEY_REMOTE, NA_KEY_HOST_PAIR,
					  NA_KEY_FLOW};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct lab_shape shape = {.key = kinds[i]};
		_cleanup_lab_ struct lab lab;
		uint32_t flow, address;
		struct frame frame, excluded;

		if (!open_listed(state, shape, &lab))
			skip();
		close(install(&lab, 0, "10.0.0.0/8"));
		frame_build("eth ip4 udp data:5", &frame);
		for (flow = 0; flow < 5000; flow++) {
			address = htonl(0xcb007100u + flow);
			memcpy(frame.bytes + 26, &address, 4);
			address = htonl(0xc6336400u + flow);
			memcpy(frame.bytes + 30, &address, 4);
			flows_run(&lab, PROGRAM_IN, &frame);
		}
		assert_int_equal(lab_bucket(&lab, PROGRAM_IN, &frame), NA_OVERFLOW);
		excluded = frame;
		excluded.bytes[26] = 10;
		assert_int_equal(lab_bucket(&lab, PROGRAM_IN, &excluded), NA_EXCLUDED);
		assert_int_equal(lab_bucket(&lab, PROGRAM_IN, &frame), NA_OVERFLOW);
		lab_assert_balanced(&lab, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(excludes_local_and_remote_addresses),
		BOTH(excludes_nothing_without_a_whitelist),
		BOTH(keeps_a_verdict_until_the_whitelist_changes),
		BOTH(leaves_no_record_of_excluded_flows),
		BOTH(tells_remotes_of_one_host_apart),
		BOTH(excludes_before_it_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

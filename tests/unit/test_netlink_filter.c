// SPDX-License-Identifier: GPL-2.0-or-later
/* Filters and qdiscs, from messages made by hand. */
#include "test_netlink_message.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

static struct nl_msg *filter_message(const char *kind, uint32_t handle)
{
	struct tcmsg header = {
		.tcm_ifindex = 3,
		.tcm_handle = handle,
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
		.tcm_info = TC_H_MAKE(49152u << 16, htons(ETH_P_ALL)),
	};
	struct nl_msg *message = message_new(RTM_NEWTFILTER, &header, sizeof(header));

	if (kind)
		nla_put_string(message, TCA_KIND, kind);
	nla_put_u32(message, TCA_CHAIN, 5);
	return message;
}

static void put_bpf(struct nl_msg *message, uint32_t flags)
{
	struct nlattr *nest = nla_nest_start(message, TCA_OPTIONS);

	nla_put_string(message, TCA_BPF_NAME, "a \"name\"\033\377");
	nla_put_u32(message, TCA_BPF_ID, 77);
	nla_put(message, TCA_BPF_TAG, 8, "\1\2\3\4\5\6\7\10");
	nla_put_u32(message, TCA_BPF_FLAGS, flags);
	nla_nest_end(message, nest);
}

static int parse_as(parse_function parse, struct nl_msg *message, void *item, size_t size)
{
	const enum filter_side side = FILTER_EGRESS;
	struct nlmsghdr *sealed = message_seal(message);
	int r;

	memset(item, 0, size);
	r = parse(sealed, item, &side);
	free(sealed);
	return r;
}

static int parse(struct nl_msg *message, struct filter *ret)
{
	return parse_as(filter_parse, message, ret, sizeof(*ret));
}

static void test_bpf(void **state)
{
	struct nl_msg *message = filter_message("bpf", 0x1234);
	struct filter filter;

	(void)state;
	put_bpf(message, TCA_BPF_FLAG_ACT_DIRECT);
	assert_int_equal(parse(message, &filter), 1);
	assert_int_equal(filter.side, FILTER_EGRESS);
	assert_int_equal(filter.chain, 5);
	assert_int_equal(filter.priority, 49152);
	assert_int_equal(filter.protocol, ETH_P_ALL);
	assert_int_equal(filter.handle, 0x1234);
	assert_string_equal(filter.kind, "bpf");
	assert_string_equal(filter.name, "a \"name\"\033\377");
	assert_int_equal(filter.prog_id, 77);
	assert_memory_equal(filter.tag, "\1\2\3\4\5\6\7\10", 8);
	assert_true(filter.direct_action);
}

static void test_not_direct(void **state)
{
	struct nl_msg *message = filter_message("bpf", 1);
	struct filter filter;

	(void)state;
	put_bpf(message, 0);
	assert_int_equal(parse(message, &filter), 1);
	assert_false(filter.direct_action);
}

/* The attributes of other kinds have the same numbers and mean other things. */
static void test_other_kinds(void **state)
{
	static const char *const kinds[] = {"u32", "flower", "matchall", "bpf2", ""};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct nl_msg *message = filter_message(kinds[i], 0x80000800);
		struct filter filter;

		put_bpf(message, TCA_BPF_FLAG_ACT_DIRECT);
		assert_int_equal(parse(message, &filter), 1);
		assert_string_equal(filter.kind, kinds[i]);
		assert_int_equal(filter.handle, 0x80000800);
		assert_string_equal(filter.name, "");
		assert_int_equal(filter.prog_id, 0);
		assert_false(filter.direct_action);
	}
}

static void test_priority_as_a_whole_is_no_filter(void **state)
{
	struct filter filter;

	(void)state;
	assert_int_equal(parse(filter_message("bpf", 0), &filter), 0);
}

static void test_classic_bpf_and_bare(void **state)
{
	struct nl_msg *message = filter_message("bpf", 1);
	struct nlattr *nest = nla_nest_start(message, TCA_OPTIONS);
	struct filter filter;

	(void)state;
	nla_put_u16(message, TCA_BPF_OPS_LEN, 2);
	nla_put(message, TCA_BPF_OPS, 16, "0123456789abcdef");
	nla_nest_end(message, nest);
	assert_int_equal(parse(message, &filter), 1);
	assert_int_equal(filter.prog_id, 0);
	assert_int_equal(parse(filter_message(NULL, 1), &filter), 1);
	assert_string_equal(filter.kind, "");
}

static void test_long_strings(void **state)
{
	struct nl_msg *message = filter_message(NULL, 1);
	struct nlattr *nest;
	struct filter filter;
	char text[300];

	(void)state;
	memset(text, 'k', sizeof(text));
	nla_put(message, TCA_KIND, 100, text);
	assert_int_equal(parse(message, &filter), 1);
	assert_int_equal(strlen(filter.kind), sizeof(filter.kind) - 1);
	message = filter_message("bpf", 1);
	nest = nla_nest_start(message, TCA_OPTIONS);
	nla_put(message, TCA_BPF_NAME, sizeof(text), text);
	nla_nest_end(message, nest);
	assert_int_equal(parse(message, &filter), 1);
	assert_int_equal(strlen(filter.name), sizeof(filter.name) - 1);
}

static struct nl_msg *qdisc_message(const char *kind, uint32_t parent)
{
	struct tcmsg header = {
		.tcm_ifindex = 3,
		.tcm_handle = TC_H_MAKE(TC_H_INGRESS, 0),
		.tcm_parent = parent,
	};
	struct nl_msg *message = message_new(RTM_NEWQDISC, &header, sizeof(header));

	nla_put_string(message, TCA_KIND, kind);
	nla_put(message, TCA_OPTIONS, 0, NULL);
	return message;
}

static void test_qdisc(void **state)
{
	struct qdisc qdisc;

	(void)state;
	assert_int_equal(parse_as(qdisc_parse, qdisc_message("clsact", TC_H_INGRESS), &qdisc,
				  sizeof(qdisc)),
			 1);
	assert_int_equal(qdisc.ifindex, 3);
	assert_int_equal(qdisc.kind, QDISC_CLSACT);
	assert_int_equal(parse_as(qdisc_parse, qdisc_message("ingress", TC_H_INGRESS), &qdisc,
				  sizeof(qdisc)),
			 1);
	assert_int_equal(qdisc.kind, QDISC_INGRESS);
	assert_int_equal(
		parse_as(qdisc_parse, qdisc_message("htb", TC_H_ROOT), &qdisc, sizeof(qdisc)), 0);
	assert_int_equal(parse_as(qdisc_parse, qdisc_message("other", TC_H_INGRESS), &qdisc,
				  sizeof(qdisc)),
			 0);
}

/* libnl reads the options of a pfifo without looking whether there are any. */
static void test_qdisc_without_options(void **state)
{
	struct tcmsg header = {.tcm_ifindex = 3, .tcm_parent = TC_H_INGRESS};
	struct nl_msg *message = message_new(RTM_NEWQDISC, &header, sizeof(header));
	struct qdisc qdisc;

	(void)state;
	nla_put_string(message, TCA_KIND, "pfifo");
	assert_int_equal(parse_as(qdisc_parse, message, &qdisc, sizeof(qdisc)), 0);
}

static void test_spoilt(void **state)
{
	const enum filter_side side = FILTER_INGRESS;
	struct nl_msg *filter = filter_message("bpf", 1);
	struct nlmsghdr *message;

	(void)state;
	put_bpf(filter, 1);
	message = message_seal(filter);
	message_spoil(message, filter_parse, &side, sizeof(struct filter));
	free(message);
	message = message_seal(qdisc_message("clsact", TC_H_INGRESS));
	message_spoil(message, qdisc_parse, NULL, sizeof(struct qdisc));
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bpf),
		cmocka_unit_test(test_not_direct),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_priority_as_a_whole_is_no_filter),
		cmocka_unit_test(test_classic_bpf_and_bare),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_qdisc),
		cmocka_unit_test(test_qdisc_without_options),
		cmocka_unit_test(test_spoilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

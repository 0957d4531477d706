// SPDX-License-Identifier: GPL-2.0-or-later
/* Links, from messages made by hand. */
#include "test_netlink_message.h"

#include <linux/if_link.h>

#define ODD_NAME "q\"\\\033[\377\200'"

static struct nl_msg *link_message(const char *name)
{
	struct ifinfomsg header = {.ifi_index = 7, .ifi_type = 1, .ifi_flags = IFF_UP};
	struct nl_msg *message = message_new(RTM_NEWLINK, &header, sizeof(header));

	if (name)
		nla_put_string(message, IFLA_IFNAME, name);
	return message;
}

static int parse(struct nl_msg *message, struct link *ret)
{
	struct nlmsghdr *sealed = message_seal(message);
	int r;

	memset(ret, 0, sizeof(*ret));
	r = link_parse(sealed, ret, NULL);
	free(sealed);
	return r;
}

static struct nl_msg *full_message(void)
{
	struct rtnl_link_stats64 stats = {
		.rx_packets = 1ull << 40, .tx_packets = 2, .rx_bytes = 3ull << 50, .tx_bytes = 4};
	struct nl_msg *message = link_message(ODD_NAME);
	struct nlattr *nest;

	nla_put_string(message, IFLA_IFALIAS, "two\nlines");
	nla_put(message, IFLA_ADDRESS, 6, "\2\0\0\0\0\1");
	nla_put_u8(message, IFLA_OPERSTATE, 6);
	nla_put_u32(message, IFLA_MTU, 1500);
	nla_put_u32(message, IFLA_LINK, 9);
	nla_put_s32(message, IFLA_LINK_NETNSID, 3);
	nla_put_u32(message, IFLA_MASTER, 4);
	nest = nla_nest_start(message, IFLA_LINKINFO);
	nla_put_string(message, IFLA_INFO_KIND, "veth");
	nla_nest_end(message, nest);
	nla_put(message, IFLA_STATS64, sizeof(stats), &stats);
	nest = nla_nest_start(message, IFLA_XDP | NLA_F_NESTED);
	nla_put_u8(message, IFLA_XDP_ATTACHED, XDP_ATTACHED_MULTI);
	nla_put_u32(message, IFLA_XDP_DRV_PROG_ID, 11);
	nla_put_u32(message, IFLA_XDP_SKB_PROG_ID, 12);
	nla_put_u32(message, IFLA_XDP_HW_PROG_ID, 13);
	nla_nest_end(message, nest);
	return message;
}

static void test_everything(void **state)
{
	struct link link;

	(void)state;
	assert_int_equal(parse(full_message(), &link), 1);
	assert_int_equal(link.ifindex, 7);
	assert_int_equal(link.arphrd, 1);
	assert_int_equal(link.flags, IFF_UP);
	assert_string_equal(link.name, ODD_NAME);
	assert_string_equal(link.alias, "two\nlines");
	assert_string_equal(link.kind, "veth");
	assert_int_equal(link.lower, 9);
	assert_int_equal(link.lower_netnsid, 3);
	assert_int_equal(link.master, 4);
	assert_int_equal(link.mtu, 1500);
	assert_string_equal(link_operstate(link.operstate), "up");
	assert_int_equal(link.address_len, 6);
	assert_memory_equal(link.address, "\2\0\0\0\0\1", 6);
	assert_int_equal(link.counters.rx_packets, 1ull << 40);
	assert_int_equal(link.counters.tx_packets, 2);
	assert_int_equal(link.counters.rx_bytes, 3ull << 50);
	assert_int_equal(link.counters.tx_bytes, 4);
	assert_int_equal(link.xdp.native, 11);
	assert_int_equal(link.xdp.generic, 12);
	assert_int_equal(link.xdp.offload, 13);
}

static void test_nothing_but_a_name(void **state)
{
	struct link link;

	(void)state;
	assert_int_equal(parse(link_message("eth0"), &link), 1);
	assert_int_equal(link.lower_netnsid, -1);
	assert_int_equal(link.lower, 0);
	assert_string_equal(link.kind, "");
	assert_string_equal(link.alias, "");
	assert_string_equal(link_operstate(link.operstate), "unknown");
	assert_int_equal(link.xdp.native, 0);
}

static void test_single_xdp_mode(void **state)
{
	static const uint8_t modes[] = {XDP_ATTACHED_DRV, XDP_ATTACHED_SKB, XDP_ATTACHED_HW,
					XDP_ATTACHED_NONE, 200};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct nl_msg *message = link_message("eth0");
		struct nlattr *nest = nla_nest_start(message, IFLA_XDP);
		struct link link;

		nla_put_u8(message, IFLA_XDP_ATTACHED, modes[i]);
		nla_put_u32(message, IFLA_XDP_PROG_ID, 42);
		nla_nest_end(message, nest);
		assert_int_equal(parse(message, &link), 1);
		assert_int_equal(link.xdp.native, i == 0 ? 42 : 0);
		assert_int_equal(link.xdp.generic, i == 1 ? 42 : 0);
		assert_int_equal(link.xdp.offload, i == 2 ? 42 : 0);
	}
}

static void test_unterminated_and_too_long(void **state)
{
	struct nl_msg *message = link_message(NULL);
	char long_text[400];
	struct link link;

	(void)state;
	memset(long_text, 'n', sizeof(long_text));
	nla_put(message, IFLA_IFNAME, 40, long_text);
	nla_put(message, IFLA_IFALIAS, sizeof(long_text), long_text);
	nla_put(message, IFLA_ADDRESS, 300, long_text);
	assert_int_equal(parse(message, &link), 1);
	assert_int_equal(strlen(link.name), IFNAMSIZ - 1);
	assert_int_equal(strlen(link.alias), sizeof(link.alias) - 1);
	assert_int_equal(link.address_len, sizeof(link.address));
}

static void test_short_attributes(void **state)
{
	struct nl_msg *message = link_message("eth0");
	uint64_t packets = 5;
	struct link link;

	(void)state;
	nla_put(message, IFLA_MTU, 2, "\1\1");
	nla_put(message, IFLA_LINK_NETNSID, 3, "\1\1\1");
	nla_put(message, IFLA_OPERSTATE, 0, NULL);
	nla_put(message, IFLA_STATS64, sizeof(packets), &packets);
	assert_int_equal(parse(message, &link), 1);
	assert_int_equal(link.mtu, 0);
	assert_int_equal(link.lower_netnsid, -1);
	assert_int_equal(link.counters.rx_packets, 5);
	assert_int_equal(link.counters.tx_bytes, 0);
}

static void test_refused(void **state)
{
	struct ifinfomsg none = {.ifi_index = 0};
	struct nl_msg *message;
	struct link link;

	(void)state;
	assert_int_equal(parse(link_message(NULL), &link), -EBADMSG);
	message = message_new(RTM_NEWLINK, &none, sizeof(none));
	nla_put_string(message, IFLA_IFNAME, "eth0");
	assert_int_equal(parse(message, &link), -EBADMSG);
	assert_int_equal(parse(message_new(RTM_NEWLINK, &none, 8), &link), -EBADMSG);
	assert_int_equal(parse(message_new(RTM_NEWADDR, &none, sizeof(none)), &link), 0);
}

static void test_spoilt(void **state)
{
	struct nlmsghdr *message = message_seal(full_message());

	(void)state;
	message_spoil(message, link_parse, NULL, sizeof(struct link));
	free(message);
}

static void test_operstate_words(void **state)
{
	(void)state;
	assert_string_equal(link_operstate(2), "down");
	assert_string_equal(link_operstate(3), "lowerlayerdown");
	assert_string_equal(link_operstate(5), "dormant");
	assert_string_equal(link_operstate(7), "unknown");
	assert_string_equal(link_operstate(255), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_nothing_but_a_name),
		cmocka_unit_test(test_single_xdp_mode),
		cmocka_unit_test(test_unterminated_and_too_long),
		cmocka_unit_test(test_short_attributes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_spoilt),
		cmocka_unit_test(test_operstate_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

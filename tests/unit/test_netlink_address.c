// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses and routes, from messages made by hand. */
#include "test_netlink_message.h"

static struct nl_msg *address_message(uint8_t family, uint8_t prefixlen)
{
	struct ifaddrmsg header = {
		.ifa_family = family, .ifa_prefixlen = prefixlen, .ifa_index = 8};

	return message_new(RTM_NEWADDR, &header, sizeof(header));
}

static int parse(parse_function parse_one, struct nl_msg *message, void *item, size_t size,
		 const void *context)
{
	struct nlmsghdr *sealed = message_seal(message);
	int r;

	memset(item, 0, size);
	r = parse_one(sealed, item, context);
	free(sealed);
	return r;
}

static int parse_address(struct nl_msg *message, struct address *ret)
{
	return parse(address_parse, message, ret, sizeof(*ret), NULL);
}

/* On a point-to-point link IFA_ADDRESS is the other end's. */
static void test_local_of_point_to_point(void **state)
{
	struct nl_msg *message = address_message(AF_INET, 32);
	struct address address;

	(void)state;
	nla_put(message, IFA_ADDRESS, 4, "\12\0\0\2");
	nla_put(message, IFA_LOCAL, 4, "\12\0\0\1");
	nla_put_string(message, IFA_LABEL, "q\"\033");
	assert_int_equal(parse_address(message, &address), 1);
	assert_int_equal(address.ifindex, 8);
	assert_int_equal(address.family, AF_INET);
	assert_int_equal(address.prefixlen, 32);
	assert_memory_equal(address.bytes, "\12\0\0\1", 4);
}

static void test_ipv6_without_local(void **state)
{
	struct nl_msg *message = address_message(AF_INET6, 64);
	struct address address;

	(void)state;
	nla_put(message, IFA_ADDRESS, 16, "\376\200\0\0\0\0\0\0\1\2\3\4\5\6\7\10");
	assert_int_equal(parse_address(message, &address), 1);
	assert_int_equal(address.prefixlen, 64);
	assert_memory_equal(address.bytes, "\376\200\0\0\0\0\0\0\1\2\3\4\5\6\7\10", 16);
}

static void test_address_refused(void **state)
{
	struct nl_msg *message = address_message(AF_INET, 24);
	struct address address;

	(void)state;
	nla_put(message, IFA_LOCAL, 16, "0123456789abcdef");
	assert_int_equal(parse_address(message, &address), -EBADMSG);
	assert_int_equal(parse_address(address_message(AF_INET6, 64), &address), -EBADMSG);
	/* The kernel does not tell 0.0.0.0. */
	assert_int_equal(parse_address(address_message(AF_INET, 24), &address), 1);
	assert_memory_equal(address.bytes, "\0\0\0\0", 4);
	assert_int_equal(parse_address(address_message(AF_PACKET, 0), &address), 0);
}

static struct nl_msg *route_message(struct rtmsg header, uint32_t table)
{
	struct nl_msg *message = message_new(RTM_NEWROUTE, &header, sizeof(header));

	nla_put_u32(message, RTA_TABLE, table);
	nla_put_u32(message, RTA_PRIORITY, 600);
	nla_put_u32(message, RTA_OIF, 2);
	return message;
}

static int parse_route(struct nl_msg *message, struct route *ret)
{
	const uint8_t family = AF_INET;

	return parse(route_parse, message, ret, sizeof(*ret), &family);
}

static void test_default_route(void **state)
{
	const struct rtmsg good = {.rtm_family = AF_INET, .rtm_type = RTN_UNICAST};
	struct rtmsg header = good;
	struct route route;

	(void)state;
	assert_int_equal(parse_route(route_message(header, RT_TABLE_MAIN), &route), 1);
	assert_int_equal(route.ifindex, 2);
	assert_int_equal(route.metric, 600);
	assert_int_equal(parse_route(route_message(header, 51820), &route), 0);
	header.rtm_dst_len = 8;
	assert_int_equal(parse_route(route_message(header, RT_TABLE_MAIN), &route), 0);
	header = good;
	header.rtm_type = RTN_UNREACHABLE;
	assert_int_equal(parse_route(route_message(header, RT_TABLE_MAIN), &route), 0);
	header = good;
	header.rtm_flags = RTNH_F_DEAD;
	assert_int_equal(parse_route(route_message(header, RT_TABLE_MAIN), &route), 0);
	header = good;
	header.rtm_family = AF_INET6;
	assert_int_equal(parse_route(route_message(header, RT_TABLE_MAIN), &route), 0);
}

static struct nl_msg *multipath_message(const struct rtnexthop *hops, size_t size)
{
	struct rtmsg header = {
		.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *message = message_new(RTM_NEWROUTE, &header, sizeof(header));

	nla_put(message, RTA_MULTIPATH, (int)size, hops);
	return message;
}

static void test_multipath(void **state)
{
	struct rtnexthop hops[] = {
		{.rtnh_len = sizeof(hops[0]), .rtnh_flags = RTNH_F_DEAD, .rtnh_ifindex = 4},
		{.rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 5},
	};
	struct route route;

	(void)state;
	assert_int_equal(parse_route(multipath_message(hops, sizeof(hops)), &route), 1);
	assert_int_equal(route.ifindex, 5);
	hops[0].rtnh_len = 0; /* would never end */
	assert_int_equal(parse_route(multipath_message(hops, sizeof(hops)), &route), 0);
	hops[0].rtnh_len = 0xffff;
	assert_int_equal(parse_route(multipath_message(hops, sizeof(hops)), &route), 0);
}

static void test_spoilt(void **state)
{
	const struct rtnexthop hops[2] = {{.rtnh_len = sizeof(hops[0])}};
	struct nl_msg *address = address_message(AF_INET, 24);
	const uint8_t family = AF_INET;
	struct nlmsghdr *message;

	(void)state;
	nla_put(address, IFA_ADDRESS, 4, "\12\0\0\2");
	nla_put(address, IFA_LOCAL, 4, "\12\0\0\1");
	nla_put_string(address, IFA_LABEL, "eth0");
	message = message_seal(address);
	message_spoil(message, address_parse, NULL, sizeof(struct address));
	free(message);
	message = message_seal(multipath_message(hops, sizeof(hops)));
	message_spoil(message, route_parse, &family, sizeof(struct route));
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_of_point_to_point),
		cmocka_unit_test(test_ipv6_without_local),
		cmocka_unit_test(test_address_refused),
		cmocka_unit_test(test_default_route),
		cmocka_unit_test(test_multipath),
		cmocka_unit_test(test_spoilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

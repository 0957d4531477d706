// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare(), setns() */
/* Links, addresses, the default route and XDP, against the running kernel. */
#include "test_netlink_world.h"

#include <fcntl.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/time.h>

#define PAIRS 150

static void change_link(struct world *world, uint32_t ifindex, uint32_t flags, const char *alias)
{
	struct ifinfomsg header = {
		.ifi_index = (int)ifindex, .ifi_flags = flags, .ifi_change = IFF_UP};
	struct nl_msg *request = message_new(RTM_SETLINK, &header, sizeof(header));

	if (alias)
		nla_put_string(request, IFLA_IFALIAS, alias);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void test_link(void **state)
{
	struct world *world = *state;
	struct link link, again;

	change_link(world, world->here, IFF_UP, "two\nlines\033\377");
	assert_int_equal(link_by_name(world->nl, ODD_NAME, &link, &world->err), 0);
	assert_string_equal(link.name, ODD_NAME);
	assert_string_equal(link.alias, "two\nlines\033\377");
	assert_string_equal(link.kind, "veth");
	assert_int_equal(link.lower, world->there);
	assert_int_equal(link.lower_netnsid, -1);
	assert_int_equal(link.arphrd, 1);
	assert_int_equal(link.mtu, 1500);
	assert_int_equal(link.address_len, 6);
	assert_true(link.flags & IFF_UP);
	assert_int_equal(link_by_index(world->nl, world->here, &again, &world->err), 0);
	assert_string_equal(again.name, link.name);
}

static void test_link_unknown(void **state)
{
	static const char *const names[] = {"nope", "", "a-name-that-is-longer-than-any"};
	struct world *world = *state;
	struct link link;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(link_by_name(world->nl, names[i], &link, &world->err), -ENODEV);
	assert_int_equal(link_by_index(world->nl, 0, &link, &world->err), -ENODEV);
	assert_int_equal(link_by_index(world->nl, 99999, &link, &world->err), -ENODEV);
	assert_int_equal(link_by_index(world->nl, UINT32_MAX, &link, &world->err), -ENODEV);
}

static void test_lower_in_another_namespace(void **state)
{
	struct world *world = *state;
	struct ifinfomsg header = {0};
	struct nl_msg *request;
	struct link link;
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(home >= 0);
	add_pair(world, "stays", "leaves");
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	assert_int_equal(link_by_name(world->nl, "leaves", &link, &world->err), 0);
	header.ifi_index = (int)link.ifindex;
	request = message_new(RTM_SETLINK, &header, sizeof(header));
	nla_put_u32(request, IFLA_NET_NS_PID, (uint32_t)syscall(SYS_gettid));
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
	assert_int_equal(link_by_name(world->nl, "stays", &link, &world->err), 0);
	assert_true(link.lower_netnsid >= 0);
	assert_true(link.lower > 0);
	assert_int_equal(setns(home, CLONE_NEWNET), 0);
	close(home);
}

static void ignore_signal(int number)
{
	(void)number;
}

/* More than fits into one datagram, with a signal every millisecond. */
static void test_many_links(void **state)
{
	const struct sigaction action = {.sa_handler = ignore_signal};
	const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {0};
	struct world *world = *state;
	size_t count, i;
	int rounds;

	for (i = 0; i < PAIRS; i++) {
		char name[IFNAMSIZ], peer[IFNAMSIZ];

		snprintf(name, sizeof(name), "a%zu", i);
		snprintf(peer, sizeof(peer), "b%zu", i);
		add_pair(world, name, peer);
	}
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	for (rounds = 0; rounds < 20; rounds++) {
		_cleanup_free_ struct link *links = NULL;

		assert_int_equal(link_list(world->nl, true, &links, &count, &world->err), 0);
		assert_true(count >= 2 * PAIRS + 3);
		for (i = 1; i < count; i++)
			assert_true(links[i - 1].ifindex < links[i].ifindex);
	}
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
}

/* A datagram to itself, that nobody waits for. */
static void send_over_loopback(struct world *world)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	change_link(world, 1, IFF_UP, NULL);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
	close(fd);
}

static void test_link_counters(void **state)
{
	struct world *world = *state;
	struct link *with, *perhaps;
	size_t count, again;

	send_over_loopback(world);
	assert_int_equal(link_list(world->nl, true, &with, &count, &world->err), 0);
	assert_int_equal(link_list(world->nl, false, &perhaps, &again, &world->err), 0);
	assert_int_equal(count, again);
	assert_string_equal(with[0].name, "lo");
	assert_string_equal(perhaps[0].name, "lo");
	assert_int_not_equal(with[0].counters.tx_bytes, 0);
	free(with);
	free(perhaps);
}

static void put_address(struct world *world, uint32_t ifindex, const char *bytes)
{
	struct ifaddrmsg header = {
		.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = ifindex};
	struct nl_msg *request = message_new(RTM_NEWADDR, &header, sizeof(header));

	nlmsg_hdr(request)->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	nla_put(request, IFA_LOCAL, 4, bytes);
	nla_put(request, IFA_ADDRESS, 4, bytes);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void put_default(struct world *world, uint32_t ifindex, uint32_t metric)
{
	struct rtmsg header = {
		.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *request = message_new(RTM_NEWROUTE, &header, sizeof(header));

	nlmsg_hdr(request)->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	nla_put_u32(request, RTA_OIF, ifindex);
	nla_put_u32(request, RTA_PRIORITY, metric);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void test_address_and_default_route(void **state)
{
	struct world *world = *state;
	_cleanup_free_ struct address *addresses = NULL;
	uint32_t ifindex = 4242;
	size_t count, i, found = 0;

	assert_int_equal(route_default(world->nl, &ifindex, &world->err), -ENOENT);
	assert_int_equal(ifindex, 4242);
	change_link(world, world->here, IFF_UP, NULL);
	change_link(world, world->there, IFF_UP, NULL);
	put_address(world, world->here, "\12\1\2\3");
	assert_int_equal(address_list(world->nl, &addresses, &count, &world->err), 0);
	for (i = 0; i < count; i++)
		if (addresses[i].ifindex == world->here && addresses[i].family == AF_INET &&
		    addresses[i].prefixlen == 24 && !memcmp(addresses[i].bytes, "\12\1\2\3", 4))
			found++;
	assert_int_equal(found, 1);
	put_default(world, world->here, 200);
	put_default(world, world->there, 100);
	assert_int_equal(route_default(world->nl, &ifindex, &world->err), 0);
	assert_int_equal(ifindex, world->there);
}

static void expect_xdp(struct world *world, int native, int generic)
{
	struct link link;

	assert_int_equal(link_by_index(world->nl, world->here, &link, &world->err), 0);
	assert_int_equal(link.xdp.native, native < 0 ? 0 : program_id(native));
	assert_int_equal(link.xdp.generic, generic < 0 ? 0 : program_id(generic));
}

static int swap(struct world *world, int fd, int expected_fd, enum xdp_mode mode)
{
	return xdp_replace(world->nl, world->here, fd, expected_fd, mode, &world->err);
}

static void try_xdp(struct world *world, enum xdp_mode mode)
{
	enum xdp_mode other = mode == XDP_MODE_NATIVE ? XDP_MODE_GENERIC : XDP_MODE_NATIVE;
	bool native = mode == XDP_MODE_NATIVE;
	int r;

	assert_int_equal(xdp_attach(world->nl, world->here, world->xdp, mode, &world->err), 0);
	expect_xdp(world, native ? world->xdp : -1, native ? -1 : world->xdp);
	r = xdp_attach(world->nl, world->here, world->other_xdp, mode, &world->err);
	assert_true(r == -EBUSY || r == -EEXIST);
	assert_string_not_equal(world->err.text, "");
	/* In place of another program, or in the wrong mode: nothing happens. */
	assert_true(swap(world, world->other_xdp, world->other_xdp, mode) < 0);
	assert_true(swap(world, -1, world->other_xdp, mode) < 0);
	assert_true(swap(world, -1, world->xdp, other) < 0);
	assert_int_equal(swap(world, world->other_xdp, -1, mode), -EBADF);
	expect_xdp(world, native ? world->xdp : -1, native ? -1 : world->xdp);
	assert_int_equal(swap(world, world->other_xdp, world->xdp, mode), 0);
	expect_xdp(world, native ? world->other_xdp : -1, native ? -1 : world->other_xdp);
	assert_int_equal(swap(world, -1, world->other_xdp, mode), 0);
	expect_xdp(world, -1, -1);
}

static void test_xdp(void **state)
{
	struct world *world = *state;

	try_xdp(world, XDP_MODE_NATIVE);
	try_xdp(world, XDP_MODE_GENERIC);
	assert_int_equal(xdp_attach(world->nl, world->here, -1, XDP_MODE_NATIVE, &world->err),
			 -EBADF);
	assert_int_equal(xdp_attach(world->nl, 99999, world->xdp, XDP_MODE_NATIVE, &world->err),
			 -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_unknown),
		cmocka_unit_test(test_link_counters),
		cmocka_unit_test(test_xdp),
		cmocka_unit_test(test_address_and_default_route),
		cmocka_unit_test(test_lower_in_another_namespace),
		cmocka_unit_test(test_many_links),
	};

	return run_in_world(tests, ARRAY_SIZE(tests));
}

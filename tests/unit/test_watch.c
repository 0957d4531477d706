// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare(), setns() */
/* What a watch hears, from the running kernel. */
#include "test_netlink_world.h"

#include <fcntl.h>
#include <poll.h>

static bool readable(const struct rtnl_watch *watch)
{
	struct pollfd descriptor = {.fd = rtnl_watch_fd(watch), .events = POLLIN};

	return poll(&descriptor, 1, 0) > 0;
}

static struct rtnl_watch *watch_open(struct world *world)
{
	struct rtnl_watch *watch = NULL;

	assert_int_equal(rtnl_watch_open(&watch, &world->err), 0);
	assert_false(readable(watch));
	assert_false(rtnl_watch_happened(watch));
	return watch;
}

static void delete_link(struct world *world, const char *name)
{
	struct ifinfomsg header = {0};
	struct nl_msg *request;
	struct link link;

	assert_int_equal(link_by_name(world->nl, name, &link, &world->err), 0);
	header.ifi_index = (int)link.ifindex;
	request = message_new(RTM_DELLINK, &header, sizeof(header));
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void expect_event(struct rtnl_watch *watch)
{
	assert_true(readable(watch));
	assert_true(rtnl_watch_happened(watch));
	assert_false(readable(watch));
	assert_false(rtnl_watch_happened(watch));
}

static void test_comes_and_goes(void **state)
{
	struct world *world = *state;
	struct rtnl_watch *watch = watch_open(world);

	add_pair(world, "comes", "along");
	expect_event(watch);
	delete_link(world, "comes");
	expect_event(watch);
	rtnl_watch_close(watch);
}

/* More is told than the socket holds. */
static void test_what_is_lost_has_happened(void **state)
{
	struct world *world = *state;
	struct rtnl_watch *watch = watch_open(world);
	const int size = 1;

	assert_int_equal(
		setsockopt(rtnl_watch_fd(watch), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	for (int i = 0; i < 20; i++) {
		add_pair(world, "comes", "along");
		delete_link(world, "comes");
	}
	expect_event(watch);
	rtnl_watch_close(watch);
}

/* The socket stays where it was opened, wherever the thread goes. */
static void test_hears_its_own_namespace_alone(void **state)
{
	struct world *world = *state;
	struct rtnl_watch *here = watch_open(world), *there;
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct world other = {0};
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(home >= 0);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	assert_int_equal(rtnl_open(&nl, &world->err), 0);
	other.nl = nl;
	there = watch_open(&other);
	add_pair(&other, "comes", "along");
	assert_false(rtnl_watch_happened(here));
	expect_event(there);
	add_pair(world, "comes", "along");
	expect_event(here);
	assert_false(rtnl_watch_happened(there));
	delete_link(world, "comes");
	rtnl_watch_close(here);
	rtnl_watch_close(there);
	assert_int_equal(setns(home, CLONE_NEWNET), 0);
	close(home);
}

static void test_closes_nothing(void **state)
{
	(void)state;
	rtnl_watch_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_and_goes),
		cmocka_unit_test(test_what_is_lost_has_happened),
		cmocka_unit_test(test_hears_its_own_namespace_alone),
		cmocka_unit_test(test_closes_nothing),
	};

	return run_in_world(tests, ARRAY_SIZE(tests));
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1 /* unshare(), setns() */
/* Qdiscs and filters, against the running kernel. */
#include "test_netlink_world.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

#define PRIORITY 100
#define HANDLE 0x6e61

/* Between tests: whatever the last one left on the pair goes with its qdisc. */
static int clear(void **state)
{
	struct world *world = *state;

	(void)clsact_delete(world->nl, world->here, &world->err);
	return 0;
}

static enum ingress_qdisc kind_of(struct world *world)
{
	enum ingress_qdisc kind;

	assert_int_equal(qdisc_query(world->nl, world->here, &kind, &world->err), 0);
	return kind;
}

static void test_clsact(void **state)
{
	struct world *world = *state;
	_cleanup_free_ struct qdisc *qdiscs = NULL;
	size_t count;

	assert_int_equal(kind_of(world), QDISC_NONE);
	assert_int_equal(clsact_add(world->nl, world->here, &world->err), 0);
	assert_int_equal(kind_of(world), QDISC_CLSACT);
	assert_int_equal(qdisc_list(world->nl, &qdiscs, &count, &world->err), 0);
	assert_int_equal(count, 1);
	assert_int_equal(qdiscs[0].ifindex, world->here);
	assert_int_equal(clsact_add(world->nl, world->here, &world->err), -EEXIST);
	assert_string_equal(world->err.text, "Exclusivity flag on, cannot modify");
	assert_int_equal(clsact_delete(world->nl, world->here, &world->err), 0);
	assert_string_equal(world->err.text, "");
	assert_int_equal(kind_of(world), QDISC_NONE);
	assert_true(clsact_delete(world->nl, world->here, &world->err) < 0);
	assert_int_equal(clsact_add(world->nl, 99999, &world->err), -ENODEV);
}

static int set(struct world *world, uint32_t handle, bool replace)
{
	return filter_set(world->nl, world->here, FILTER_EGRESS, PRIORITY, handle, world->cls,
			  "name \"\033\377", replace, &world->err);
}

static size_t filters(struct world *world, enum filter_side side, struct filter *ret, size_t room)
{
	_cleanup_free_ struct filter *found = NULL;
	size_t count;

	assert_int_equal(filter_list(world->nl, world->here, side, &found, &count, &world->err), 0);
	assert_true(count <= room);
	memset(ret, 0, room * sizeof(*ret));
	if (count > 0)
		memcpy(ret, found, count * sizeof(*ret));
	return count;
}

static void test_filter(void **state)
{
	struct world *world = *state;
	struct filter found[4];

	assert_int_equal(clsact_add(world->nl, world->here, &world->err), 0);
	assert_int_equal(set(world, HANDLE, false), 0);
	assert_int_equal(filters(world, FILTER_INGRESS, found, 4), 0);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 1);
	assert_int_equal(found[0].priority, PRIORITY);
	assert_int_equal(found[0].handle, HANDLE);
	assert_int_equal(found[0].protocol, ETH_P_ALL);
	assert_int_equal(found[0].chain, 0);
	assert_string_equal(found[0].kind, "bpf");
	assert_string_equal(found[0].name, "name \"\033\377");
	assert_int_equal(found[0].prog_id, program_id(world->cls));
	assert_true(found[0].direct_action);
	assert_int_equal(set(world, HANDLE, false), -EEXIST);
	assert_string_equal(world->err.text, "Filter already exists");
	assert_int_equal(set(world, HANDLE, true), 0);
	assert_int_equal(set(world, HANDLE + 1, true), -ENOENT);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 1);
}

static int del(struct world *world, uint16_t priority, uint32_t handle)
{
	return filter_delete(world->nl, world->here, FILTER_EGRESS, priority, handle, &world->err);
}

static void test_filter_delete(void **state)
{
	struct world *world = *state;
	struct filter found[4];

	assert_int_equal(del(world, PRIORITY, HANDLE), -ENOENT); /* no qdisc */
	assert_int_equal(set(world, HANDLE, true), -ENOENT);
	assert_int_equal(clsact_add(world->nl, world->here, &world->err), 0);
	assert_int_equal(del(world, PRIORITY, HANDLE), -ENOENT); /* no chain */
	assert_int_equal(set(world, HANDLE, false), 0);
	assert_int_equal(set(world, HANDLE + 1, false), 0);
	/* 0 would take everybody's. */
	assert_int_equal(del(world, PRIORITY, 0), -EINVAL);
	assert_int_equal(del(world, 0, HANDLE), -EINVAL);
	assert_int_equal(del(world, PRIORITY, HANDLE + 2), -ENOENT);
	assert_int_equal(del(world, PRIORITY + 1, HANDLE), -ENOENT);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 2);
	assert_int_equal(del(world, PRIORITY, HANDLE), 0);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 1);
	assert_int_equal(found[0].handle, HANDLE + 1);
}

static void test_failed_filter_leaves_nothing(void **state)
{
	struct world *world = *state;
	struct filter found[4];

	assert_int_equal(clsact_add(world->nl, world->here, &world->err), 0);
	assert_true(filter_set(world->nl, world->here, FILTER_EGRESS, PRIORITY, HANDLE, world->xdp,
			       "wrong type", false, &world->err) < 0);
	assert_int_equal(filter_set(world->nl, world->here, FILTER_EGRESS, PRIORITY, HANDLE, -1,
				    "no program", false, &world->err),
			 -EBADF);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 0);
	assert_int_equal(set(world, HANDLE, false), 0);
}

/* Of another protocol, and not direct-action. */
static void put_other(struct world *world, uint16_t priority, uint32_t chain)
{
	struct tcmsg header = {
		.tcm_ifindex = (int)world->here,
		.tcm_handle = 1,
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
		.tcm_info = TC_H_MAKE((uint32_t)priority << 16, htons(ETH_P_IP)),
	};
	struct nl_msg *request = message_new(RTM_NEWTFILTER, &header, sizeof(header));
	struct nlattr *nest;

	nlmsg_hdr(request)->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	nla_put_u32(request, TCA_CHAIN, chain);
	nla_put_string(request, TCA_KIND, "bpf");
	nest = nla_nest_start(request, TCA_OPTIONS);
	nla_put_u32(request, TCA_BPF_FD, (uint32_t)world->cls);
	nla_put_string(request, TCA_BPF_NAME, "other");
	nla_nest_end(request, nest);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void test_order_and_other_protocols(void **state)
{
	struct world *world = *state;
	struct filter found[8];

	assert_int_equal(clsact_add(world->nl, world->here, &world->err), 0);
	put_other(world, 7, 3);
	put_other(world, 300, 0);
	put_other(world, 50, 0);
	assert_int_equal(set(world, 1, false), 0);
	assert_int_equal(set(world, 2, false), 0);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 8), 5);
	assert_int_equal(found[0].priority, 50);
	assert_int_equal(found[0].protocol, ETH_P_IP);
	assert_false(found[0].direct_action);
	assert_int_equal(found[1].handle, 2); /* cls_bpf runs the newest first */
	assert_int_equal(found[2].handle, 1);
	assert_int_equal(found[3].priority, 300);
	assert_int_equal(found[4].chain, 3);
	/* Not ours, though priority and handle fit. */
	assert_int_equal(del(world, 50, 1), -ENOENT);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 8), 5);
}

static void change_ingress(struct world *world, int type, uint32_t block)
{
	struct tcmsg header = {
		.tcm_ifindex = (int)world->here,
		.tcm_handle = TC_H_MAKE(TC_H_INGRESS, 0),
		.tcm_parent = TC_H_INGRESS,
	};
	struct nl_msg *request = message_new(type, &header, sizeof(header));

	nlmsg_hdr(request)->nlmsg_flags = type == RTM_NEWQDISC ? NLM_F_CREATE | NLM_F_EXCL : 0;
	nla_put_string(request, TCA_KIND, "ingress");
	if (block)
		nla_put_u32(request, TCA_INGRESS_BLOCK, block);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

/* The kernel takes an egress filter on it, runs it on ingress, and tells it on both sides. */
static void test_ingress_qdisc(void **state)
{
	struct world *world = *state;
	struct filter found[4];

	change_ingress(world, RTM_NEWQDISC, 0);
	assert_int_equal(kind_of(world), QDISC_INGRESS);
	assert_int_equal(clsact_add(world->nl, world->here, &world->err), -EEXIST);
	assert_int_equal(set(world, HANDLE, false), 0);
	assert_int_equal(filters(world, FILTER_EGRESS, found, 4), 0);
	assert_int_equal(filters(world, FILTER_INGRESS, found, 4), 1);
	assert_true(clsact_delete(world->nl, world->here, &world->err) < 0);
	assert_int_equal(kind_of(world), QDISC_INGRESS);
	change_ingress(world, RTM_DELQDISC, 0);
}

static void put_block_filter(struct world *world, uint32_t block)
{
	struct tcmsg header = {
		.tcm_ifindex = (int)TCM_IFINDEX_MAGIC_BLOCK,
		.tcm_parent = block,
		.tcm_handle = 1,
		.tcm_info = TC_H_MAKE(9u << 16, htons(ETH_P_ALL)),
	};
	struct nl_msg *request = message_new(RTM_NEWTFILTER, &header, sizeof(header));
	struct nlattr *nest;

	nlmsg_hdr(request)->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	nla_put_string(request, TCA_KIND, "bpf");
	nest = nla_nest_start(request, TCA_OPTIONS);
	nla_put_u32(request, TCA_BPF_FD, (uint32_t)world->cls);
	nla_put_string(request, TCA_BPF_NAME, "shared");
	nla_nest_end(request, nest);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static void test_shared_block(void **state)
{
	struct world *world = *state;
	struct filter found[4];

	change_ingress(world, RTM_NEWQDISC, 22);
	put_block_filter(world, 22);
	assert_int_equal(filters(world, FILTER_INGRESS, found, 4), 1);
	assert_int_equal(found[0].priority, 9);
	assert_string_equal(found[0].name, "shared");
	assert_int_equal(found[0].side, FILTER_INGRESS);
	change_ingress(world, RTM_DELQDISC, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_clsact, clear),
		cmocka_unit_test_teardown(test_filter, clear),
		cmocka_unit_test_teardown(test_filter_delete, clear),
		cmocka_unit_test_teardown(test_failed_filter_leaves_nothing, clear),
		cmocka_unit_test_teardown(test_order_and_other_protocols, clear),
		cmocka_unit_test(test_ingress_qdisc),
		cmocka_unit_test(test_shared_block),
	};

	return run_in_world(tests, ARRAY_SIZE(tests));
}

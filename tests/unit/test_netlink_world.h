/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network namespace of the test's own, with a veth pair and three programs
 * of two instructions. What needs it is skipped where there can be none.
 */
#ifndef TEST_NETLINK_WORLD_H
#define TEST_NETLINK_WORLD_H

#include "test_netlink_message.h"

#include <linux/bpf.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <sched.h>
#include <sys/syscall.h>

#define ODD_NAME "q\"\\\033[\377\200'"

struct world {
	struct rtnl *nl;
	struct nl_error err;
	uint32_t here, there; /* ifindexes of the pair */
	int cls, xdp, other_xdp; /* programs */
};

static inline int load(enum bpf_prog_type type, int verdict)
{
	const struct bpf_insn program[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.prog_type = type;
	attributes.insns = (uintptr_t)program;
	attributes.insn_cnt = ARRAY_SIZE(program);
	attributes.license = (uintptr_t) "GPL";
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

static inline uint32_t program_id(int fd)
{
	struct bpf_prog_info info = {0};
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.info.bpf_fd = (uint32_t)fd;
	attributes.info.info = (uintptr_t)&info;
	attributes.info.info_len = sizeof(info);
	assert_int_equal(syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attributes, sizeof(attributes)),
			 0);
	return info.id;
}

static inline void add_pair(struct world *world, const char *name, const char *peer)
{
	struct rtnl_link *one = rtnl_link_veth_alloc(), *other;
	struct nl_msg *request = NULL;

	assert_non_null(one);
	rtnl_link_set_name(one, name);
	other = rtnl_link_veth_get_peer(one);
	rtnl_link_set_name(other, peer);
	rtnl_link_put(other);
	assert_int_equal(rtnl_link_build_add_request(one, NLM_F_CREATE | NLM_F_EXCL, &request), 0);
	rtnl_link_veth_release(one);
	assert_int_equal(rtnl_request(world->nl, request, &world->err), 0);
	nlmsg_free(request);
}

static inline int make_world(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct link link;

	assert_non_null(world);
	*state = world;
	assert_int_equal(rtnl_open(&world->nl, &world->err), 0);
	add_pair(world, ODD_NAME, "there");
	assert_int_equal(link_by_name(world->nl, ODD_NAME, &link, &world->err), 0);
	world->here = link.ifindex;
	assert_int_equal(link_by_name(world->nl, "there", &link, &world->err), 0);
	world->there = link.ifindex;
	world->cls = load(BPF_PROG_TYPE_SCHED_CLS, -1);
	world->xdp = load(BPF_PROG_TYPE_XDP, XDP_PASS);
	world->other_xdp = load(BPF_PROG_TYPE_XDP, XDP_PASS);
	assert_true(world->cls >= 0 && world->xdp >= 0 && world->other_xdp >= 0);
	return 0;
}

static inline int end_world(void **state)
{
	struct world *world = *state;

	close(world->cls);
	close(world->xdp);
	close(world->other_xdp);
	rtnl_close(world->nl);
	free(world);
	return 0;
}

static inline void skip_it(void **state)
{
	(void)state;
	skip();
}

/* Says why not; false: the tests cannot be run here. */
static inline bool enter_world(void)
{
	_cleanup_close_ int fd = -1;

	if (geteuid() != 0) {
		printf("not root\n");
		return false;
	}
	if (unshare(CLONE_NEWNET) < 0) {
		printf("unshare(CLONE_NEWNET): %s\n", strerror(errno));
		return false;
	}
	fd = load(BPF_PROG_TYPE_SCHED_CLS, -1);
	if (fd < 0)
		printf("bpf(BPF_PROG_LOAD): %s\n", strerror(errno));
	return fd >= 0;
}

static inline int run_in_world(const struct CMUnitTest *tests, size_t count)
{
	const struct CMUnitTest skipped[] = {cmocka_unit_test(skip_it)};

	if (!enter_world())
		return cmocka_run_group_tests(skipped, NULL, NULL);
	return _cmocka_run_group_tests("live", tests, count, make_world, end_world);
}

#endif

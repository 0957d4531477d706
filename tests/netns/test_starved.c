// SPDX-License-Identifier: GPL-2.0-or-later
/* A meter behind somebody who ends a packet's way: list-all and verify say so. */
#define _GNU_SOURCE 1
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "dump.h"
#include "foreign.h"
#include "harness.h"
#include "pair.h"
#include "tool.h"
#include "world.h"

#define PACKETS 200

/* What verify and both forms of list-all say of the meter on right/v1. */
static void expect_said(const char *state, const char *word, int status)
{
	_cleanup_run_ struct run verify = {0}, table = {0};
	_cleanup_dump_ struct dump list = {0};
	struct json_object *meter;

	tool_run(&verify, ARGUMENTS("verify", PAIR_ID));
	CHECK(verify.status == status, "verify: expected exit status %d, got %d; %s%s", status,
	      verify.status, verify.out, verify.err);
	expect_contains("verify", word, verify.out);
	dump_run(&list, ARGUMENTS("list-all", "-j"));
	meter = json_at(list_interface(&list, "right", "v1"), "meter");
	expect_text("state in list-all", state, json_text(meter, "state"));
	tool_run(&table, ARGUMENTS("list-all"));
	expect_contains("list-all", state, table.out);
}

static void expect_starved(void)
{
	expect_said("starved", "starved", 3);
}

static void expect_at_risk(void)
{
	expect_said("at risk", "at risk", 0);
}

static void send_both(struct pair *pair)
{
	sender_send(&pair->in, &packet_datagram, PACKETS);
	sender_send(&pair->out, &packet_datagram, PACKETS);
	sleep_ms(100);
}

/* A filter before ours; with TC_ACT_OK nothing reaches us. */
static void check_filter(bool egress, int verdict)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE);
	expect_said("counting", "nobody stands before", 0);
	foreign_load(&guest, FOREIGN_TC, verdict);
	foreign_filter(&guest, "right", "v1", egress, 1);
	expect_at_risk();
	send_both(&pair);
	if (verdict != TC_ACT_UNSPEC) {
		expect_starved();
		return;
	}
	expect_at_risk();
	pair_expect(&pair, KEY_FLOW);
	foreign_filter_delete("right", "v1", egress, 1);
	expect_said("counting", "nobody stands before", 0);
}

TEST(starved, by_a_filter_that_returns_ok)
{
	check_filter(false, TC_ACT_OK);
}

TEST(starved, by_an_egress_filter_that_returns_ok)
{
	check_filter(true, TC_ACT_OK);
}

TEST(starved, by_a_filter_that_drops)
{
	check_filter(false, TC_ACT_SHOT);
}

TEST(starved, not_by_a_filter_that_passes_on)
{
	check_filter(false, TC_ACT_UNSPEC);
}

/* A tcx program runs before every filter. */
static void check_tcx(bool egress, int verdict)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE);
	foreign_load(&guest, FOREIGN_TC, verdict);
	if (foreign_tcx_try(&guest, "right", "v1", egress))
		skip("no tcx in this kernel");
	expect_at_risk();
	send_both(&pair);
	if (verdict == TC_ACT_UNSPEC)
		expect_at_risk();
	else
		expect_starved();
}

TEST(starved, by_tcx_that_ends_the_chain)
{
	check_tcx(false, TC_ACT_OK);
}

TEST(starved, by_tcx_on_egress_that_ends_the_chain)
{
	check_tcx(true, TC_ACT_OK);
}

TEST(starved, not_by_tcx_that_passes_on)
{
	check_tcx(false, TC_ACT_UNSPEC);
}

/* On tcx too, one may come before us after we came. */
TEST(starved, on_tcx_by_a_program_before_ours)
{
	struct {
		uint32_t program, ifindex, type, flags, relative[2];
		uint64_t revision;
	} create = {.type = 46 /* BPF_TCX_INGRESS */, .flags = 1 << 3 /* BPF_F_BEFORE */};
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;
	int previous;

	pair_make(&pair, 0);
	foreign_load(&guest, FOREIGN_TC, TC_ACT_OK);
	if (foreign_tcx_try(&guest, "left", "v0", false))
		skip("no tcx in this kernel");
	close(guest.link);
	netacct("attach", "--key", "flow", "--hook", "tcx", PAIR_SOURCE);
	expect_said("counting", "nobody stands before", 0);
	create.program = (uint32_t)guest.program;
	create.ifindex = world_ifindex("right", "v1");
	previous = world_enter("right");
	guest.link = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &create, sizeof(create));
	CHECK(guest.link >= 0, "a foreign tcx link: %s", strerror(errno));
	world_leave(previous);
	expect_at_risk();
	send_both(&pair);
	expect_starved();
}

#define INSN(CODE, DST, IMM)                                   \
	{                                                      \
		.code = (CODE), .dst_reg = (DST), .imm = (IMM) \
	}

/* return bpf_redirect(ifindex, 0); */
static int load_redirect(unsigned int ifindex)
{
	const struct bpf_insn program[] = {
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, (int)ifindex),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0),
		INSN(BPF_JMP | BPF_CALL, 0, BPF_FUNC_redirect),
		INSN(BPF_JMP | BPF_EXIT, 0, 0),
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "redirect", "GPL", program,
			       ARRAY_SIZE(program), NULL);

	CHECK(fd >= 0, "a program that redirects: %s", strerror(errno));
	return fd;
}

static void check_redirect(bool egress)
{
	struct foreign guest = {.link = -1, .counter = -1};
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	world_netns_add("third");
	world_veth("right", "aside", "third", "sink");
	netacct("attach", "--key", "flow", "--hook", "clsact", PAIR_SOURCE);
	guest.program = load_redirect(world_ifindex("right", "aside"));
	foreign_filter(&guest, "right", "v1", egress, 1);
	expect_at_risk();
	send_both(&pair);
	if (egress) /* what is led aside is not the interface's either */
		expect_at_risk();
	else
		expect_starved();
	close(guest.program);
}

TEST(starved, by_a_redirect)
{
	check_redirect(false);
}

TEST(starved, not_by_a_redirect_on_egress)
{
	check_redirect(true);
}

/* A foreign XDP program stands before a meter of tc. */
TEST(starved, by_xdp_that_drops)
{
	_cleanup_foreign_ struct foreign guest;
	_cleanup_pair_ struct pair pair;

	pair_make(&pair, 0);
	netacct("attach", "--key", "flow", PAIR_SOURCE);
	foreign_load(&guest, FOREIGN_XDP, XDP_DROP);
	foreign_xdp(&guest, "right", "v1", true);
	expect_at_risk();
	send_both(&pair);
	expect_starved();
}

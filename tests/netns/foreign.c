// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "foreign.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_sched.h>
#include <netacct/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <netacct/cleanup.h>

#include "harness.h"
#include "request.h"
#include "world.h"

#define HANDLE 1
#define TCX_INGRESS 46 /* BPF_TCX_INGRESS and _EGRESS of Linux 6.6 */
#define TCX_EGRESS 47
#define TCX_BEFORE (1 << 3) /* BPF_F_BEFORE */

#define INSN(CODE, DST, SRC, OFF, IMM)                                                         \
	{                                                                                      \
		.code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (IMM) \
	}

/* counter[0]++; return verdict; */
void foreign_load(struct foreign *foreign, enum foreign_kind kind, int verdict)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "foreign", 4, 8, 1, NULL);
	struct bpf_insn program[] = {
		INSN(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0),
		INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map),
		INSN(0, 0, 0, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1),
		INSN(BPF_STX | BPF_XADD | BPF_DW, 0, 1, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, verdict),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};

	foreign->link = -1;
	foreign->counter = map;
	CHECK(map >= 0, "a foreign map: %s", strerror(errno));
	foreign->program =
		bpf_prog_load(kind == FOREIGN_XDP ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS,
			      "foreign", "GPL", program, ARRAY_SIZE(program), NULL);
	CHECK(foreign->program >= 0, "a foreign program: %s", strerror(errno));
}

void foreign_close(struct foreign *foreign)
{
	if (foreign->link >= 0)
		close(foreign->link);
	close(foreign->program);
	close(foreign->counter);
}

uint64_t foreign_count(const struct foreign *foreign)
{
	uint32_t key = 0;
	uint64_t count = 0;

	CHECK(!bpf_map_lookup_elem(foreign->counter, &key, &count), "a foreign map: %s",
	      strerror(errno));
	return count;
}

uint32_t foreign_id(const struct foreign *foreign)
{
	struct bpf_prog_info info;
	uint32_t size = sizeof(info);

	memset(&info, 0, sizeof(info));
	CHECK(!bpf_obj_get_info_by_fd(foreign->program, &info, &size), "a foreign program: %s",
	      strerror(errno));
	return info.id;
}

static struct rtnl *rtnl_in(const char *ns)
{
	struct nl_error error = {""};
	int previous = world_enter(ns), status;
	struct rtnl *nl = NULL;

	status = rtnl_open(&nl, &error);
	world_leave(previous);
	CHECK(!status, "rtnetlink: %s %s", strerror(-status), error.text);
	return nl;
}

static enum filter_side side_of(bool egress)
{
	return egress ? FILTER_EGRESS : FILTER_INGRESS;
}

void foreign_clsact(const char *ns, const char *name)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	int status = clsact_add(nl, world_ifindex(ns, name), &error);

	CHECK(!status, "a foreign clsact on %s: %s %s", name, strerror(-status), error.text);
}

void clsact_take(const char *ns, const char *name)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	int status = clsact_delete(nl, world_ifindex(ns, name), &error);

	CHECK(!status, "delete the clsact of %s: %s %s", name, strerror(-status), error.text);
}

void foreign_filter(const struct foreign *foreign, const char *ns, const char *name, bool egress,
		    uint16_t priority)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	int status = filter_set(nl, world_ifindex(ns, name), side_of(egress), priority, HANDLE,
				foreign->program, "foreign", false, &error);

	CHECK(!status, "a foreign filter on %s: %s %s", name, strerror(-status), error.text);
}

void foreign_filter_delete(const char *ns, const char *name, bool egress, uint16_t priority)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	int status = filter_delete(nl, world_ifindex(ns, name), side_of(egress), priority, HANDLE,
				   &error);

	CHECK(!status, "delete a foreign filter of %s: %s %s", name, strerror(-status), error.text);
}

/* Those of one side that have the priority, 0: any. */
static unsigned int count_filters(const char *ns, const char *name, bool egress, uint16_t priority)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	_cleanup_free_ struct filter *filters = NULL;
	struct nl_error error = {""};
	unsigned int found = 0;
	size_t count = 0;

	if (filter_list(nl, world_ifindex(ns, name), side_of(egress), &filters, &count, &error))
		return 0;
	for (size_t i = 0; i < count; i++)
		found += !priority || filters[i].priority == priority;
	return found;
}

bool foreign_filter_there(const char *ns, const char *name, bool egress, uint16_t priority)
{
	return count_filters(ns, name, egress, priority) > 0;
}

unsigned int filters_there(const char *ns, const char *name)
{
	if (!clsact_there(ns, name))
		return 0;
	return count_filters(ns, name, false, 0) + count_filters(ns, name, true, 0);
}

bool clsact_there(const char *ns, const char *name)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	enum ingress_qdisc kind = QDISC_NONE;
	struct nl_error error = {""};
	int status = qdisc_query(nl, world_ifindex(ns, name), &kind, &error);

	CHECK(!status, "qdisc of %s: %s %s", name, strerror(-status), error.text);
	return kind == QDISC_CLSACT;
}

void foreign_xdp(const struct foreign *foreign, const char *ns, const char *name, bool generic)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	int status = xdp_attach(nl, world_ifindex(ns, name), foreign->program,
				generic ? XDP_MODE_GENERIC : XDP_MODE_NATIVE, &error);

	CHECK(!status, "a foreign XDP program on %s: %s %s", name, strerror(-status), error.text);
}

uint32_t xdp_there(const char *ns, const char *name)
{
	_cleanup_rtnl_ struct rtnl *nl = rtnl_in(ns);
	struct nl_error error = {""};
	struct link link;
	int status = link_by_name(nl, name, &link, &error);

	CHECK(!status, "link %s: %s %s", name, strerror(-status), error.text);
	return link.xdp.native ? link.xdp.native : link.xdp.generic;
}

/* The start of union bpf_attr for BPF_LINK_CREATE, as old headers lack the rest. */
struct link_create {
	uint32_t prog_fd;
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t flags;
	uint32_t relative[2];
	uint64_t expected_revision;
};

static int tcx_attach(struct foreign *foreign, const char *ns, const char *name, bool egress,
		      uint32_t flags)
{
	struct link_create attr = {
		.prog_fd = (uint32_t)foreign->program,
		.target_ifindex = world_ifindex(ns, name),
		.attach_type = egress ? TCX_EGRESS : TCX_INGRESS,
		.flags = flags,
	};
	int previous = world_enter(ns);

	foreign->link = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	if (foreign->link < 0)
		foreign->link = -errno;
	world_leave(previous);
	return foreign->link < 0 ? foreign->link : 0;
}

int foreign_tcx_try(struct foreign *foreign, const char *ns, const char *name, bool egress)
{
	return tcx_attach(foreign, ns, name, egress, 0);
}

int foreign_tcx_first(struct foreign *foreign, const char *ns, const char *name, bool egress)
{
	return tcx_attach(foreign, ns, name, egress, TCX_BEFORE);
}

void ingress_qdisc(const char *ns, const char *name)
{
	struct tcmsg message = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)world_ifindex(ns, name),
		.tcm_handle = TC_H_MAKE(TC_H_INGRESS, 0),
		.tcm_parent = TC_H_INGRESS,
	};
	struct request request;
	int error;

	request_start(&request, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &message, sizeof(message));
	request_text(&request, TCA_KIND, "ingress");
	error = request_send(ns, &request);
	CHECK(!error, "ingress qdisc on %s: %s", name, strerror(-error));
}

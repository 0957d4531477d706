/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tcx_hook.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/syscall.h>

#include "program.h"

/* of 6.6; the headers that we build with may be older */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
#define ORDER_BEFORE (1u << 3) /* BPF_F_BEFORE: with no relative, before all */
#define ORDER_AFTER (1u << 4) /* BPF_F_AFTER */

/* The part of union bpf_attr that BPF_LINK_CREATE of a tcx link reads. */
struct link_create {
	uint32_t prog_fd;
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t flags;
	uint32_t relative_fd;
	uint32_t padding;
	uint64_t expected_revision;
};

_Static_assert(offsetof(struct link_create, flags) == offsetof(union bpf_attr, link_create.flags),
	       "the link_create part of union bpf_attr");

static void pin_name(const struct hook_site *site, enum filter_side side, char name[static 16])
{
	snprintf(name, 16, "%s-%u", side == FILTER_INGRESS ? "li" : "le", site->number & 0xfffff);
}

static const char *side_name(enum filter_side side)
{
	return side == FILTER_INGRESS ? "ingress" : "egress";
}

static struct na_attachment *attachment(const struct hook_site *site, enum filter_side side)
{
	struct na_source *source = hook_source(site);

	return side == FILTER_INGRESS ? &source->in : &source->eg;
}

static int create(uint32_t ifindex, enum filter_side side, int fd, bool tail)
{
	struct link_create create = {
		.prog_fd = (uint32_t)fd,
		.target_ifindex = ifindex,
		.attach_type = side == FILTER_INGRESS ? TCX_INGRESS : TCX_EGRESS,
		.flags = tail ? ORDER_AFTER : ORDER_BEFORE,
	};
	long link = syscall(SYS_bpf, BPF_LINK_CREATE, &create, sizeof(create));

	return link < 0 ? -errno : (int)link;
}

static int link_id(int fd, uint32_t *ret)
{
	struct bpf_link_info info = {};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return -errno;
	*ret = info.id;
	return 0;
}

int tcx_attach(const struct hook_site *site, enum filter_side side, int fd, bool tail,
	       struct fault *fault)
{
	struct na_attachment *at = attachment(site, side), made = {};
	_cleanup_close_ int link = -1;
	char name[16];
	int error = program_id(fd, &made.prog_id);

	if (error)
		return fault_errno(fault, error, "its program");
	pin_name(site, side, name);
	pin_remove(site->meter->directory, name); /* of a crash, with its link */
	*at = made;
	error = meter_store_source(site->meter, site->number, fault);
	if (error)
		return error;
	link = create(hook_source(site)->ifindex, side, fd, tail);
	if (link < 0)
		return fault_errno(fault, link, "cannot attach to tcx %s%s", side_name(side),
				   link == -EINVAL ? " (has the kernel tcx?)" : "");
	error = link_id(link, &at->link_id);
	if (!error)
		error = pin_put(site->meter->directory, name, link);
	return error ? fault_errno(fault, error, "cannot pin the tcx link") : 0;
}

static int open_link(const struct hook_site *site, enum filter_side side)
{
	char name[16];

	pin_name(site, side, name);
	return pin_get(site->meter->directory, name);
}

int tcx_replace(const struct hook_site *site, enum filter_side side, int fd, struct fault *fault)
{
	_cleanup_close_ int link = open_link(site, side);

	if (link < 0)
		return fault_errno(fault, link, "our tcx %s link", side_name(side));
	if (bpf_link_update(link, fd, NULL))
		return fault_errno(fault, -errno, "cannot replace the tcx %s program",
				   side_name(side));
	return 0;
}

int tcx_detach(const struct hook_site *site, enum filter_side side, struct fault *fault)
{
	_cleanup_close_ int link = open_link(site, side);
	char name[16];

	if (link < 0)
		return link == -ENOENT ? 0 : fault_errno(fault, link, "our tcx link");
	/* ENOLINK: the interface has gone and taken the program along */
	if (bpf_link_detach(link) && errno != ENOLINK)
		return fault_errno(fault, -errno, "cannot remove the tcx %s program",
				   side_name(side));
	pin_name(site, side, name);
	pin_remove(site->meter->directory, name);
	return 0;
}

int tcx_attached(const struct hook_site *site, enum filter_side side, bool *ret,
		 struct fault *fault)
{
	const struct na_source *source = hook_source(site);
	uint32_t next = side == FILTER_INGRESS ? source->next_in : source->next_eg, i;
	struct tcx_programs programs;
	int error = tcx_query(source->ifindex, side, &programs);

	if (error)
		return fault_errno(fault, error, "cannot see the tcx %s programs", side_name(side));
	*ret = false;
	for (i = 0; i < programs.count; i++)
		*ret |= hook_ours(programs.ids[i], attachment(site, side), next);
	return 0;
}

bool tcx_in_use(uint32_t ifindex)
{
	struct tcx_programs in = {}, eg = {};

	if (tcx_query(ifindex, FILTER_INGRESS, &in) || tcx_query(ifindex, FILTER_EGRESS, &eg))
		return false;
	return in.count || eg.count;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../source/source.h"
#include "program.h"
#include "sweep.h"
#include "tc_hook.h"

/* What one search works with. */
struct search {
	struct sweeper *sweeper;
	uint32_t *pinned; /* ids of programs that a meter pins, whatever state it is in; owned */
	size_t pinned_count;
	const struct netns *netns;
	struct rtnl *nl;
};

static bool claimed(const struct search *search, uint32_t id)
{
	size_t i;

	for (i = 0; i < search->pinned_count; i++)
		if (search->pinned[i] == id)
			return true;
	return false;
}

/* The constants that a program of ours was loaded with, from its frozen map. */
static bool read_config(uint32_t map_id, struct na_config *ret)
{
	_cleanup_close_ int fd = bpf_map_get_fd_by_id(map_id);
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info), zero = 0;

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &length) &&
	       info.type == BPF_MAP_TYPE_ARRAY && info.map_flags & BPF_F_RDONLY_PROG &&
	       info.value_size == sizeof(*ret) && !bpf_map_lookup_elem(fd, &zero, ret);
}

/*
 * Our bpffs need not be the only one: a container or another mount namespace
 * may have its own, and a meter pinned there is well where it is. What is
 * pinned nowhere any more is an orphan.
 */
static bool pinned_elsewhere(uint32_t id)
{
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(id);
	uint32_t maps[64], i, length;
	struct bpf_prog_info info = {.map_ids = (uintptr_t)maps, .nr_map_ids = ARRAY_SIZE(maps)};
	struct na_config config;

	length = sizeof(info);
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length))
		return true;
	for (i = 0; i < info.nr_map_ids && i < ARRAY_SIZE(maps); i++)
		if (read_config(maps[i], &config))
			return config.bpffs != pin_device() && pin_device_mounted(config.bpffs);
	return true;
}

/* By the program's own name: netacct_in, netacct_eg, netacct_xdp, netacct_frags. */
static bool orphan(const struct search *search, uint32_t id)
{
	struct program_info info;

	return id && !claimed(search, id) && !program_info(id, &info) &&
	       !strncmp(info.name, "netacct_", 8) && !pinned_elsewhere(id);
}

static void report(const struct search *search, const struct link *link, const char *text,
		   int error, const struct fault *fault)
{
	struct sweeper *sweeper = search->sweeper;
	char id[304];

	source_id(search->netns, link->name, id);
	if (error) {
		sweeper->failed++;
		sweeper->complain(sweeper->context, id, fault);
		return;
	}
	sweeper->found++;
	sweeper->say(sweeper->context, id, text);
}

static void sweep_filters(const struct search *search, const struct link *link,
			  enum filter_side side)
{
	_cleanup_free_ struct filter *filters = NULL;
	struct nl_error words = {};
	struct fault fault = {};
	size_t count, i;
	int error;

	if (filter_list(search->nl, link->ifindex, side, &filters, &count, &words))
		return;
	for (i = 0; i < count; i++) {
		const struct filter *one = &filters[i];

		if (one->handle != FILTER_HANDLE || strcmp(one->name, FILTER_NAME) != 0 ||
		    !orphan(search, one->prog_id))
			continue;
		report(search, link,
		       side == FILTER_INGRESS ? "an ingress filter of ours that no meter claims"
					      : "an egress filter of ours that no meter claims",
		       0, NULL);
		if (search->sweeper->dry_run)
			continue;
		error = filter_delete(search->nl, link->ifindex, side, one->priority, one->handle,
				      &words);
		if (error && error != -ENOENT && error != -ENODEV) {
			fault_netlink(&fault, error, &words, "cannot remove the filter");
			report(search, link, NULL, error, &fault);
		}
	}
}

static void sweep_xdp(const struct search *search, const struct link *link, uint32_t id,
		      enum xdp_mode mode)
{
	_cleanup_close_ int fd = -1;
	struct nl_error words = {};
	struct fault fault = {};
	int error;

	if (!orphan(search, id))
		return;
	report(search, link, "an XDP program of ours that no meter claims", 0, NULL);
	if (search->sweeper->dry_run)
		return;
	fd = bpf_prog_get_fd_by_id(id);
	error = fd < 0 ? -errno : xdp_replace(search->nl, link->ifindex, -1, fd, mode, &words);
	if (error && error != -ENOENT && error != -ENODEV) {
		fault_netlink(&fault, error, &words, "cannot remove the XDP program");
		report(search, link, NULL, error, &fault);
	}
}

static bool has_filters(const struct qdisc *qdiscs, size_t count, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (qdiscs[i].ifindex == ifindex)
			return true;
	return false;
}

static void sweep_links(const struct search *search)
{
	_cleanup_free_ struct qdisc *qdiscs = NULL;
	_cleanup_free_ struct link *links = NULL;
	struct nl_error words = {};
	size_t count, qdisc_count, i;

	if (link_list(search->nl, false, &links, &count, &words) ||
	    qdisc_list(search->nl, &qdiscs, &qdisc_count, &words))
		return;
	for (i = 0; i < count; i++) {
		char id[304];

		source_id(search->netns, links[i].name, id);
		if (!search->sweeper->wanted(search->sweeper->context, id))
			continue;
		sweep_xdp(search, &links[i], links[i].xdp.native, XDP_MODE_NATIVE);
		sweep_xdp(search, &links[i], links[i].xdp.generic, XDP_MODE_GENERIC);
		if (!has_filters(qdiscs, qdisc_count, links[i].ifindex))
			continue;
		sweep_filters(search, &links[i], FILTER_INGRESS);
		sweep_filters(search, &links[i], FILTER_EGRESS);
	}
}

static void sweep_netns(struct search *search, const struct netns *netns)
{
	struct nl_error words = {};
	int previous = -1;

	if (netns->fd < 0 || netns_enter(netns, &previous))
		return;
	search->netns = netns;
	if (!rtnl_open(&search->nl, &words)) {
		sweep_links(search);
		rtnl_close(search->nl);
	}
	netns_leave(previous);
}

int sweep_orphans(struct sweeper *sweeper, struct fault *fault)
{
	struct search search = {.sweeper = sweeper};
	struct netns *list = NULL;
	size_t count = 0, i;
	int error = 0;

	if (sweeper->root >= 0)
		error = pin_programs(sweeper->root, &search.pinned, &search.pinned_count, fault);
	if (error)
		return error;
	error = netns_list(&list, &count);
	for (i = 0; i < count; i++)
		sweep_netns(&search, &list[i]);
	netns_list_free(list, count);
	free(search.pinned);
	return error ? fault_errno(fault, error, "cannot look for orphans") : 0;
}

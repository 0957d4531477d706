// SPDX-License-Identifier: GPL-2.0-or-later
/* XDP programs, never without XDP_FLAGS that keep what others attached. */
#include "private.h"

#include <linux/if_link.h>

static uint32_t mode_flag(enum xdp_mode mode)
{
	return mode == XDP_MODE_NATIVE ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
}

/* expected_fd: NULL where none is to be named. */
static int put_xdp(struct nl_msg *request, int prog_fd, uint32_t flags, const int *expected_fd)
{
	struct nlattr *nest = nla_nest_start(request, IFLA_XDP | NLA_F_NESTED);

	if (!nest || nla_put_s32(request, IFLA_XDP_FD, prog_fd) < 0 ||
	    nla_put_u32(request, IFLA_XDP_FLAGS, flags) < 0)
		return -ENOMEM;
	if (expected_fd && nla_put_s32(request, IFLA_XDP_EXPECTED_FD, *expected_fd) < 0)
		return -ENOMEM;
	return nla_nest_end(request, nest) < 0 ? -ENOMEM : 0;
}

static int set_xdp(struct rtnl *nl, uint32_t ifindex, int prog_fd, uint32_t flags,
		   const int *expected_fd, struct nl_error *err)
{
	struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex};
	_cleanup_message_ struct nl_msg *request = NULL;
	int r;

	if (!ifindex_valid(ifindex))
		return -ENODEV;
	request = nlmsg_alloc_simple(RTM_SETLINK, 0);
	if (!request || nlmsg_append(request, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	r = put_xdp(request, prog_fd, flags, expected_fd);
	if (r < 0)
		return r;
	return rtnl_request(nl, request, err);
}

int xdp_attach(struct rtnl *nl, uint32_t ifindex, int prog_fd, enum xdp_mode mode,
	       struct nl_error *err)
{
	err->text[0] = '\0';
	if (prog_fd < 0)
		return -EBADF; /* to the kernel -1 means: take off what is there */
	return set_xdp(nl, ifindex, prog_fd, XDP_FLAGS_UPDATE_IF_NOEXIST | mode_flag(mode), NULL,
		       err);
}

int xdp_replace(struct rtnl *nl, uint32_t ifindex, int prog_fd, int expected_fd, enum xdp_mode mode,
		struct nl_error *err)
{
	err->text[0] = '\0';
	if (expected_fd < 0)
		return -EBADF; /* to the kernel -1 means: expect nothing there */
	return set_xdp(nl, ifindex, prog_fd, XDP_FLAGS_REPLACE | mode_flag(mode), &expected_fd,
		       err);
}

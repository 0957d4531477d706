/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xdp_hook.h"
#include "program.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

static bool native(const struct hook_site *site)
{
	return hook_source(site)->ingress == NA_INGRESS_XDP_NATIVE;
}

/* Id of the program in the source's mode, 0: none. */
static int sitting(const struct hook_site *site, uint32_t *ret, struct fault *fault)
{
	struct nl_error words = {};
	struct link link;
	int error = link_by_index(site->nl, hook_source(site)->ifindex, &link, &words);

	if (error)
		return fault_netlink(fault, error, &words, "cannot see its XDP program");
	*ret = native(site) ? link.xdp.native : link.xdp.generic;
	return 0;
}

int xdp_hook_query(const struct hook_site *site, bool *ret, struct fault *fault)
{
	const struct na_source *source = hook_source(site);
	uint32_t id = 0;
	int error = sitting(site, &id, fault);

	if (!error)
		*ret = hook_ours(id, &source->in, source->next_in);
	return error;
}

static int try_mode(const struct hook_site *site, enum na_ingress mode, int fd,
		    struct nl_error *words, struct fault *fault)
{
	struct na_source *source = hook_source(site);
	int error;

	source->ingress = mode;
	error = meter_store_source(site->meter, site->number, fault);
	if (error)
		return error;
	return xdp_attach(site->nl, source->ifindex, fd,
			  mode == NA_INGRESS_XDP_NATIVE ? XDP_MODE_NATIVE : XDP_MODE_GENERIC,
			  words);
}

int xdp_hook_attach(const struct hook_site *site, enum ingress_request request, int fd,
		    struct fault *fault)
{
	struct na_source *source = hook_source(site);
	struct na_attachment made = {};
	struct nl_error words = {};
	int error = program_id(fd, &made.prog_id);

	if (error)
		return fault_errno(fault, error, "its program");
	source->in = made;
	if (request != INGRESS_XDP_GENERIC)
		error = try_mode(site, NA_INGRESS_XDP_NATIVE, fd, &words, fault);
	if (request == INGRESS_XDP_GENERIC ||
	    (error && request == INGRESS_XDP_AUTO && error != -EBUSY && error != -EEXIST))
		error = try_mode(site, NA_INGRESS_XDP_GENERIC, fd, &words, fault);
	if (error)
		return fault_netlink(fault, error, &words, "cannot attach XDP");
	return 0;
}

/* Replaces whichever of ours sits there; a descriptor by id serves where the caller has none. */
static int exchange(const struct hook_site *site, int fresh, struct fault *fault)
{
	const struct na_source *source = hook_source(site);
	struct nl_error words = {};
	_cleanup_close_ int old = -1;
	uint32_t id = 0;
	int error = sitting(site, &id, fault);

	if (error)
		return error;
	if (!hook_ours(id, &source->in, source->next_in))
		return -ENOENT;
	old = bpf_prog_get_fd_by_id(id);
	if (old < 0)
		return fault_errno(fault, -errno, "cannot open the XDP program %u", id);
	error = xdp_replace(site->nl, source->ifindex, fresh, old,
			    native(site) ? XDP_MODE_NATIVE : XDP_MODE_GENERIC, &words);
	if (error)
		return fault_netlink(fault, error, &words, "cannot %s the XDP program",
				     fresh < 0 ? "remove" : "replace");
	return 0;
}

int xdp_hook_replace(const struct hook_site *site, int fresh, struct fault *fault)
{
	int error = exchange(site, fresh, fault);

	if (error == -ENOENT)
		fault_set(fault, error, "our XDP program is not there any more: detach it");
	return error;
}

int xdp_hook_detach(const struct hook_site *site, struct fault *fault)
{
	int error;

	if (!hook_source(site)->in.prog_id)
		return 0;
	error = exchange(site, -1, fault);
	return error == -ENOENT || error == -ENODEV ? 0 : error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XDP over rtnetlink. Functions as in hooks.h. */
#ifndef NETACCT_XDP_HOOK_H
#define NETACCT_XDP_HOOK_H

#include "hooks.h"

int xdp_hook_attach(const struct hook_site *site, enum ingress_request request, int fd,
		    struct fault *fault);
int xdp_hook_replace(const struct hook_site *site, int fresh, struct fault *fault);
int xdp_hook_detach(const struct hook_site *site, struct fault *fault);
int xdp_hook_query(const struct hook_site *site, bool *ret, struct fault *fault);

static inline bool source_by_xdp(const struct na_source *source)
{
	return source->ingress == NA_INGRESS_XDP_NATIVE ||
	       source->ingress == NA_INGRESS_XDP_GENERIC;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cls_bpf filters on a clsact qdisc. Functions as in hooks.h, for one side. */
#ifndef NETACCT_TC_HOOK_H
#define NETACCT_TC_HOOK_H

#include "hooks.h"

#define FILTER_NAME "netacct"
#define FILTER_HANDLE 0x6e61u /* "na": a delete by priority and handle finds ours alone */

/* Makes the qdisc where there is none. -EEXIST with the kernel's words over an ingress qdisc. */
int tc_ensure_clsact(const struct hook_site *site, struct fault *fault);
/* Only ours, and only when nobody uses it. */
int tc_remove_clsact(const struct hook_site *site, struct fault *fault);

int tc_attach(const struct hook_site *site, enum filter_side side, int fd, bool tail,
	      struct fault *fault);
int tc_replace(const struct hook_site *site, enum filter_side side, int fd, struct fault *fault);
int tc_detach(const struct hook_site *site, enum filter_side side, struct fault *fault);
int tc_query(const struct hook_site *site, enum filter_side side, bool *ret, struct fault *fault);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcx: the one hook that rtnetlink has no door to. BPF links, pinned in the
 * meter's directory as li-N and le-N (N the source's number); a link whose
 * pin is lost is gone. From 6.6 on, and where it was backported: tried, never
 * told by a version. Functions as in hooks.h, for one side.
 */
#ifndef NETACCT_TCX_HOOK_H
#define NETACCT_TCX_HOOK_H

#include "hooks.h"

int tcx_attach(const struct hook_site *site, enum filter_side side, int fd, bool tail,
	       struct fault *fault);
int tcx_replace(const struct hook_site *site, enum filter_side side, int fd, struct fault *fault);
int tcx_detach(const struct hook_site *site, enum filter_side side, struct fault *fault);
int tcx_attached(const struct hook_site *site, enum filter_side side, bool *ret,
		 struct fault *fault);
/* Does anybody use tcx on that interface of the thread's namespace? False where there is none. */
bool tcx_in_use(uint32_t ifindex);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* Queueing disciplines over rtnetlink. */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "request.h"
#include "world.h"

int world_qdisc_try(const char *ns, const char *name, const char *kind, const void *options,
		    size_t size)
{
	struct tcmsg message = {
		.tcm_ifindex = (int)world_ifindex(ns, name),
		.tcm_parent = TC_H_ROOT,
	};
	struct request request;
	int error;

	request_start(&request, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &message,
		      sizeof(message));
	request_text(&request, TCA_KIND, kind);
	if (size)
		request_put(&request, TCA_OPTIONS, options, size);
	error = request_send(ns, &request);
	return error == -ENOENT ? -EOPNOTSUPP : error;
}

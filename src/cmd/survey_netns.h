/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a survey, from a namespace down to a meter. For survey*.c only. */
#ifndef NETACCT_SURVEY_NETNS_H
#define NETACCT_SURVEY_NETNS_H

#include "survey.h"

/*
 * Looks into all namespaces, by several threads where there are many: what is
 * there, but not yet what it is called or whose it is. As survey_take().
 */
int survey_walk(struct survey *survey);

/* What one of those threads has learnt of tcx; the survey's own after the walk. */
struct survey_tcx_sight {
	bool absent; /* the kernel has none */
	int error; /* it may not be asked */
};

/*
 * Fills in the namespace that the calling thread is in, and `nl` too;
 * `counters`: those of the interfaces as well. -errno where not all of it
 * could be seen, with the kernel's words where it had some; what was seen
 * until then stays.
 */
int survey_netns_fill(struct rtnl *nl, bool counters, struct survey_tcx_sight *tcx,
		      struct survey_netns *namespace, struct nl_error *why);

/* The ids of who is on the interface, at XDP, tc and tcx. A vanished interface is 0. */
int survey_attached(struct rtnl *nl, struct survey_tcx_sight *tcx,
		    struct survey_interface *interface, struct nl_error *why);

/* Names and owners of what the walk has found in a namespace, and its meters. -ENOMEM. */
int survey_judge(struct survey *survey, struct survey_netns *namespace);

/* Which of our meters is there and whether it counts; names and owners are known. */
void survey_meter(const struct survey *survey, const struct netns *netns,
		  struct survey_interface *interface);

#endif

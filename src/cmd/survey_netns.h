/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a survey, from a namespace down to a meter. For survey*.c only. */
#ifndef NETACCT_SURVEY_NETNS_H
#define NETACCT_SURVEY_NETNS_H

#include "survey.h"

/*
 * Fills in the namespace that the calling thread is in. -errno where not all
 * of it could be seen, with the kernel's words where it had some; what was
 * seen until then stays.
 */
int survey_netns_fill(struct survey *survey, struct survey_netns *namespace, struct nl_error *why);

/* Who is on the interface, at XDP, tc and tcx. A vanished interface is 0. */
int survey_attached(struct survey *survey, struct rtnl *nl, struct survey_interface *interface,
		    struct nl_error *why);

/* Which of our meters is there and whether it counts; survey_attached() comes first. */
void survey_meter(const struct survey *survey, const struct netns *netns,
		  struct survey_interface *interface);

#endif

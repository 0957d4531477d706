/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What list-all shows, collected before any of it is shown: every interface
 * of every network namespace that can be found, and who is on it.
 */
#ifndef NETACCT_SURVEY_H
#define NETACCT_SURVEY_H

#include <netacct/netlink.h>

#include "../meter/program.h"
#include "../meter/sighting.h"
#include "../source/netns.h"

#define SURVEY_SIDES 2 /* FILTER_INGRESS, FILTER_EGRESS */

/* A program as somebody attached it. */
struct survey_program {
	uint32_t id; /* 0: none */
	bool ours;
	char name[16]; /* "" where the kernel has or tells none */
};

struct survey_filters {
	struct filter *filters; /* owned, in the order the kernel runs them */
	struct survey_program *programs; /* owned, one a filter */
	size_t count;
};

struct survey_tcx {
	struct survey_program *programs; /* owned, in the order the kernel runs them */
	size_t count;
};

enum survey_meter_state {
	SURVEY_COUNTING, /* its programs sit there and nothing stands before them */
	SURVEY_BEHIND, /* they do, and something before them may end the packet's way */
	SURVEY_STARVED, /* it does: the interface counts what they do not see */
	SURVEY_BROKEN, /* not all of them sit there */
};

struct survey_interface {
	struct link link;
	enum ingress_qdisc qdisc;
	const struct address *addresses; /* into the namespace's array */
	size_t address_count;
	enum {
		SURVEY_XDP_NONE,
		SURVEY_XDP_NATIVE,
		SURVEY_XDP_GENERIC,
		SURVEY_XDP_OFFLOAD
	} xdp_mode;
	struct survey_program xdp;
	struct survey_filters tc[SURVEY_SIDES];
	struct survey_tcx tcx[SURVEY_SIDES];
	const struct meter_sighting *meter; /* NULL: none of ours */
	enum survey_meter_state meter_state;
};

struct survey_netns {
	struct netns netns;
	char error[320]; /* why nothing or not all of it could be seen, "": all was */
	struct survey_interface *interfaces; /* owned, by ifindex */
	size_t count;
	struct address *addresses; /* owned, by interface */
};

/* A kind of thing that could not be seen anywhere, or only in part. */
enum survey_sight { SIGHT_METERS, SIGHT_TCX, SIGHT_PROGRAMS, SIGHTS };

struct program_names;

struct survey {
	struct survey_netns **namespaces; /* owned, in the order of netns_list() */
	size_t count;
	struct meter_sighting *sightings; /* owned */
	size_t sighting_count;
	struct program_names *names; /* owned */
	bool tcx; /* the kernel has it */
	int blind[SIGHTS]; /* negative errno: what kept us from seeing it; 0: nothing did */
};

/*
 * Walks all namespaces in the calling thread, which is back in its own
 * afterwards, and in others beside it. What cannot be seen is noted, not an
 * error; -ENOMEM, or the errno of a way back that failed.
 */
int survey_take(struct survey *ret);
void survey_clear(struct survey *survey);
#define _cleanup_survey_ __attribute__((cleanup(survey_clear)))

/* By ifindex in the same namespace; NULL: there is none. */
const struct survey_interface *survey_find(const struct survey_netns *netns, uint32_t ifindex);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs onto an interface and off it again, leaving everybody else's where
 * they are. What is about to be done is written into the pinned source first,
 * so that after a crash at any point it can be found and undone.
 */
#ifndef NETACCT_HOOKS_H
#define NETACCT_HOOKS_H

#include <netacct/netlink.h>

#include "meter.h"

/* How received packets are to be counted. */
enum ingress_request { INGRESS_TC, INGRESS_XDP_AUTO, INGRESS_XDP_NATIVE, INGRESS_XDP_GENERIC };

enum hook_request { HOOK_REQUEST_AUTO, HOOK_REQUEST_CLSACT, HOOK_REQUEST_TCX };

struct hooks_request {
	enum ingress_request ingress;
	enum hook_request hook;
	bool tail; /* behind the others on the hook, not before them */
};

/* Where: a source of a meter, and a socket in its namespace, where the thread is too. */
struct hook_site {
	struct rtnl *nl;
	struct meter *meter;
	uint32_t number;
	const struct hook_qdiscs *qdiscs; /* NULL: the kernel is asked each time */
};

/* Those of a namespace when it was entered, for a kernel that only tells all of them at once. */
struct hook_qdiscs {
	struct qdisc *list; /* owned */
	size_t count;
};

/* Descriptors of the programs for the two directions; -1: none. */
struct hook_programs {
	int in, eg;
};

static inline struct na_source *hook_source(const struct hook_site *site)
{
	return &site->meter->sources[site->number];
}

/*
 * Refuses (-EBUSY) where an XDP program is there that would be in the way,
 * naming it; nothing is changed.
 */
int hooks_check(const struct link *link, enum ingress_request request, struct fault *fault);

/*
 * Attaches both programs and fills in the source's ingress, hook, in, eg and
 * NA_SOURCE_MADE_CLSACT. All or nothing: on failure what was done is undone.
 */
int hooks_attach(const struct hook_site *site, const struct hooks_request *request,
		 struct hook_programs programs, struct fault *fault);

/*
 * Puts other programs in the place of ours, each hook atomically: no packet
 * misses both or meets both. On failure the old ones are back.
 */
int hooks_replace(const struct hook_site *site, struct hook_programs old,
		  struct hook_programs fresh, struct fault *fault);

/*
 * Removes exactly what the source's attachments name, each only where the
 * kernel shows our program there; the clsact qdisc only where netacct made it
 * and nothing is left on it. What is gone already is no error.
 */
int hooks_detach(const struct hook_site *site, struct fault *fault);

/* Which of the source's programs run where they were put. */
struct hooks_state {
	bool in, eg;
};
int hooks_query(const struct hook_site *site, struct hooks_state *ret, struct fault *fault);

/* Which qdisc is at the ingress side of the source. */
int hook_qdisc(const struct hook_site *site, enum ingress_qdisc *ret, struct nl_error *words);

/* Is it the attachment's program, or the one that is about to replace it? */
static inline bool hook_ours(uint32_t id, const struct na_attachment *at, uint32_t next)
{
	return id && (id == at->prog_id || id == next);
}

#endif

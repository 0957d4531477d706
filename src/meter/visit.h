/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_VISIT_H
#define NETACCT_VISIT_H

#include "../source/netns.h"
#include "hooks.h"

/* The calling thread in a source's namespace, with a socket there. */
struct visit {
	struct hook_site site;
	int previous; /* where the thread was */
	uint64_t device, inode, cookie; /* of the namespace */
	struct hook_qdiscs qdiscs; /* owned */
};

#define VISIT_NONE ((struct visit){.previous = -1})

/*
 * Finds the namespace by identity and enters it. -ENOENT: it has gone. To be
 * ended by visit_end(), or by leaving the scope.
 */
int visit_begin(struct meter *meter, uint32_t number, struct visit *ret, struct fault *fault);
/* The same, from a visit (or VISIT_NONE) on: mostly the next source is in the same namespace. */
int visit_next(struct meter *meter, uint32_t number, struct visit *visit, struct fault *fault);
/*
 * On to a source in a namespace that is open, with site.qdiscs as they were
 * when it was entered.
 */
int visit_enter(struct meter *meter, uint32_t number, const struct netns *ns, struct visit *visit,
		struct fault *fault);
void visit_end(struct visit *visit);
#define _cleanup_visit_ __attribute__((cleanup(visit_end)))

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETACCT_VISIT_H
#define NETACCT_VISIT_H

#include "hooks.h"

/* The calling thread in a source's namespace, with a socket there. */
struct visit {
	struct hook_site site;
	int previous; /* where the thread was */
};

#define VISIT_NONE ((struct visit){.previous = -1})

/*
 * Finds the namespace by identity and enters it. -ENOENT: it has gone. To be
 * ended by visit_end(), or by leaving the scope.
 */
int visit_begin(struct meter *meter, uint32_t number, struct visit *ret, struct fault *fault);
void visit_end(struct visit *visit);
#define _cleanup_visit_ __attribute__((cleanup(visit_end)))

#endif

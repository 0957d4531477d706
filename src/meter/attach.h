/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources onto a meter and off it. The caller holds pin_lock().
 */
#ifndef NETACCT_ATTACH_H
#define NETACCT_ATTACH_H

#include "../source/source.h"
#include "hooks.h"
#include "meter.h"
#include "visit.h"

struct attach_request {
	struct hooks_request hooks;
	bool peer;
	bool verbose; /* keep the verifier's log in the fault */
	bool fresh; /* the meter was made for this: none of its places was used before */
	const char *tag; /* NULL: none */
};

/*
 * Programs for one source, attached: all or nothing. *ret_number is its place
 * in meter->sources.
 */
int meter_attach(struct meter *meter, const struct source *source,
		 const struct attach_request *request, uint32_t *ret_number, struct fault *fault);

/*
 * The same for one of several: the thread stays in the source's namespace
 * until visit_end(). Start with VISIT_NONE.
 */
int meter_attach_next(struct meter *meter, const struct source *source,
		      const struct attach_request *request, struct visit *visit,
		      uint32_t *ret_number, struct fault *fault);

/*
 * New programs on the same maps, hook and mode, in the place of a live
 * source's: every counter goes on, and no packet is missed or met twice.
 * -EINVAL where hook, mode or order are asked for otherwise than they are.
 */
int meter_replace(struct meter *meter, uint32_t number, bool verbose, struct fault *fault);
/* Brings one that was interrupted to its end. */
int meter_replace_finish(struct meter *meter, uint32_t number, struct fault *fault);

/*
 * Takes the programs of a source off and waits until none of them runs. The
 * source stays, departed, with its counters: meter_release() or the next
 * drain frees it. A namespace or interface that is gone is no error.
 */
int meter_detach(struct meter *meter, uint32_t number, struct fault *fault);
/*
 * The same for all sources that `which` (meta.sources of them) tells of, with one wait. One that
 * fails does not stop the others: the first error. The listener hears of each.
 */
struct detach_listener {
	void (*failed)(void *context, uint32_t number, const struct fault *fault);
	void *context;
};
int meter_detach_each(struct meter *meter, const bool *which,
		      const struct detach_listener *listener);
int meter_detach_several(struct meter *meter, const bool *which, struct fault *fault);
/* The end of it, for a source that is off its hooks and whose programs do not run any more. */
int meter_depart(struct meter *meter, uint32_t number, struct fault *fault);

/* Frees a departed source's place. */
int meter_release(struct meter *meter, uint32_t number, struct fault *fault);

/* Is it a source of this meter, attached or departed? By identity, not by name. */
bool source_is(const struct na_source *one, const struct netns *ns, uint32_t ifindex);

#endif

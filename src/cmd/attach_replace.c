/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>

#include "../source/sentence.h"
#include "attach_run.h"
#include "cmd.h"
#include "message.h"

#define COMMAND "attach"

/* --replace changes neither what is counted nor where. */
static const char *differs(const struct asked *asked, const struct meter *meter,
			   const struct na_source *source)
{
	bool xdp = source->ingress != NA_INGRESS_TC;

	if (asked->key >= 0 && (uint32_t)asked->key != meter->meta.key)
		return "key";
	if (asked->layer3 >= 0 && (uint32_t)asked->layer3 != meter->meta.layer3)
		return "layer of the bytes";
	if (asked->max_flows && asked->max_flows != meter->meta.max_flows)
		return "number of flows";
	if ((asked->hook == HOOK_REQUEST_TCX && source->hook != NA_HOOK_TCX) ||
	    (asked->hook == HOOK_REQUEST_CLSACT && source->hook != NA_HOOK_CLSACT))
		return "hook";
	if ((asked->ingress >= 0 && !xdp) ||
	    (asked->ingress == INGRESS_XDP_NATIVE && source->ingress != NA_INGRESS_XDP_NATIVE) ||
	    (asked->ingress == INGRESS_XDP_GENERIC && source->ingress != NA_INGRESS_XDP_GENERIC))
		return "XDP mode";
	return NULL;
}

static void replace_one(struct work *work, struct meter *meter, uint32_t number)
{
	const struct na_source *source = &meter->sources[number];
	const char *what = differs(&work->asked, meter, source);
	_cleanup_fault_ struct fault fault = {};

	if (what) {
		message_error(COMMAND, source->id, "--replace keeps the %s: detach and attach anew",
			      what);
		work->status = STATUS_FAILED;
		return;
	}
	message_step("replacing the programs of %s", quote(source->id).text);
	if (meter_replace(meter, number, work->request.verbose, &fault))
		attach_failed(work, source->id, &fault);
	else
		attach_say(meter, source, layout_memory(meter->maps));
}

void attach_replace(struct work *work, const char *what, const struct source_list *list)
{
	_cleanup_meter_list_ struct meter_list meters = {};
	_cleanup_fault_ struct fault fault = {};
	size_t i, j, found;
	uint32_t k;

	if (meter_list(&meters, &fault)) {
		attach_failed(work, what, &fault);
		return;
	}
	for (i = 0; i < list->count; i++) {
		const struct source *source = &list->sources[i];

		for (j = found = 0; j < meters.count; j++)
			for (k = 0; k < meters.meters[j].meta.sources; k++) {
				const struct na_source *one = &meters.meters[j].sources[k];

				if (one->state != NA_SOURCE_LIVE ||
				    !source_is(one, &source->netns, source->link.ifindex))
					continue;
				replace_one(work, &meters.meters[j], k);
				found++;
			}
		if (found)
			continue;
		/* it may be the one that could not be opened: then that is the reason */
		if (meters.broken)
			attach_failed(work, meters.broken_name, &meters.fault);
		else
			message_error(COMMAND, source->id, "no meter is attached there to replace");
		work->status = STATUS_FAILED;
	}
}

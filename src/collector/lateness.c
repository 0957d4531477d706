/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lateness.h"

#include <net/if.h>
#include <netacct/cleanup.h>
#include <stdio.h>

#include "../meter/oracle.h"
#include "../meter/visit.h"
#include "../output/rfc3339.h"
#include "../source/sentence.h"

#define CAUSES 400

static uint64_t packets_seen(const struct reading *reading)
{
	return reading->balance.bucket[NA_SEEN][NA_RX].packets +
	       reading->balance.bucket[NA_SEEN][NA_TX].packets;
}

/* "" where the link is up. */
static void look_at_link(struct meter *meter, uint32_t number, char causes[static CAUSES])
{
	_cleanup_fault_ struct fault fault = {};
	_cleanup_visit_ struct visit visit = VISIT_NONE;
	struct nl_error words = {};
	struct link link;

	if (visit_begin(meter, number, &visit, &fault)) {
		sentence_append(causes, CAUSES, "; its namespace cannot be entered: %s",
				fault.text);
		return;
	}
	if (link_by_index(visit.site.nl, meter->sources[number].ifindex, &link, &words))
		sentence_append(causes, CAUSES, "; the interface is gone");
	else if (!(link.flags & IFF_UP))
		sentence_append(causes, CAUSES, "; the interface is down");
	else if (!(link.flags & IFF_RUNNING))
		sentence_append(causes, CAUSES, "; the interface has no carrier (%s)",
				link_operstate(link.operstate));
}

static void look_at_hooks(struct meter *meter, uint32_t number, char causes[static CAUSES])
{
	static const char *const sides[] = {[FILTER_INGRESS] = "in", [FILTER_EGRESS] = "out"};
	struct oracle oracle = {};
	int side;

	oracle_ask(meter, number, &oracle);
	if (oracle.error)
		sentence_append(causes, CAUSES, "; it cannot be asked: %s", oracle.fault.text);
	else if (!oracle.hooks.in || !oracle.hooks.eg)
		sentence_append(causes, CAUSES, "; our program is not on its hook %s",
				oracle.hooks.in ? "out" : "in");
	for (side = 0; side < 2 && !oracle.error; side++)
		if (oracle.order.who[side][0])
			sentence_append(
				causes, CAUSES, "; on the way %s the %s stands before ours%s",
				sides[side], oracle.order.who[side],
				oracle.starved[side] ? ", and the interface counts more" : "");
	cleanup_oracle(&oracle);
}

static void tell(struct meter *meter, const struct reading *reading, uint64_t since,
		 const struct voice *voice)
{
	char causes[CAUSES] = "", time[RFC3339_WRITE_MAX + 1];
	struct rfc3339 cache = {};

	*rfc3339_seconds(&cache, since / 1000000000, time) = '\0';
	look_at_link(meter, reading->owner, causes);
	if (!causes[0])
		look_at_hooks(meter, reading->owner, causes);
	voice_say(voice, VOICE_DEBUG, reading->id, "no packets since %s%s", time,
		  causes[0] ? causes : "; it is up and ours come first: nobody sends, it seems");
}

void lateness_judge(struct meter *meter, const struct reading *reading, struct track_source *source,
		    const struct voice *voice)
{
	uint64_t seen = packets_seen(reading), quiet = source->quiet_since;
	bool more = seen != source->seen;

	source->seen = seen;
	if (more || reading->departed_at) {
		if (source->told)
			voice_say(voice, VOICE_DEBUG, reading->id, "packets again");
		source->told = false;
		source->quiet_since = reading->read_at;
		return;
	}
	if (!quiet)
		quiet = source->quiet_since = reading->attached_at;
	if (source->told)
		return;
	tell(meter, reading, quiet, voice);
	source->told = true;
}

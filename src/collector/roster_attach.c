/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Under the lock: sources onto meters. */
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../meter/attach.h"
#include "../meter/clock.h"
#include "roster_state.h"

/* The entry that an instance's sources go to; NULL: none yet. */
static struct roster_entry *entry_of(struct roster *roster, size_t instance)
{
	size_t i;

	for (i = 0; i < roster->count; i++) {
		struct roster_entry *entry = &roster->entries[i];

		if (entry->instance == instance && entry->ours && !entry->leaving)
			return entry;
	}
	return NULL;
}

static bool is_full(const struct meter *meter)
{
	return meter_sources_used(meter) == meter->meta.sources;
}

static bool has_departed(const struct meter *meter)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (meter->sources[i].state == NA_SOURCE_DEPARTED)
			return true;
	return false;
}

static void say_attached(struct roster *roster, size_t instance, const struct na_source *source)
{
	struct roster_instance *about = &roster->state->instances[instance];
	bool pattern = roster_is_pattern(about);

	voice_say(roster->voice, about->awaited && !pattern ? VOICE_NOTICE : VOICE_DEBUG,
		  source->id,
		  about->awaited && !pattern ? "is there now, and is counted"
					     : "is counted from now on");
	if (source->ingress == NA_INGRESS_XDP_GENERIC && !pattern)
		voice_say(roster->voice, VOICE_WARNING, source->id,
			  "generic XDP sees super-packets without their segment size: packets and "
			  "bytes are not exact");
	about->awaited = pattern;
	about->said = 0;
}

/* It went between being seen and being attached: the next look says so. */
static bool vanished(int error)
{
	return error == -ENODEV || error == -ENOENT || error == -ENXIO;
}

static int attach_to(struct change *change, struct roster_entry *entry, const struct source *source,
		     struct fault *fault)
{
	struct roster *roster = change->roster;
	const struct config_instance *wanted = &roster->config->instances[entry->instance];
	const struct attach_request request = {
		.hooks = wanted->hooks, .peer = wanted->peer, .tag = wanted->tag};
	uint32_t number = 0;
	int error = meter_attach(&entry->meter, source, &request, &number, fault);

	if (!error) {
		say_attached(roster, entry->instance, &entry->meter.sources[number]);
		return 0;
	}
	if (!meter_sources_used(&entry->meter)) {
		_cleanup_fault_ struct fault second = {};

		roster_remove(roster, change->root, (size_t)(entry - roster->entries), &second);
	}
	if (!vanished(error))
		return error;
	voice_say(roster->voice, VOICE_DEBUG, source->id, "%s", fault->text);
	return 0;
}

static int attach(struct change *change, size_t instance, const struct source *source,
		  struct fault *fault)
{
	struct roster *roster = change->roster;
	struct roster_entry *entry = entry_of(roster, instance);

	if (!entry) {
		int error = roster_make(change, instance, fault);

		if (error)
			return error;
		entry = entry_of(roster, instance);
	}
	if (!is_full(&entry->meter))
		return attach_to(change, entry, source, fault);
	if (!has_departed(&entry->meter))
		return fault_set(fault, -ENOSPC,
				 "%u sources are counted, for more there is no room (max_sources)",
				 entry->meter.meta.sources);
	roster->state->waits = true;
	return 0;
}

/* What others attached is counted on, and stays theirs. */
static int take_over(struct change *change, size_t number, size_t instance, struct fault *fault)
{
	int error = -EBUSY;

	if (number == change->busy)
		fault_set(fault, error, "another collector drains it");
	else
		error = roster_hold(change, &change->others.meters[number], instance, fault);
	if (error == -EBUSY)
		change->busy = number;
	return error;
}

/* The first that stands in the way, among ours (fresh) and the others (as listed). */
static struct conflict find(const struct change *change, const struct source *source, bool *ours)
{
	const struct meter_list *others = &change->others;
	size_t i;

	*ours = true;
	for (i = 0; i < change->roster->count; i++) {
		struct conflict conflict =
			conflict_find(&change->roster->entries[i].meter, 1, source);

		conflict.meter = i;
		if (conflict.kind)
			return conflict;
	}
	*ours = false;
	return conflict_find(others->meters, others->count, source);
}

/* Two namespaces may have one label, and two interfaces had one name. */
static void tell_apart(struct conflict *conflict, const struct change *change, const char *tag,
		       struct source *source, bool *ours)
{
	char number[32];

	if (conflict->kind == CONFLICT_ID && tag) {
		conflict_add_tag(source, tag);
		*conflict = find(change, source, ours);
	}
	if (conflict->kind == CONFLICT_ID) {
		snprintf(number, sizeof(number), "%u", source->link.ifindex);
		conflict_add_tag(source, number);
		*conflict = find(change, source, ours);
	}
	if (conflict->kind == CONFLICT_ID) {
		snprintf(number, sizeof(number), "%llu", (unsigned long long)source->netns.inode);
		conflict_add_tag(source, number);
		*conflict = find(change, source, ours);
	}
}

static int place_one(struct change *change, size_t instance, struct source *source,
		     struct fault *fault)
{
	const char *tag = change->roster->config->instances[instance].tag;
	bool ours;
	struct conflict conflict = find(change, source, &ours);

	tell_apart(&conflict, change, tag, source, &ours);
	switch (conflict.kind) {
	case CONFLICT_NONE:
		return attach(change, instance, source, fault);
	case CONFLICT_PLACE:
		if (ours)
			return 0;
		return take_over(change, conflict.meter, instance, fault);
	case CONFLICT_DEPARTED:
		if (ours) {
			change->roster->state->waits = true;
			return 0;
		}
		return fault_set(fault, -EEXIST,
				 "another source has this id, departed, its records wait for a "
				 "drain: drain it first");
	case CONFLICT_ID:
		break;
	}
	return fault_set(fault, -EEXIST, "another source has this id");
}

void roster_place(struct change *change, size_t instance)
{
	struct roster *roster = change->roster;
	struct source_list *list = &roster->state->instances[instance].list;
	size_t i;

	for (i = 0; i < list->count; i++) {
		_cleanup_fault_ struct fault fault = {};
		struct source *source = &list->sources[i];
		int error;

		if (roster_has(roster, source) || roster_failed_lately(roster, source))
			continue;
		if (clock_monotonic() > change->until) {
			roster->state->more = true;
			return;
		}
		error = place_one(change, instance, source, &fault);
		if (!error) {
			roster_succeeded(roster, source);
			continue;
		}
		/* a group that is full is said once, not of each that finds no place */
		if (error == -ENOSPC)
			roster_complain(roster, instance, fault.text);
		roster_failed(roster, source, &fault, error != -ENOSPC);
	}
}

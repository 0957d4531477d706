/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Under the lock: what is there is taken over, what has gone departs, what is empty is removed. */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../meter/attach.h"
#include "../meter/clock.h"
#include "../meter/hold.h"
#include "roster_state.h"

/* Whoever waits for the lock gives up after ten. */
#define LOCKED_MAX (2 * NANOSECONDS)

int roster_hold(struct change *change, struct meter *meter, size_t instance, struct fault *fault)
{
	struct roster *roster = change->roster;
	int hold = hold_take(change->root, meter, roster->config->history, fault);
	struct roster_entry *grown;

	if (hold < 0)
		return hold;
	grown = reallocarray(roster->entries, roster->count + 1, sizeof(*grown));
	if (!grown) {
		close(hold);
		return fault_errno(fault, -ENOMEM, "its meter");
	}
	roster->entries = grown;
	grown[roster->count++] =
		(struct roster_entry){.meter = *meter, .hold = hold, .instance = instance};
	*meter = METER_CLOSED;
	return 0;
}

void roster_drop(struct roster *roster, size_t number)
{
	struct roster_entry *entry = &roster->entries[number];

	meter_close(&entry->meter);
	cleanup_close(&entry->hold);
	roster->count--;
	memmove(entry, entry + 1, (roster->count - number) * sizeof(*entry));
}

int roster_remove(struct roster *roster, int root, size_t number, struct fault *fault)
{
	int error = meter_remove(root, &roster->entries[number].meter, fault);

	roster_drop(roster, number);
	return error;
}

static bool is_ours(const struct roster *roster, const struct meter *meter)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (!strcmp(roster->entries[i].meter.uuid, meter->uuid))
			return true;
	return false;
}

static size_t instance_of(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->count; i++)
		if (!strcmp(config->instances[i].name, name))
			return i;
	return ROSTER_NO_INSTANCE;
}

/* Does it count as its instance asks now? */
static bool fits(const struct change *change, const struct meter *meter, size_t instance)
{
	const struct config_instance *wanted = &change->roster->config->instances[instance];
	bool pattern = roster_is_pattern(&change->roster->state->instances[instance]);
	_cleanup_fault_ struct fault fault = {};
	struct meter_settings settings;
	char group[64];

	roster_settings(wanted, pattern, group, &settings);
	return !meter_settings_match(meter, &settings, &fault) &&
	       meter->meta.sources == settings.sources &&
	       !!meter->meta.whitelist == !!wanted->whitelist_file;
}

/*
 * What a collector before this one left: also where its interface is no more, so that the last
 * counts are taken. One that is held is met again where its interfaces are looked for.
 */
static void adopt(struct change *change, struct meter *meter)
{
	_cleanup_fault_ struct fault fault = {};
	struct roster *roster = change->roster;
	struct roster_mark mark;
	size_t instance;

	if (roster_read_mark(change->root, meter, &mark))
		return;
	instance = instance_of(roster->config, mark.instance);
	if (instance == ROSTER_NO_INSTANCE)
		return;
	if (!roster_hold(change, meter, instance, &fault)) {
		struct roster_entry *entry = &roster->entries[roster->count - 1];

		entry->made = !mark.persist;
		entry->ours = fits(change, &entry->meter, instance);
		entry->leaving = entry->made && !entry->ours;
	}
}

static int list_others(struct change *change, struct fault *fault)
{
	struct meter_list *others = &change->others;
	int error = meter_list(others, fault);
	size_t i;

	for (i = 0; i < others->count && !error; i++) {
		if (is_ours(change->roster, &others->meters[i]))
			meter_close(&others->meters[i]);
		else
			adopt(change, &others->meters[i]);
	}
	return error;
}

int roster_depart(struct roster_entry *entry, const bool *which, struct fault *fault)
{
	int error = pin_lock_meter(entry->meter.lock, fault);

	if (error)
		return error;
	error = meter_detach_several(&entry->meter, which, fault);
	pin_unlock_meter(entry->meter.lock);
	return error;
}

static void say_departed(const struct roster *roster, const struct roster_entry *entry,
			 const bool *which)
{
	uint32_t i;

	for (i = 0; i < entry->meter.meta.sources; i++)
		if (which[i] && entry->meter.sources[i].state == NA_SOURCE_DEPARTED)
			voice_say(roster->voice, VOICE_DEBUG, entry->meter.sources[i].id,
				  "has gone; its last counts come with the next drain");
}

static int let_go(struct roster *roster, struct roster_entry *entry)
{
	_cleanup_free_ bool *which = calloc(entry->meter.meta.sources, sizeof(*which));
	_cleanup_fault_ struct fault fault = {};
	bool any = false;
	uint32_t i;

	if (!which)
		return -ENOMEM;
	if (meter_load_sources(&entry->meter, &fault)) {
		roster_complain(roster, entry->instance, fault.text);
		return 0;
	}
	for (i = 0; i < entry->meter.meta.sources; i++)
		any |= which[i] = roster_leaves(roster, entry, &entry->meter.sources[i]);
	if (any && roster_depart(entry, which, &fault))
		roster_complain(roster, entry->instance, fault.text);
	if (any)
		say_departed(roster, entry, which);
	return 0;
}

static void remove_empty(struct change *change)
{
	struct roster *roster = change->roster;
	size_t i;

	for (i = roster->count; i-- > 0;) {
		const struct roster_entry *entry = &roster->entries[i];
		size_t instance = entry->instance;
		_cleanup_fault_ struct fault fault = {};

		if (meter_sources_used(&entry->meter) || (entry->ours && !entry->leaving))
			continue;
		if (roster_remove(roster, change->root, i, &fault))
			roster_complain(roster, instance, fault.text);
	}
}

/* Literal names first: what they name is theirs, and not a pattern's. */
static void place_all(struct change *change)
{
	const struct roster *roster = change->roster;
	int pattern;
	size_t i;

	for (pattern = 0; pattern < 2; pattern++)
		for (i = 0; i < roster->config->count; i++)
			if (roster_is_pattern(&roster->state->instances[i]) == !!pattern)
				roster_place(change, i);
}

static int change_locked(struct change *change, struct fault *fault)
{
	struct roster *roster = change->roster;
	int error = list_others(change, fault);
	size_t i;

	for (i = 0; i < roster->count && !error; i++)
		error = let_go(roster, &roster->entries[i]);
	if (!error) {
		remove_empty(change);
		place_all(change);
	}
	meter_list_clear(&change->others);
	return error;
}

int roster_change(struct roster *roster)
{
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = pin_root(true, &fault);
	struct change change = {
		.roster = roster, .until = clock_monotonic() + LOCKED_MAX, .busy = SIZE_MAX};
	int error = root < 0 ? root : pin_lock(&root, &fault);

	change.root = root;
	roster->state->more = false;
	if (!error)
		error = change_locked(&change, &fault);
	if (error)
		roster_complain(roster, ROSTER_NO_INSTANCE, fault.text);
	else
		roster->state->said = 0;
	if (!roster->count)
		pin_remove_root();
	if (error == -EBUSY) { /* whoever has the lock gives it back */
		roster->state->more = true;
		return 0;
	}
	return error;
}

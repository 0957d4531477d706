/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../meter/whitelist_apply.h"
#include "running.h"

/* Attached since the whitelist files were first looked at: by the roster, with what they say. */
static bool is_new(const struct collector *collector, const struct roster_entry *entry)
{
	const struct meter *meter = &entry->meter;
	bool fresh = entry->made;
	uint32_t i;

	for (i = 0; i < meter->meta.sources && fresh; i++)
		fresh = !source_used(&meter->sources[i]) ||
			meter->sources[i].attached_monotonic >= collector->reload.since;
	return fresh;
}

void reload_apply(struct collector *collector, struct roster_entry *entry, struct track *track)
{
	_cleanup_fault_ struct fault fault = {};
	const struct config_instance *instance;
	const struct whitelist *whitelist;
	unsigned int version = 0;

	if (!track->met && is_new(collector, entry))
		track->whitelist = RELOAD_FIRST;
	track->met = true;
	whitelist = reload_whitelist(&collector->reload, entry->instance, &version);
	if (!whitelist || entry->instance >= collector->config->count ||
	    track->whitelist == version)
		return;
	track->whitelist = version;
	instance = &collector->config->instances[entry->instance];
	if (whitelist_apply(&entry->meter, whitelist, instance->whitelist_file, &fault))
		voice_say(collector->voice, VOICE_ERROR, instance->name,
			  "%s; its whitelist stays as it was", fault.text);
}

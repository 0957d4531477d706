/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Under the lock: the meter of an instance. */
#include <ctype.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "roster_state.h"

/*
 * A group's name may hold letters, digits, '-', '_' and '.', an instance's anything: the others
 * become '_', and what they were is in the number behind (FNV-1a).
 */
static void group_name(const char *instance, char group[static 64])
{
	uint32_t hash = 0x811c9dc5u;
	const char *at;
	size_t i = 0;

	for (at = instance; *at; at++) {
		hash = (hash ^ (uint8_t)*at) * 0x01000193u;
		if (i < 48)
			group[i++] = *at;
		if (!isalnum((unsigned char)group[i - 1]) && !strchr("-_.", group[i - 1]))
			group[i - 1] = '_';
	}
	snprintf(group + i, 64 - i, "-%08x", hash);
}

void roster_settings(const struct config_instance *instance, bool pattern, char group[static 64],
		     struct meter_settings *ret)
{
	group_name(instance->name, group);
	*ret = (struct meter_settings){
		.key = instance->key,
		.layer3 = instance->layer3,
		.max_flows = instance->max_flows,
		.sources = pattern ? instance->max_sources : 1,
		.group = pattern ? group : NULL,
	};
}

static int load_whitelist(const struct config_instance *instance, struct whitelist *whitelist,
			  struct meter_settings *settings, struct fault *fault)
{
	struct whitelist_error why = {};
	int error;

	if (!instance->whitelist_file)
		return 0;
	error = whitelist_load(instance->whitelist_file, whitelist, &why);
	if (error)
		return fault_set(fault, error, "%s: %s", instance->whitelist_file, why.text);
	settings->whitelist = whitelist;
	settings->whitelist_file = instance->whitelist_file;
	return 0;
}

int roster_make(struct change *change, size_t instance, struct fault *fault)
{
	const struct config_instance *wanted = &change->roster->config->instances[instance];
	bool pattern = roster_is_pattern(&change->roster->state->instances[instance]);
	_cleanup_whitelist_ struct whitelist whitelist = {};
	struct meter meter = METER_CLOSED;
	struct meter_settings settings;
	struct roster_entry *entry;
	char group[64];
	int error;

	roster_settings(wanted, pattern, group, &settings);
	error = load_whitelist(wanted, &whitelist, &settings, fault);
	if (!error)
		error = meter_create(change->root, &settings, &meter, fault);
	if (error)
		return error;
	error = roster_hold(change, &meter, instance, fault);
	if (error) {
		struct fault second = {};

		meter_remove(change->root, &meter, &second);
		return error;
	}
	entry = &change->roster->entries[change->roster->count - 1];
	entry->made = entry->ours = true;
	return roster_mark(change->root, &entry->meter, wanted, fault);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How meters are let go: at the end, or when the configuration is another. */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "roster_state.h"

static bool same_text(const char *one, const char *other)
{
	return one && other ? !strcmp(one, other) : one == other;
}

/* Does it mean the same sources, and count them in the same way? */
static bool same(const struct config_instance *one, const struct config_instance *other)
{
	return same_text(one->name, other->name) && same_text(one->tag, other->tag) &&
	       same_text(one->namespace, other->namespace) &&
	       same_text(one->interface, other->interface) &&
	       one->hooks.ingress == other->hooks.ingress && one->hooks.hook == other->hooks.hook &&
	       one->hooks.tail == other->hooks.tail && one->peer == other->peer &&
	       one->layer3 == other->layer3 && one->key == other->key &&
	       one->max_flows == other->max_flows && one->max_sources == other->max_sources &&
	       !one->whitelist_file == !other->whitelist_file;
}

static size_t instance_named(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->count; i++)
		if (same_text(config->instances[i].name, name))
			return i;
	return ROSTER_NO_INSTANCE;
}

int roster_parse(const struct roster *roster, const struct config *config,
		 struct roster_instance *instances)
{
	size_t i;

	for (i = 0; i < config->count; i++) {
		const struct config_instance *wanted = &config->instances[i];
		struct source_error why = {};
		int error = source_parse(wanted->interface, wanted->namespace, &instances[i].name,
					 &why);

		if (!error)
			continue;
		voice_say(roster->voice, VOICE_ERROR, wanted->name, "%s", why.text);
		return error;
	}
	return 0;
}

static bool stays(const struct roster *roster, const struct roster_entry *entry)
{
	if (!entry->made)
		return true;
	return entry->instance != ROSTER_NO_INSTANCE && !entry->leaving &&
	       roster->config->instances[entry->instance].persist;
}

static int detach_entry(const struct roster *roster, struct roster_entry *entry)
{
	_cleanup_free_ bool *which = calloc(entry->meter.meta.sources, sizeof(*which));
	_cleanup_fault_ struct fault fault = {};
	int error = meter_load_sources(&entry->meter, &fault);
	uint32_t i;

	if (!which)
		return -ENOMEM;
	for (i = 0; i < entry->meter.meta.sources && !error; i++)
		which[i] = source_counts(&entry->meter.sources[i]);
	if (!error)
		error = roster_depart(entry, which, &fault);
	if (error)
		voice_say(roster->voice, VOICE_ERROR, entry->meter.directory, "%s", fault.text);
	return error;
}

static int lock(const struct roster *roster, int *ret_root)
{
	_cleanup_fault_ struct fault fault = {};
	_cleanup_close_ int root = pin_root(false, &fault);
	int error = root < 0 ? root : pin_lock(&root, &fault);

	if (error) {
		voice_say(roster->voice, VOICE_ERROR, NULL, "%s", fault.text);
		return error;
	}
	*ret_root = TAKE_FD(root);
	return 0;
}

int roster_detach(struct roster *roster)
{
	_cleanup_close_ int root = -1;
	int error = roster->count ? lock(roster, &root) : 0, first = 0;
	size_t i;

	for (i = 0; i < roster->count && !error; i++) {
		int failed = stays(roster, &roster->entries[i])
				     ? 0
				     : detach_entry(roster, &roster->entries[i]);

		if (!first)
			first = failed;
	}
	return error ? error : first;
}

int roster_end(struct roster *roster)
{
	_cleanup_close_ int root = -1;
	int error = roster->count ? lock(roster, &root) : 0, first = error;

	while (roster->count) {
		_cleanup_fault_ struct fault fault = {};
		size_t last = roster->count - 1;

		if (root < 0 || meter_sources_used(&roster->entries[last].meter)) {
			roster_drop(roster, last);
			continue;
		}
		error = roster_remove(roster, root, last, &fault);
		if (error)
			voice_say(roster->voice, VOICE_ERROR, NULL, "%s", fault.text);
		if (!first)
			first = error;
	}
	if (root >= 0)
		pin_remove_root();
	return first;
}

/* An entry of the old configuration into the new one; false: it is let go of. */
static bool carry_over(struct roster *roster, const struct config *config, int root,
		       struct roster_entry *entry)
{
	const struct config_instance *old, *new;
	_cleanup_fault_ struct fault fault = {};

	if (entry->instance == ROSTER_NO_INSTANCE)
		return true;
	old = &roster->config->instances[entry->instance];
	entry->instance = instance_named(config, old->name);
	new = entry->instance == ROSTER_NO_INSTANCE ? NULL : &config->instances[entry->instance];
	if (entry->leaving)
		return true;
	if (new &&same(old, new)) {
		if (entry->ours &&
		    old->persist != new->persist &&roster_mark(root, &entry->meter, new, &fault))
			voice_say(roster->voice, VOICE_ERROR, new->name, "%s", fault.text);
		return true;
	}
	if (!entry->made || old->persist)
		return false;
	entry->leaving = true;
	detach_entry(roster, entry);
	return true;
}

/* What was said of an instance that is the same is not said again. */
static void remember(const struct roster *roster, const struct config *config,
		     struct roster_instance *instances)
{
	size_t i, old;

	for (i = 0; i < config->count; i++) {
		old = instance_named(roster->config, config->instances[i].name);
		if (old == ROSTER_NO_INSTANCE ||
		    !same(&roster->config->instances[old], &config->instances[i]))
			continue;
		instances[i].awaited = roster->state->instances[old].awaited;
		instances[i].said = roster->state->instances[old].said;
	}
}

int roster_configure(struct roster *roster, const struct config *config)
{
	_cleanup_free_ struct roster_instance *instances =
		calloc(config->count ? config->count : 1, sizeof(*instances));
	_cleanup_close_ int root = -1;
	size_t i;
	int error = instances ? roster_parse(roster, config, instances) : -ENOMEM;

	if (!error && roster->count)
		error = lock(roster, &root);
	if (error)
		return error;
	for (i = roster->count; i-- > 0;)
		if (!carry_over(roster, config, root, &roster->entries[i]))
			roster_drop(roster, i);
	remember(roster, config, instances);
	free(roster->state->instances);
	roster->state->instances = TAKE_PTR(instances);
	roster->config = config;
	return 0;
}

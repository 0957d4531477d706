/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each instance means now. */
#include <errno.h>
#include <fnmatch.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../source/sentence.h"
#include "roster_state.h"

/* All namespaces, listed where a pattern asks for them, once. */
struct listing {
	struct netns *list;
	size_t count;
	bool done;
};

static void cleanup_listing(struct listing *listing)
{
	netns_list_free(listing->list, listing->count);
}
#define _cleanup_listing_ __attribute__((cleanup(cleanup_listing)))

bool roster_is_pattern(const struct roster_instance *instance)
{
	return instance->name.netns_is_pattern || instance->name.interface_is_pattern;
}

/* A pattern may mean a namespace without a name: those are called net-INODE. */
static bool matches_nameless(const char *pattern)
{
	static const char label[] = "net-";
	size_t fixed = strcspn(pattern, "*?[");

	return !strncmp(pattern, label, fixed < strlen(label) ? fixed : strlen(label));
}

bool roster_is_scanned(const struct roster_instance *instance)
{
	const struct source_name *name = &instance->name;

	if (!strcmp(name->interface, "@default"))
		return true;
	if (name->place == SOURCE_PID || name->place == SOURCE_PATH)
		return true;
	return name->netns_is_pattern && matches_nameless(name->netns);
}

static void want(struct roster *roster, const struct netns *ns)
{
	struct roster_state *state = roster->state;

	if (ns->fd < 0 || ns->error)
		return;
	if (follow_want(state->follow, ns))
		state->deaf = true;
}

static int want_matching(struct roster *roster, const struct source_name *name,
			 struct listing *listing)
{
	char label[300];
	size_t i;

	if (!listing->done) {
		int error = netns_list(&listing->list, &listing->count);

		if (error)
			return error;
		listing->done = true;
	}
	for (i = 0; i < listing->count; i++) {
		const struct netns *ns = &listing->list[i];

		/* a name is made first, and then mounted on; no event tells of that */
		if (ns->fd < 0 && ns->error == -EINVAL)
			roster->state->unsettled = true;
		netns_label(ns, label);
		if (!fnmatch(name->netns, label, FNM_NOESCAPE))
			want(roster, ns);
	}
	return 0;
}

static void want_places(struct roster *roster, const struct source_name *name,
			struct listing *listing)
{
	_cleanup_netns_ struct netns ns = {.fd = -1};
	int error;

	if (name->netns_is_pattern) {
		if (want_matching(roster, name, listing))
			roster->state->deaf = true;
		return;
	}
	error = source_open_netns(name, &ns);
	if (error == -EINVAL && name->place == SOURCE_NAME)
		roster->state->unsettled = true;
	if (!error)
		want(roster, &ns);
}

static bool is_absence(int error)
{
	return error == -ENOENT || error == -ENODEV || error == -ESRCH || error == -EINVAL;
}

static void say_absence(struct roster *roster, size_t number, const char *why)
{
	struct roster_instance *instance = &roster->state->instances[number];

	if (!instance->awaited)
		voice_say(roster->voice, VOICE_NOTICE, roster->config->instances[number].name,
			  "%s: it is waited for", why);
	instance->awaited = true;
}

static int resolve(struct roster *roster, size_t number)
{
	struct roster_instance *instance = &roster->state->instances[number];
	struct source_error why = {};
	int error = source_resolve(&instance->name, &instance->list, &why);

	instance->found = FOUND_NOTHING_KNOWN;
	if (error == -ENOMEM)
		return error;
	if (!error) {
		instance->said = 0;
		instance->found = why.text[0] ? FOUND_IN_PART : FOUND_ALL;
		return 0;
	}
	if (!is_absence(error)) {
		roster_complain(roster, number, why.text);
		return 0;
	}
	/* what was passed over of several is in the sentence */
	instance->found = instance->name.netns_is_pattern ? FOUND_IN_PART : FOUND_ALL;
	say_absence(roster, number, why.text);
	return 0;
}

int roster_look(struct roster *roster)
{
	_cleanup_listing_ struct listing listing = {};
	struct roster_state *state = roster->state;
	size_t i;
	int error = 0;

	state->unsettled = state->deaf = false;
	/* first to hear, then to look: what comes in between is seen, or told of */
	follow_begin(state->follow);
	for (i = 0; i < roster->config->count; i++)
		want_places(roster, &state->instances[i].name, &listing);
	follow_end(state->follow);
	for (i = 0; i < roster->config->count && !error; i++)
		error = resolve(roster, i);
	return error;
}

void roster_unlook(struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->config->count; i++)
		source_list_clear(&roster->state->instances[i].list);
}

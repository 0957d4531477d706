/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be done, by comparing what was found with what is attached; and what failed lately. */
#include <errno.h>
#include <sys/stat.h>

#include "../meter/attach.h"
#include "../meter/clock.h"
#include "roster_state.h"

#define REST_MAX 32 /* seconds */

bool roster_has(const struct roster *roster, const struct source *source)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (conflict_find(&roster->entries[i].meter, 1, source).kind == CONFLICT_PLACE)
			return true;
	return false;
}

static bool means(const struct roster *roster, const struct na_source *source)
{
	size_t i, j;

	for (i = 0; i < roster->config->count; i++) {
		const struct source_list *list = &roster->state->instances[i].list;

		for (j = 0; j < list->count; j++)
			if (source_is(source, &list->sources[j].netns,
				      list->sources[j].link.ifindex))
				return true;
	}
	return false;
}

static struct roster_failure *failure_of(const struct roster *roster, const struct source *source)
{
	struct roster_failure *failures = roster->state->failures;
	size_t i;

	for (i = 0; i < ROSTER_FAILURES; i++)
		if (failures[i].ifindex == source->link.ifindex &&
		    failures[i].inode == source->netns.inode &&
		    failures[i].device == source->netns.device)
			return &failures[i];
	return NULL;
}

bool roster_failed_lately(const struct roster *roster, const struct source *source)
{
	const struct roster_failure *failure = failure_of(roster, source);

	return failure && failure->again > clock_monotonic();
}

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 0x100000001b3ull;
	return hash;
}

void roster_failed(struct roster *roster, const struct source *source, const struct fault *fault,
		   bool aloud)
{
	struct roster_failure *failure = failure_of(roster, source);
	struct roster_state *state = roster->state;
	uint64_t hash = hash_text(fault->text);

	if (!failure) {
		failure = &state->failures[state->next_failure++ % ROSTER_FAILURES];
		*failure = (struct roster_failure){.device = source->netns.device,
						   .inode = source->netns.inode,
						   .ifindex = source->link.ifindex};
	}
	if (aloud && failure->said != hash)
		voice_say(roster->voice, VOICE_ERROR, source->id, "%s", fault->text);
	failure->said = hash;
	failure->again = clock_monotonic() + (NANOSECONDS << failure->tries);
	if (1u << failure->tries < REST_MAX)
		failure->tries++;
}

void roster_succeeded(struct roster *roster, const struct source *source)
{
	struct roster_failure *failure = failure_of(roster, source);

	if (failure)
		*failure = (struct roster_failure){};
}

void roster_complain(struct roster *roster, size_t instance, const char *text)
{
	bool all = instance == ROSTER_NO_INSTANCE;
	uint64_t *said = all ? &roster->state->said : &roster->state->instances[instance].said;
	uint64_t hash = hash_text(text);

	if (*said != hash)
		voice_say(roster->voice, VOICE_ERROR,
			  all ? NULL : roster->config->instances[instance].name, "%s", text);
	*said = hash;
}

/* Others may remove a meter that is held (detach --force): its directory has no link then. */
static bool removed(const struct roster_entry *entry)
{
	struct stat status;

	return !fstat(entry->meter.lock, &status) && !status.st_nlink;
}

/* Its interface, or its whole namespace. */
static bool gone(const struct na_source *source)
{
	_cleanup_netns_ struct netns ns = {.fd = -1};
	_cleanup_rtnl_ struct rtnl *nl = NULL;
	struct nl_error words;
	struct link link;
	int previous, error = netns_open_identity(source->netns_device, source->netns_inode,
						  source->netns_cookie, &ns);

	if (error)
		return error == -ENOENT;
	if (netns_enter(&ns, &previous))
		return false;
	error = rtnl_open(&nl, &words);
	if (netns_leave(previous) || error)
		return false;
	return link_by_index(nl, source->ifindex, &link, &words) == -ENODEV;
}

/*
 * Where we attached it and know all that is meant, what is not meant leaves. What others attached,
 * or what may be where we could not look, only leaves when it is no more.
 */
bool roster_leaves(const struct roster *roster, const struct roster_entry *entry,
		   const struct na_source *source)
{
	if (!source_counts(source))
		return false;
	if (source->state != NA_SOURCE_LIVE)
		return true; /* begun by somebody who did not come to its end */
	if (entry->leaving)
		return entry->made;
	if (means(roster, source))
		return false;
	if (entry->ours && roster->state->instances[entry->instance].found == FOUND_ALL)
		return true;
	return gone(source);
}

static bool entry_due(const struct roster *roster, const struct roster_entry *entry)
{
	bool used = false;
	uint32_t i;

	for (i = 0; i < entry->meter.meta.sources; i++) {
		const struct na_source *source = &entry->meter.sources[i];

		used |= source_used(source);
		if (roster_leaves(roster, entry, source))
			return true;
	}
	return !used && (entry->leaving || !entry->ours);
}

/* A departed source that has its id, or the only place of its meter, goes with the next drain. */
static bool waits(const struct roster *roster, const struct source *source)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (conflict_find(&roster->entries[i].meter, 1, source).kind == CONFLICT_DEPARTED)
			return true;
	return false;
}

static bool source_due(struct roster *roster, const struct source *source)
{
	if (roster_has(roster, source))
		return false;
	if (waits(roster, source)) {
		roster->state->waits = true;
		return false;
	}
	return !roster_failed_lately(roster, source);
}

bool roster_due(struct roster *roster)
{
	bool due = false;
	size_t i, j;

	for (i = roster->count; i-- > 0;)
		if (removed(&roster->entries[i]))
			roster_drop(roster, i);
	for (i = 0; i < roster->count; i++)
		due |= entry_due(roster, &roster->entries[i]);
	roster->state->waits = false;
	for (i = 0; i < roster->config->count; i++) {
		const struct source_list *list = &roster->state->instances[i].list;

		for (j = 0; j < list->count; j++)
			due |= source_due(roster, &list->sources[j]);
	}
	return due;
}

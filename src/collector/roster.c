/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "roster.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "../meter/clock.h"
#include "roster_state.h"

#define MILLISECOND 1000000ull
/* A name of a namespace becomes one within milliseconds, or never: so often it is looked at. */
#define SETTLING_MAX 12

static int open_state(const struct config *config, struct roster_state **ret)
{
	struct roster_state *state = calloc(1, sizeof(*state));
	int error;

	if (!state)
		return -ENOMEM;
	state->settling = 1;
	state->instances = calloc(config->count ? config->count : 1, sizeof(*state->instances));
	error = state->instances ? follow_open(&state->follow) : -ENOMEM;
	if (error) {
		free(state->instances);
		free(state);
		return error;
	}
	*ret = state;
	return 0;
}

int roster_open(struct roster *roster, const struct config *config, const struct voice *voice)
{
	int error;

	*roster = (struct roster){.config = config, .voice = voice};
	error = open_state(config, &roster->state);
	if (!error)
		error = roster_parse(roster, config, roster->state->instances);
	if (!error)
		error = roster_look(roster);
	if (roster->state)
		roster_unlook(roster);
	if (error)
		roster_close(roster);
	return error;
}

void roster_close(struct roster *roster)
{
	while (roster->count)
		roster_drop(roster, roster->count - 1);
	free(roster->entries);
	if (roster->state) {
		follow_close(roster->state->follow);
		free(roster->state->instances);
		free(roster->state);
	}
	*roster = (struct roster){};
}

/* When to look again although nothing is told. */
static void arrange(struct roster *roster)
{
	struct roster_state *state = roster->state;
	uint64_t now = clock_monotonic();
	size_t i;

	if (!state->unsettled)
		state->settling = 0;
	else if (state->settling && state->settling < SETTLING_MAX)
		follow_wake(state->follow, MILLISECOND << state->settling++);
	if (state->more)
		follow_wake(state->follow, 10 * MILLISECOND);
	for (i = 0; i < ROSTER_FAILURES; i++)
		if (state->failures[i].ifindex && state->failures[i].again > now)
			follow_wake(state->follow, state->failures[i].again - now + MILLISECOND);
}

int roster_update(struct roster *roster)
{
	int error = roster_look(roster);

	if (!error && roster_due(roster))
		error = roster_change(roster);
	roster_unlook(roster);
	if (!error)
		arrange(roster);
	return error;
}

const int *roster_descriptors(const struct roster *roster, size_t *ret_count)
{
	*ret_count = 1;
	return follow_descriptor(roster->state->follow);
}

bool roster_event(struct roster *roster)
{
	enum follow_event event = follow_read(roster->state->follow);

	if (event == FOLLOW_NAMES)
		roster->state->settling = 1;
	return event != FOLLOW_NOTHING;
}

bool roster_scans(const struct roster *roster)
{
	size_t i;

	if (roster->state->deaf || roster->state->waits)
		return true;
	for (i = 0; i < roster->config->count; i++)
		if (roster_is_scanned(&roster->state->instances[i]))
			return true;
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "track.h"

#include <netacct/cleanup.h>
#include <string.h>

static void clear(struct track *track)
{
	free(track->sources);
	*track = (struct track){};
}

void tracks_clear(struct tracks *tracks)
{
	size_t i;

	for (i = 0; i < tracks->count; i++)
		clear(&tracks->items[i]);
	free(tracks->items);
	*tracks = (struct tracks){};
}

static struct track *find(struct tracks *tracks, const char *uuid)
{
	size_t i;

	for (i = 0; i < tracks->count; i++)
		if (!strcmp(tracks->items[i].uuid, uuid))
			return &tracks->items[i];
	return NULL;
}

struct track *tracks_get(struct tracks *tracks, const char *uuid, uint32_t sources)
{
	struct track *track = find(tracks, uuid), *grown;
	struct track fresh = {.count = sources};

	if (track) {
		track->kept = true;
		return track;
	}
	memcpy(fresh.uuid, uuid, sizeof(fresh.uuid));
	fresh.kept = true;
	fresh.sources = calloc(sources ? sources : 1, sizeof(*fresh.sources));
	grown = fresh.sources ? realloc(tracks->items, (tracks->count + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(fresh.sources);
		return NULL;
	}
	tracks->items = grown;
	tracks->items[tracks->count] = fresh;
	return &tracks->items[tracks->count++];
}

void tracks_sweep(struct tracks *tracks)
{
	size_t i, kept = 0;

	for (i = 0; i < tracks->count; i++) {
		if (!tracks->items[i].kept) {
			clear(&tracks->items[i]);
			continue;
		}
		tracks->items[kept] = tracks->items[i];
		tracks->items[kept++].kept = false;
	}
	tracks->count = kept;
}

void tracks_unbind(struct tracks *tracks)
{
	size_t i;
	uint32_t j;

	for (i = 0; i < tracks->count; i++)
		for (j = 0; j < tracks->items[i].count; j++)
			tracks->items[i].sources[j].bound = false;
}

void tracks_unlist(struct tracks *tracks)
{
	size_t i;

	for (i = 0; i < tracks->count; i++)
		tracks->items[i].whitelist = 0;
}

struct track_source *track_source(struct track *track, uint32_t number, uint64_t attached_at)
{
	struct track_source *source;

	if (number >= track->count)
		return NULL;
	source = &track->sources[number];
	if (source->attached_at != attached_at)
		*source = (struct track_source){.attached_at = attached_at};
	return source;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conflict.h"

#include <stdio.h>
#include <string.h>

#include "attach.h"

static enum conflict_kind same_place(const struct na_source *one, const struct source *source)
{
	return source_counts(one) && source_is(one, &source->netns, source->link.ifindex)
		       ? CONFLICT_PLACE
		       : CONFLICT_NONE;
}

static enum conflict_kind same_id(const struct na_source *one, const struct source *source)
{
	if (!source_used(one) || strcmp(one->id, source->id) != 0)
		return CONFLICT_NONE;
	return one->state == NA_SOURCE_DEPARTED ? CONFLICT_DEPARTED : CONFLICT_ID;
}

static struct conflict find(const struct meter *meters, size_t count, const struct source *source,
			    enum conflict_kind (*judge)(const struct na_source *one,
							const struct source *source))
{
	uint32_t j;
	size_t i;

	for (i = 0; i < count; i++)
		for (j = 0; j < meters[i].meta.sources; j++) {
			enum conflict_kind kind = judge(&meters[i].sources[j], source);

			if (kind)
				return (struct conflict){kind, i, j};
		}
	return (struct conflict){CONFLICT_NONE, 0, 0};
}

struct conflict conflict_find(const struct meter *meters, size_t count, const struct source *source)
{
	struct conflict conflict = find(meters, count, source, same_place);

	return conflict.kind ? conflict : find(meters, count, source, same_id);
}

void conflict_add_tag(struct source *source, const char *tag)
{
	char id[sizeof(source->id)];

	snprintf(id, sizeof(id), "%.*s--%s", (int)(sizeof(id) - strlen(tag) - 3), source->id, tag);
	memcpy(source->id, id, sizeof(id));
}

struct meter *conflict_group(struct meter *meters, size_t count, const char *group)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(meters[i].meta.group, group))
			return &meters[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sighting.h"

#include <netacct/cleanup.h>
#include <string.h>

#include "read.h"

/* Packets seen, from both halves; what cannot be read is not seen. */
static void sight_seen(const struct meter *meter, uint32_t number, struct meter_sighting *ret)
{
	bool turned = meter->sources[number].flags & NA_SOURCE_PEER;
	_cleanup_fault_ struct fault fault = {};
	struct half_balance half;
	uint32_t i;

	for (i = 0; i < NA_HALVES; i++) {
		if (meter_read_balance(meter, number, i, &half, &fault))
			return;
		ret->rx_seen += half.direction[turned].bucket[NA_SEEN].packets;
		ret->tx_seen += half.direction[!turned].bucket[NA_SEEN].packets;
	}
}

static void sight(const struct meter *meter, uint32_t number, struct meter_sighting *ret)
{
	const struct na_source *source = &meter->sources[number];

	*ret = (struct meter_sighting){.netns_inode = source->netns_inode,
				       .netns_cookie = source->netns_cookie,
				       .ifindex = source->ifindex,
				       .in_prog_id = source->in.prog_id,
				       .eg_prog_id = source->eg.prog_id,
				       .since = source->after,
				       .live = source->state == NA_SOURCE_LIVE};
	memcpy(ret->id, source->id, sizeof(ret->id));
	memcpy(ret->uuid, meter->uuid, sizeof(ret->uuid));
	sight_seen(meter, number, ret);
}

int meter_sightings(struct meter_sighting **ret, size_t *ret_count)
{
	_cleanup_meter_list_ struct meter_list list = {};
	_cleanup_fault_ struct fault fault = {};
	struct meter_sighting *sightings;
	size_t count = 0, room = 0, i;
	uint32_t source;
	int error = meter_list(&list, &fault);

	if (error)
		return error;
	for (i = 0; i < list.count; i++)
		room += meter_sources_used(&list.meters[i]);
	sightings = calloc(room ? room : 1, sizeof(*sightings));
	if (!sightings)
		return -ENOMEM;
	for (i = 0; i < list.count; i++)
		for (source = 0; source < list.meters[i].meta.sources; source++)
			if (source_used(&list.meters[i].sources[source]))
				sight(&list.meters[i], source, &sightings[count++]);
	*ret = sightings;
	*ret_count = count;
	return 0;
}

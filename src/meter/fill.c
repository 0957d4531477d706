/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fill.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "clock.h"
#include "read.h"

/* Strings of a reading: "" is none. */
static int copy_text(const char *text, char **ret)
{
	if (text[0] && !(*ret = strdup(text)))
		return -ENOMEM;
	return 0;
}

static int copy_names(const struct na_source *source, struct reading *reading)
{
	int error = copy_text(source->id, &reading->id);

	if (!error)
		error = copy_text(source->tag, &reading->tag);
	if (!error)
		error = copy_text(source->interface, &reading->interface);
	if (!error)
		error = copy_text(source->place, source->kind == NA_SOURCE_CGROUP
							 ? &reading->cgroup
							 : &reading->namespace);
	return error;
}

static int copy_balance(const struct meter *meter, uint32_t number, const struct na_taken *taken,
			struct balance *balance, struct fault *fault)
{
	struct half_balance whole;
	uint32_t direction, bucket;
	int error = meter_read_balance_whole(meter, number, &whole, fault);

	if (error)
		return error;
	for (direction = 0; direction < NA_DIRECTIONS; direction++) {
		const struct na_balance *from = &whole.direction[direction];

		for (bucket = 0; bucket < NA_BUCKETS; bucket++)
			balance->bucket[bucket][direction] = from->bucket[bucket];
		balance->spilled += from->spilled;
		balance->undecided += from->undecided;
		balance->super += from->super;
	}
	memcpy(balance->handed_out, taken->handed_out, sizeof(balance->handed_out));
	memcpy(balance->collected, taken->collected, sizeof(balance->collected));
	return 0;
}

static int copy_whitelist(const struct meter *meter, const struct na_control *control,
			  struct reading *reading, struct fault *fault)
{
	uint32_t index = control->whitelist & 1;
	struct na_whitelist_info info;
	size_t i;

	if (!meter->meta.whitelist)
		return 0;
	if (bpf_map_lookup_elem(meter->maps[MAP_WHITELIST_INFO], &index, &info))
		return fault_errno(fault, -errno, "pin whitelist_info");
	reading->whitelist.enabled = info.enabled;
	reading->whitelist.count = info.count;
	for (i = 0; i < READING_SAMPLES; i++) {
		memcpy(reading->whitelist.sample[i], info.sample[i], sizeof(info.sample[i]));
		reading->whitelist.sample[i][sizeof(info.sample[i]) - 1] = '\0';
	}
	return 0;
}

static void copy_times(const struct meter *meter, const struct na_control *control,
		       const struct na_source *source, struct reading *reading)
{
	uint64_t shift = clock_realtime() - clock_monotonic();

	reading->read_at = clock_realtime();
	reading->attached_at = source->attached_at;
	reading->departed_at = source->departed_at;
	reading->since = source->attached_at;
	if (control->drained_at && control->drained_at + shift > reading->since)
		reading->since = control->drained_at + shift;
	if (control->handed_at)
		reading->handed_at = control->handed_at + shift;
	reading->time_base = (struct time_base){.epoch_monotonic = meter->meta.epoch_monotonic,
						.realtime_minus_monotonic = shift,
						.hz = meter->meta.hz};
}

int fill_reading(const struct meter *meter, const struct na_control *control,
		 const struct na_taken *taken, uint32_t number, struct reading *reading,
		 struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	int error = copy_names(source, reading);

	if (error)
		return fault_errno(fault, error, "its names");
	memcpy(reading->uuid, meter->uuid, sizeof(reading->uuid));
	copy_times(meter, control, source, reading);
	reading->netns_inode = source->netns_inode;
	reading->netns_cookie = source->netns_cookie;
	reading->ifindex = source->ifindex;
	reading->owner = number;
	reading->max_flows = meter->meta.max_flows;
	reading->generation = control->generation;
	reading->live = source->state != NA_SOURCE_DEPARTED;
	reading->peer = source->flags & NA_SOURCE_PEER;
	reading->layer3 = meter->meta.layer3;
	reading->key = (enum na_key_kind)meter->meta.key;
	reading->ingress = (enum na_ingress)source->ingress;
	reading->hook = (enum na_hook)source->hook;
	error = copy_balance(meter, number, &taken[number], &reading->balance, fault);
	if (!error)
		error = copy_whitelist(meter, control, reading, fault);
	reading->exact = !(source->flags & NA_SOURCE_INEXACT) && !reading->balance.undecided;
	return error;
}

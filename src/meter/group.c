/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "group.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

/* The first entry in reach that is `wanted` (ifindex 0: a free one); -ENOENT. */
static int find(const struct meter *meter, uint32_t hash, struct na_ifindex wanted, uint32_t *ret)
{
	struct na_ifindex entry;
	uint32_t i;

	for (i = 0; i < NA_IFINDEX_WAYS; i++) {
		uint32_t index = (hash + i) & (meter->meta.ifindexes - 1);

		if (bpf_map_lookup_elem(meter->maps[MAP_IFINDEX], &index, &entry))
			return negative_errno();
		if (entry.ifindex == wanted.ifindex &&
		    (!entry.ifindex || entry.programs == wanted.programs)) {
			*ret = index;
			return 0;
		}
	}
	return -ENOENT;
}

static int store(const struct meter *meter, uint32_t index, const struct na_ifindex *entry,
		 struct fault *fault)
{
	if (bpf_map_update_elem(meter->maps[MAP_IFINDEX], &index, entry, BPF_ANY))
		return fault_errno(fault, -errno, "pin ifindex");
	return 0;
}

int group_enter(const struct meter *meter, uint32_t number, uint32_t programs, struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	const struct na_ifindex entry = {.ifindex = source->ifindex,
					 .programs = programs,
					 .owner = number,
					 .peer = source->flags & NA_SOURCE_PEER};
	uint32_t hash = na_ifindex_hash(source->ifindex, programs), index = 0;
	int error;

	if (meter->meta.sources == 1)
		return 0;
	error = find(meter, hash, entry, &index);
	if (error == -ENOENT)
		error = find(meter, hash, (struct na_ifindex){}, &index);
	if (error == -ENOENT)
		return fault_set(fault, -ENOSPC, "no room for ifindex %u in the group's table",
				 source->ifindex);
	return error ? fault_errno(fault, error, "pin ifindex")
		     : store(meter, index, &entry, fault);
}

int group_leave(const struct meter *meter, uint32_t number, uint32_t programs, struct fault *fault)
{
	const struct na_source *source = &meter->sources[number];
	const struct na_ifindex wanted = {.ifindex = source->ifindex, .programs = programs};
	uint32_t index = 0;
	int error;

	if (meter->meta.sources == 1 || !source->ifindex)
		return 0;
	error = find(meter, na_ifindex_hash(source->ifindex, programs), wanted, &index);
	if (error)
		return error == -ENOENT ? 0 : fault_errno(fault, error, "pin ifindex");
	return store(meter, index, &(struct na_ifindex){}, fault);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "whitelist_apply.h"

#include <bpf/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "barrier.h"
#include "drain.h"

static int fill_trie(int fd, const struct whitelist *whitelist, struct fault *fault)
{
	const uint32_t one = 1;
	size_t i;

	for (i = 0; i < whitelist->count; i++)
		if (bpf_map_update_elem(fd, &whitelist->prefixes[i], &one, BPF_ANY))
			return fault_errno(fault, -errno, "cannot enter %zu whitelist entries",
					   whitelist->count);
	return 0;
}

int whitelist_store(const struct meter *meter, uint32_t index, const struct whitelist *whitelist,
		    const char *file, struct fault *fault)
{
	struct na_whitelist_info info = {.enabled = 1, .count = (uint32_t)whitelist->listed};
	_cleanup_close_ int trie = layout_create_trie((uint32_t)whitelist->count);
	int error;

	if (trie < 0)
		return fault_errno(fault, trie, "cannot create a map of %zu whitelist entries",
				   whitelist->count);
	error = fill_trie(trie, whitelist, fault);
	if (error)
		return error;
	memcpy(info.sample, whitelist->sample, sizeof(info.sample));
	snprintf(info.file, sizeof(info.file), "%s", file);
	if (bpf_map_update_elem(meter->maps[MAP_WHITELIST], &index, &trie, BPF_ANY) ||
	    bpf_map_update_elem(meter->maps[MAP_WHITELIST_INFO], &index, &info, BPF_ANY))
		return fault_errno(fault, -errno, "cannot set the whitelist");
	return 0;
}

int whitelist_apply(struct meter *meter, const struct whitelist *whitelist, const char *file,
		    struct fault *fault)
{
	struct na_control control;
	uint32_t generation, index;
	int error;

	if (!meter->meta.whitelist)
		return fault_set(fault, -EINVAL,
				 "it was attached without a whitelist: its programs ask none");
	error = meter_control(meter, &control, fault);
	/* a packet may still be looking into the trie that was in use before this one */
	if (!error && (error = barrier_wait()))
		fault_errno(fault, error, "cannot wait for RCU");
	if (error)
		return error;
	index = !(control.whitelist & 1);
	error = whitelist_store(meter, index, whitelist, file, fault);
	if (error)
		return error;
	generation = (control.whitelist >> 1) + 1;
	control.whitelist = generation << 1 | index;
	return drain_transition(meter, &control, fault);
}

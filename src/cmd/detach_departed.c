/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "detach_departed.h"

#include <errno.h>
#include <string.h>

#include "../meter/hold.h"
#include "cmd.h"
#include "message.h"

bool meter_goes_on(const struct meter *meter, const bool *leaving)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (source_counts(&meter->sources[i]) && !(leaving && leaving[i]))
			return true;
	return false;
}

static bool same_place(const struct na_source *one, const struct na_source *other)
{
	return one->netns_device == other->netns_device && one->netns_inode == other->netns_inode &&
	       one->netns_cookie == other->netns_cookie && one->ifindex == other->ifindex;
}

/* Was it picked together with one that counts, by the place or the tag that both have? */
static bool answered_for(const struct picked *picked, const struct na_source *departed)
{
	const struct na_source *other;
	uint32_t j;
	size_t i;

	for (i = 0; i < picked->list.count; i++)
		for (j = 0; j < picked->list.meters[i].meta.sources; j++) {
			other = &picked->list.meters[i].sources[j];
			if (picked->sources[i][j] && source_counts(other) &&
			    (same_place(other, departed) ||
			     (other->tag[0] && !strcmp(other->tag, departed->tag))))
				return true;
		}
	return false;
}

int leave_departed(const char *command, struct picked *picked)
{
	int status = STATUS_DONE;
	uint32_t j;
	size_t i;

	for (i = 0; i < picked->list.count; i++) {
		const struct meter *meter = &picked->list.meters[i];

		if (!meter_goes_on(meter, picked->sources[i]))
			continue;
		for (j = 0; j < meter->meta.sources; j++) {
			if (!picked->sources[i][j] || source_counts(&meter->sources[j]))
				continue;
			picked->sources[i][j] = false;
			if (answered_for(picked, &meter->sources[j]))
				continue;
			message_error(command, meter->sources[j].id,
				      "departed already; its records wait for a drain");
			status = STATUS_FAILED;
		}
	}
	return status;
}

int leave_held(const char *command, struct picked *picked)
{
	int status = STATUS_DONE;
	size_t i;

	for (i = 0; i < picked->list.count; i++) {
		const struct meter *meter = &picked->list.meters[i];
		_cleanup_fault_ struct fault fault = {};
		struct hold_state hold = {};

		if (!picked_meter(picked, i))
			continue;
		if (!hold_query(meter->uuid, &hold, &fault) && !hold.held)
			continue;
		if (hold.held)
			fault_set(&fault, -EBUSY,
				  "a collector has it: it detaches what it attached when it ends, "
				  "or use --force");
		say_meter_fault(command, meter, &fault);
		memset(picked->sources[i], 0, meter->meta.sources * sizeof(**picked->sources));
		status = STATUS_FAILED;
	}
	return status;
}

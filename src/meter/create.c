/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create.h"

#include <bpf/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/random.h>

#include "../record/record.h"
#include "clock.h"
#include "hold.h"
#include "object.h"
#include "whitelist_apply.h"

static int random_bytes(void *to, size_t size, struct fault *fault)
{
	if (getrandom(to, size, 0) != (ssize_t)size)
		return fault_errno(fault, -errno, "no random numbers");
	return 0;
}

static int fill_meta(const struct meter_settings *settings, struct na_meta *meta,
		     struct fault *fault)
{
	struct clock_sample clock;
	int error;

	*meta = (struct na_meta){.magic = NETACCT_MAGIC,
				 .abi = NETACCT_ABI,
				 .key = settings->key,
				 .layer3 = settings->layer3,
				 .max_flows = settings->max_flows,
				 .sources = settings->sources,
				 .whitelist = settings->whitelist != NULL};
	snprintf(meta->group, sizeof(meta->group), "%s", settings->group ? settings->group : "");
	error = random_bytes(meta->uuid, sizeof(meta->uuid), fault);
	if (!error)
		error = random_bytes(meta->seed, sizeof(meta->seed), fault);
	if (!error)
		error = clock_measure(&clock, fault);
	if (error)
		return error;
	meta->uuid[6] = (uint8_t)((meta->uuid[6] & 0x0f) | 0x40); /* RFC 9562: version 4 */
	meta->uuid[8] = (uint8_t)((meta->uuid[8] & 0x3f) | 0x80);
	meta->hz = clock.hz;
	meta->epoch_jiffies = clock.jiffies;
	meta->epoch_monotonic = clock.monotonic;
	error = boot_id(meta->boot_id);
	if (error)
		return fault_errno(fault, error, "/proc/sys/kernel/random/boot_id");
	meta->bpffs = pin_device();
	layout_size(meta, object_has_cmpxchg());
	return 0;
}

/* One owner a source: whose packets they are until something finer is known. */
static int store_owners(const struct meter *meter, struct fault *fault)
{
	uint32_t i;

	for (i = 0; i < meter->meta.owners; i++) {
		struct na_owner owner = {.source = i};

		if (bpf_map_update_elem(meter->maps[MAP_OWNERS], &i, &owner, BPF_ANY))
			return fault_errno(fault, -errno, "pin owners");
	}
	return 0;
}

static int store_beginnings(const struct meter *meter, const struct meter_settings *settings,
			    struct fault *fault)
{
	const struct na_control control = {.sequence = 1, .whitelist = 1 << 1};
	uint32_t zero = 0;

	if (bpf_map_update_elem(meter->maps[MAP_META], &zero, &meter->meta, BPF_ANY) ||
	    bpf_map_update_elem(meter->maps[MAP_CONTROL], &zero, &control, BPF_ANY))
		return fault_errno(fault, -errno, "cannot set up the maps");
	if (settings->whitelist) {
		int error = whitelist_store(meter, 0, settings->whitelist, settings->whitelist_file,
					    fault);

		if (error)
			return error;
	}
	return store_owners(meter, fault);
}

static int pin_maps(int root, struct meter *meter, struct fault *fault)
{
	char new[PIN_NAME];
	enum map_id id;
	int error;

	snprintf(new, sizeof(new), "n-%s", meter->uuid);
	error = pin_make_directory(root, new, fault);
	if (error)
		return error;
	for (id = 0; id < MAP_COUNT && !error; id++) {
		if (meter->maps[id] < 0)
			continue;
		error = pin_put(new, map_name(id), meter->maps[id]);
		if (error)
			fault_errno(fault, error, "cannot pin the map %s", map_name(id));
	}
	if (!error)
		error = pin_rename(root, new, meter->directory, fault);
	if (!error) {
		meter->lock = pin_open_directory(root, meter->directory, fault);
		error = meter->lock < 0 ? meter->lock : 0;
	}
	if (error) {
		struct fault second = {};

		pin_remove_directory(root, new, &second);
		pin_remove_directory(root, meter->directory, &second);
	}
	return error;
}

int meter_create(int root, const struct meter_settings *settings, struct meter *ret,
		 struct fault *fault)
{
	struct meter meter = METER_CLOSED;
	int error = fill_meta(settings, &meter.meta, fault);

	if (error)
		return error;
	uuid_text(meter.meta.uuid, meter.uuid);
	snprintf(meter.directory, sizeof(meter.directory), "m-%s", meter.uuid);
	meter.sources = calloc(meter.meta.sources, sizeof(*meter.sources));
	if (!meter.sources)
		return fault_errno(fault, -ENOMEM, "its sources");
	error = layout_create(&meter.meta, meter.maps, fault);
	if (!error)
		error = store_beginnings(&meter, settings, fault);
	if (!error)
		error = pin_maps(root, &meter, fault);
	if (error) {
		meter_close(&meter);
		return error;
	}
	*ret = meter;
	return 0;
}

int meter_settings_match(const struct meter *meter, const struct meter_settings *settings,
			 struct fault *fault)
{
	const struct na_meta *meta = &meter->meta;

	if (meta->key != settings->key)
		return fault_set(fault, -EINVAL, "group %s counts by %s, not by %s", meta->group,
				 key_kind_name(meta->key), key_kind_name(settings->key));
	if (meta->layer3 != settings->layer3)
		return fault_set(fault, -EINVAL, "group %s counts bytes of layer %d", meta->group,
				 meta->layer3 ? 3 : 2);
	if (meta->max_flows != settings->max_flows)
		return fault_set(fault, -EINVAL, "group %s was made for %u flows, not for %u",
				 meta->group, meta->max_flows, settings->max_flows);
	if (settings->whitelist)
		return fault_set(fault, -EINVAL,
				 "group %s exists: its whitelist was %s when it was made",
				 meta->group, meta->whitelist ? "given" : "left out");
	return 0;
}

int meter_remove(int root, struct meter *meter, struct fault *fault)
{
	int error = pin_remove_directory(root, meter->directory, fault);

	if (!error)
		error = hold_remove(root, meter->uuid, fault);
	meter_close(meter);
	return error;
}

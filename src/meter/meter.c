/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "meter.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <netacct/cleanup.h>
#include <string.h>

void uuid_text(const uint8_t uuid[static 16], char text[static 37])
{
	static const char digits[] = "0123456789abcdef";
	char *to = text;
	int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[uuid[i] >> 4];
		*to++ = digits[uuid[i] & 15];
	}
	*to = '\0';
}

int boot_id(uint8_t id[static 16])
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	unsigned int byte;
	int i;

	if (!file)
		return -errno;
	for (i = 0; i < 16; i++) {
		if ((i == 4 || i == 6 || i == 8 || i == 10) && fgetc(file) != '-')
			return -EINVAL;
		if (fscanf(file, "%2x", &byte) != 1)
			return -EINVAL;
		id[i] = (uint8_t)byte;
	}
	return 0;
}

bool source_used(const struct na_source *source)
{
	return source->state != NA_SOURCE_FREE;
}

bool source_counts(const struct na_source *source)
{
	return source_used(source) && source->state != NA_SOURCE_DEPARTED;
}

size_t meter_sources_used(const struct meter *meter)
{
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		used += source_used(&meter->sources[i]);
	return used;
}

void meter_close(struct meter *meter)
{
	layout_close(meter->maps);
	if (meter->lock >= 0)
		close(meter->lock);
	free(meter->sources);
	*meter = METER_CLOSED;
}

/* Before anything is believed: is it ours, of this version, of this boot? */
static int check_meta(const struct meter *meter, struct fault *fault)
{
	const struct na_meta *meta = &meter->meta;
	uint8_t boot[16];

	if (meta->magic != NETACCT_MAGIC)
		return fault_set(fault, -EPROTO, "pin meta is not netacct's");
	if (meta->abi != NETACCT_ABI)
		return fault_set(
			fault, -EPROTO,
			"its maps have the layout of ABI %u, this netacct knows ABI %u: use "
			"the netacct that attached it, or detach it with that one first",
			meta->abi, NETACCT_ABI);
	if (!boot_id(boot) && memcmp(boot, meta->boot_id, sizeof(boot)))
		return fault_set(fault, -ESTALE, "it was made before this boot");
	if (!meta->sources || meta->sources > SOURCES_MAX || meta->key >= NA_KEY_KINDS ||
	    !meta->lines || meta->lines & 1)
		return fault_set(fault, -EPROTO, "pin meta holds sizes that cannot be");
	return 0;
}

static int open_meta(struct meter *meter, struct fault *fault)
{
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info), zero = 0;

	int error = pin_check(meter->lock, map_name(MAP_META), fault);

	if (error)
		return error;
	meter->maps[MAP_META] = pin_get(meter->directory, map_name(MAP_META));
	if (meter->maps[MAP_META] < 0)
		return fault_errno(fault, meter->maps[MAP_META], "pin meta");
	if (bpf_obj_get_info_by_fd(meter->maps[MAP_META], &info, &length))
		return fault_errno(fault, -errno, "pin meta");
	if (info.type != BPF_MAP_TYPE_ARRAY ||
	    info.value_size < sizeof(uint64_t) + sizeof(uint32_t))
		return fault_set(fault, -EPROTO, "pin meta is not netacct's");
	if (info.value_size != sizeof(meter->meta))
		return fault_set(fault, -EPROTO, "its maps have the layout of another version");
	if (bpf_map_lookup_elem(meter->maps[MAP_META], &zero, &meter->meta))
		return fault_errno(fault, -errno, "pin meta");
	return check_meta(meter, fault);
}

static int open_maps(struct meter *meter, struct fault *fault)
{
	enum map_id id;
	int error;

	for (id = 0; id < MAP_COUNT; id++) {
		if (!layout_has(&meter->meta, id) || meter->maps[id] >= 0)
			continue;
		error = pin_check(meter->lock, map_name(id), fault);
		if (error)
			return error;
		meter->maps[id] = pin_get(meter->directory, map_name(id));
		if (meter->maps[id] < 0)
			return fault_errno(fault, meter->maps[id], "pin %s", map_name(id));
		error = layout_check(&meter->meta, id, meter->maps[id], fault);
		if (error)
			return error;
	}
	return 0;
}

int meter_load_sources(struct meter *meter, struct fault *fault)
{
	uint32_t i;

	if (!meter->sources)
		meter->sources = calloc(meter->meta.sources, sizeof(*meter->sources));
	if (!meter->sources)
		return fault_errno(fault, -ENOMEM, "its sources");
	for (i = 0; i < meter->meta.sources; i++)
		if (bpf_map_lookup_elem(meter->maps[MAP_SOURCES], &i, &meter->sources[i]))
			return fault_errno(fault, -errno, "pin sources");
	return 0;
}

int meter_store_source(struct meter *meter, uint32_t number, struct fault *fault)
{
	if (bpf_map_update_elem(meter->maps[MAP_SOURCES], &number, &meter->sources[number],
				BPF_ANY))
		return fault_errno(fault, -errno, "pin sources");
	return 0;
}

int meter_control(const struct meter *meter, struct na_control *ret, struct fault *fault)
{
	struct na_control control;
	uint32_t zero = 0;

	if (bpf_map_lookup_elem(meter->maps[MAP_CONTROL], &zero, &control))
		return fault_errno(fault, -errno, "pin control");
	*ret = control;
	return 0;
}

int meter_open(int root, const char *directory, struct meter *ret, struct fault *fault)
{
	struct meter meter = METER_CLOSED;
	int error;

	snprintf(meter.directory, sizeof(meter.directory), "%s", directory);
	meter.lock = pin_open_directory(root, directory, fault);
	if (meter.lock < 0)
		return meter.lock;
	error = open_meta(&meter, fault);
	if (!error)
		error = open_maps(&meter, fault);
	if (!error)
		error = meter_load_sources(&meter, fault);
	if (error) {
		meter_close(&meter);
		return error;
	}
	uuid_text(meter.meta.uuid, meter.uuid);
	*ret = meter;
	return 0;
}

static const char *first_id(const struct meter *meter)
{
	uint32_t i;

	for (i = 0; i < meter->meta.sources; i++)
		if (source_used(&meter->sources[i]))
			return meter->sources[i].id;
	return "";
}

static int compare_meters(const void *a, const void *b)
{
	return strcmp(first_id(a), first_id(b));
}

static void add_meter(struct meter_list *list, int root, const char *name)
{
	struct fault fault = {};

	if (!meter_open(root, name, &list->meters[list->count], &fault)) {
		list->count++;
		return;
	}
	if (list->broken++) {
		fault_clear(&fault);
		return;
	}
	list->fault = fault;
	snprintf(list->broken_name, sizeof(list->broken_name), "%s", name);
}

int meter_list(struct meter_list *ret, struct fault *fault)
{
	_cleanup_free_ char(*names)[PIN_NAME] = NULL;
	_cleanup_close_ int root = pin_root(false, fault);
	struct meter_list list = {};
	size_t count, i;
	int error;

	if (root == -ENOENT) {
		*ret = list;
		return 0;
	}
	if (root < 0)
		return root;
	error = pin_list(root, "m-", &names, &count, fault);
	if (error)
		return error;
	list.meters = calloc(count ? count : 1, sizeof(*list.meters));
	if (!list.meters)
		return fault_errno(fault, -ENOMEM, PIN_ROOT);
	for (i = 0; i < count; i++)
		add_meter(&list, root, names[i]);
	if (list.count)
		qsort(list.meters, list.count, sizeof(*list.meters), compare_meters);
	*ret = list;
	return 0;
}

void meter_list_clear(struct meter_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		meter_close(&list->meters[i]);
	free(list->meters);
	fault_clear(&list->fault);
	*list = (struct meter_list){};
}

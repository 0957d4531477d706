// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "die.h"
#include "peer.h"

/* Where libbpf has the constants of a section: a map whose name ends as the section's does. */
static struct bpf_map *section_map(struct bpf_object *object, const char *section)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);
		size_t length = strlen(name), ending = strlen(section);

		if (length >= ending && !strcmp(name + length - ending, section))
			return map;
	}
	return NULL;
}

static void put(uint8_t *place, uint32_t size, uint64_t value)
{
	const uint32_t word = (uint32_t)value;
	const uint16_t half = (uint16_t)value;

	if (size == sizeof(value))
		memcpy(place, &value, size);
	else if (size == sizeof(word))
		memcpy(place, &word, size);
	else if (size == sizeof(half))
		memcpy(place, &half, size);
	else
		*place = (uint8_t)value;
}

static bool store(struct bpf_map *map, const struct btf_var_secinfo *place, uint64_t value)
{
	_cleanup_free_ uint8_t *copy = NULL;
	const void *data;
	size_t size;

	if (!map)
		return false;
	data = bpf_map__initial_value(map, &size);
	if (!data || place->size > sizeof(value) || place->offset + place->size > size)
		return false;
	copy = allocate(size, 1);
	memcpy(copy, data, size);
	put(copy + place->offset, place->size, value);
	return !bpf_map__set_initial_value(map, copy, size);
}

static bool set_in_section(struct bpf_object *object, const struct btf_type *section,
			   const char *name, uint64_t value)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_var_secinfo *place = btf_var_secinfos(section);
	uint32_t i;

	for (i = 0; i < btf_vlen(section); i++, place++) {
		const struct btf_type *variable = btf__type_by_id(btf, place->type);

		if (strcmp(btf__name_by_offset(btf, variable->name_off), name))
			continue;
		return store(section_map(object, btf__name_by_offset(btf, section->name_off)),
			     place, value);
	}
	return false;
}

static bool set_constant(struct bpf_object *object, const char *name, uint64_t value)
{
	const struct btf *btf = bpf_object__btf(object);
	uint32_t id;

	for (id = 1; btf && id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (btf_is_datasec(type) &&
		    !strncmp(btf__name_by_offset(btf, type->name_off), ".rodata", 7) &&
		    set_in_section(object, type, name, value))
			return true;
	}
	return false;
}

static uint64_t parse_value(const char *text, const struct situation *situation)
{
	uint64_t value;
	char *end;

	if (!strcmp(text, "records"))
		return situation_records(situation);
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || !*text)
		die("BENCH_PEER: '%s' is not a number", text);
	return value;
}

/* A map before a constant of the same name. */
static bool set_one(struct bpf_object *object, const char *name, uint64_t value)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (map)
		return !bpf_map__set_max_entries(map, (uint32_t)value);
	return set_constant(object, name, value);
}

void peer_set(struct bpf_object *object, const struct peer *peer, const struct situation *situation)
{
	_cleanup_free_ char *settings = strdup(peer->settings);
	char *name, *value, *rest = NULL;

	for (name = settings ? strtok_r(settings, ",", &rest) : NULL; name;
	     name = strtok_r(NULL, ",", &rest)) {
		value = name + strcspn(name, "=");
		if (*value)
			*value++ = '\0';
		if (!set_one(object, name, parse_value(value, situation)))
			die("%s has no constant or map %s", peer->file, name);
	}
}

static bool is_hash(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return true;
	default:
		return false;
	}
}

void peer_empty(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		_cleanup_free_ void *key = allocate(1, bpf_map__key_size(map) + 1);
		int fd = bpf_map__fd(map);

		while (is_hash(map) && fd >= 0 && !bpf_map_get_next_key(fd, NULL, key))
			if (bpf_map_delete_elem(fd, key))
				die("cannot empty %s: %s", bpf_map__name(map), strerror(errno));
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <stdbool.h>
#include <string.h>

struct map_shape {
	const char *name;
	enum bpf_map_type type;
	uint32_t key, value, entries, flags;
};

static const char *const names[MAP_COUNT] = {
	[MAP_META] = "meta",
	[MAP_CONTROL] = "control",
	[MAP_TAKEN] = "taken",
	[MAP_SOURCES] = "sources",
	[MAP_OWNERS] = "owners",
	[MAP_HOT] = "hot",
	[MAP_LINES] = "lines",
	[MAP_FIRST] = "first",
	[MAP_USED] = "used",
	[MAP_SPILL_A] = "spill_a",
	[MAP_SPILL_B] = "spill_b",
	[MAP_BALANCE] = "balance",
	[MAP_IFINDEX] = "ifindex",
	[MAP_WHITELIST] = "whitelist",
	[MAP_WHITELIST_INFO] = "whitelist_info",
	[MAP_VERDICTS] = "verdicts",
};

const char *map_name(enum map_id id)
{
	return names[id];
}

static uint32_t power_of_two(uint64_t at_least)
{
	uint32_t power = 1;

	while (power < at_least)
		power <<= 1;
	return power;
}

void layout_size(struct na_meta *meta, int hot)
{
	uint64_t flows = meta->key == NA_KEY_TOTAL ? meta->sources : meta->max_flows;

	meta->entries = hot ? (uint32_t)(flows * 2) : 0;
	/* three slots a flow: two in three are taken when all its flows go both ways */
	meta->lines = flows * 3 < 64 ? 4 : (uint32_t)((flows * 3 + 31) / 32 * 2);
	meta->spill = flows / 16 < 1024 ? 1024 : (uint32_t)(flows / 16);
	if (!hot && flows * 2 > meta->spill)
		meta->spill = (uint32_t)(flows * 2);
	meta->shards = 1;
	meta->owners = meta->sources;
	meta->ifindexes = meta->sources > 1 ? power_of_two((uint64_t)meta->sources * 4) : 1;
}

int layout_has(const struct na_meta *meta, enum map_id id)
{
	return meta->entries ||
	       (id != MAP_HOT && id != MAP_LINES && id != MAP_FIRST && id != MAP_USED);
}

static bool verdicts_cached(const struct na_meta *meta)
{
	return meta->whitelist && meta->key != NA_KEY_FLOW && meta->key != NA_KEY_HOST_PAIR;
}

static struct map_shape shape(const struct na_meta *meta, enum map_id id)
{
	uint32_t entries = 1 + NA_HALVES * meta->entries;
	const struct map_shape shapes[MAP_COUNT] = {
		[MAP_META] = {"meta", BPF_MAP_TYPE_ARRAY, 4, sizeof(*meta), 1, 0},
		[MAP_CONTROL] = {"control", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_control), 1, 0},
		[MAP_TAKEN] = {"taken", BPF_MAP_TYPE_ARRAY, 4,
			       (uint32_t)sizeof(struct na_taken) * meta->sources, 2, 0},
		[MAP_SOURCES] = {"sources", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_source),
				 meta->sources, 0},
		[MAP_OWNERS] = {"owners", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_owner),
				meta->owners, 0},
		[MAP_HOT] = {"hot", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_entry), entries,
			     BPF_F_MMAPABLE},
		[MAP_LINES] = {"lines", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_line),
			       NA_HALVES * meta->lines, BPF_F_MMAPABLE},
		[MAP_FIRST] = {"first", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_first),
			       entries / NA_FIRST_PER_LINE + 1, BPF_F_MMAPABLE},
		[MAP_USED] = {"used", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_used), NA_HALVES, 0},
		[MAP_SPILL_A] = {"spill_a", BPF_MAP_TYPE_HASH, sizeof(struct na_key),
				 sizeof(struct na_spill), meta->spill, 0},
		[MAP_SPILL_B] = {"spill_b", BPF_MAP_TYPE_HASH, sizeof(struct na_key),
				 sizeof(struct na_spill), meta->spill, 0},
		[MAP_BALANCE] = {"balance", BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct na_balance),
				 NA_HALVES * NA_DIRECTIONS * meta->sources, 0},
		[MAP_IFINDEX] = {"ifindex", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct na_ifindex),
				 meta->ifindexes, 0},
		[MAP_WHITELIST] = {"whitelist", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 2, 0},
		[MAP_WHITELIST_INFO] = {"wl_info", BPF_MAP_TYPE_ARRAY, 4,
					sizeof(struct na_whitelist_info), 2, 0},
		[MAP_VERDICTS] = {"verdicts", BPF_MAP_TYPE_PERCPU_ARRAY, 4,
				  sizeof(struct na_verdict),
				  verdicts_cached(meta) ? NA_VERDICTS : 1, 0},
	};

	return shapes[id];
}

int layout_create_trie(uint32_t entries)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_NO_PREALLOC);
	int fd = bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "netacct_prefix", sizeof(struct na_prefix),
				sizeof(uint32_t), entries ? entries : 1, &options);

	return fd < 0 ? -errno : fd;
}

static int create(const struct na_meta *meta, enum map_id id)
{
	struct map_shape is = shape(meta, id);
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = is.flags);
	_cleanup_close_ int inner = -1;
	char name[16];
	int fd;

	if (is.type == BPF_MAP_TYPE_ARRAY_OF_MAPS) {
		inner = layout_create_trie(1);
		if (inner < 0)
			return inner;
		options.inner_map_fd = (uint32_t)inner;
	}
	snprintf(name, sizeof(name), "netacct_%.7s", is.name);
	fd = bpf_map_create(is.type, name, is.key, is.value, is.entries, &options);
	return fd < 0 ? -errno : fd;
}

static const char *create_hint(int error)
{
	if (error == -EPERM)
		return " (CAP_BPF, or RLIMIT_MEMLOCK before 5.11)";
	if (error == -ENOMEM || error == -E2BIG)
		return " (--max-flows makes it smaller)";
	return "";
}

int layout_create(const struct na_meta *meta, int fds[static MAP_COUNT], struct fault *fault)
{
	enum map_id id;

	for (id = 0; id < MAP_COUNT; id++)
		fds[id] = -1;
	for (id = 0; id < MAP_COUNT; id++) {
		int error;

		if (!layout_has(meta, id))
			continue;
		fds[id] = create(meta, id);
		if (fds[id] >= 0)
			continue;
		error = fds[id];
		layout_close(fds);
		return fault_errno(fault, error, "cannot create the map %s of %u entries%s",
				   names[id], shape(meta, id).entries, create_hint(error));
	}
	return 0;
}

void layout_close(int fds[static MAP_COUNT])
{
	enum map_id id;

	for (id = 0; id < MAP_COUNT; id++) {
		if (fds[id] >= 0)
			close(fds[id]);
		fds[id] = -1;
	}
}

int layout_check(const struct na_meta *meta, enum map_id id, int fd, struct fault *fault)
{
	struct map_shape want = shape(meta, id);
	struct bpf_map_info info = {};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return fault_errno(fault, -errno, "pin %s", names[id]);
	if (info.type != want.type || info.key_size != want.key || info.value_size != want.value ||
	    info.max_entries != want.entries)
		return fault_set(
			fault, -EINVAL,
			"pin %s is not of this layout: type %u, key %u, value %u, %u entries "
			"where type %u, key %u, value %u, %u entries belong",
			names[id], info.type, info.key_size, info.value_size, info.max_entries,
			want.type, want.key, want.value, want.entries);
	return 0;
}

uint64_t layout_fd_memory(int fd)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[128];
	uint64_t bytes = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %" SCNu64, &bytes) == 1)
			break;
	return bytes;
}

uint64_t layout_memory(const int fds[static MAP_COUNT])
{
	uint64_t sum = 0;
	enum map_id id;

	for (id = 0; id < MAP_COUNT; id++)
		if (fds[id] >= 0)
			sum += layout_fd_memory(fds[id]);
	return sum;
}

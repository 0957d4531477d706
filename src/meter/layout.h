/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The maps of a meter: one table says their kinds, sizes and pin names.
 */
#ifndef NETACCT_LAYOUT_H
#define NETACCT_LAYOUT_H

#include <netacct/abi.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum map_id {
	MAP_META,
	MAP_CONTROL,
	MAP_TAKEN,
	MAP_SOURCES,
	MAP_OWNERS,
	MAP_HOT,
	MAP_LINES,
	MAP_FIRST,
	MAP_USED,
	MAP_SPILL_A,
	MAP_SPILL_B,
	MAP_BALANCE,
	MAP_IFINDEX,
	MAP_WHITELIST,
	MAP_WHITELIST_INFO,
	MAP_VERDICTS,
	MAP_COUNT
};

#define SOURCES_MAX 16384
#define FLOWS_MAX (1u << 27)

/* The pin's name under the meter's directory, and the name in bpf/maps.h. */
const char *map_name(enum map_id id);

/*
 * Chooses the sizes for max_flows, sources and key, which the caller has set;
 * `hot`: the kernel has BPF cmpxchg.
 */
void layout_size(struct na_meta *meta, int hot);

/* Is this map part of a meter of that shape? */
int layout_has(const struct na_meta *meta, enum map_id id);

/*
 * Creates all maps of the meter, unpinned; fds[] of those it has not are -1.
 * On failure nothing is left open.
 */
int layout_create(const struct na_meta *meta, int fds[static MAP_COUNT], struct fault *fault);
void layout_close(int fds[static MAP_COUNT]);

/* Is an open map what the layout says? -EINVAL with the difference. */
int layout_check(const struct na_meta *meta, enum map_id id, int fd, struct fault *fault);

/* Kernel memory of a map, or of a program, in bytes, from its fdinfo (memlock). */
uint64_t layout_fd_memory(int fd);
/* Of all maps of a meter. */
uint64_t layout_memory(const int fds[static MAP_COUNT]);

/* An empty trie with room for that many prefixes: a descriptor or -errno. */
int layout_create_trie(uint32_t entries);

#endif

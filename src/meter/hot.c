/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hot.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/mman.h>

int mapping_open(int fd, size_t offset, size_t length, int protection, struct mapping *ret)
{
	size_t into = offset % (size_t)sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, into + length, protection, MAP_SHARED, fd, (off_t)(offset - into));

	if (page == MAP_FAILED)
		return negative_errno();
	*ret = (struct mapping){page + into, page, into + length};
	return 0;
}

void mapping_close(struct mapping *mapping)
{
	if (mapping->page)
		munmap(mapping->page, mapping->length);
	*mapping = (struct mapping){};
}

/* The number of a half's first entry. */
static size_t first_entry(const struct meter *meter, uint32_t half)
{
	return 1 + (size_t)half * meter->meta.entries;
}

int hot_count(const struct meter *meter, uint32_t half, uint32_t *ret)
{
	struct na_used used;

	*ret = 0;
	if (!meter->meta.entries)
		return 0;
	if (bpf_map_lookup_elem(meter->maps[MAP_USED], &half, &used))
		return negative_errno();
	*ret = meter->meta.entries;
	if (used.entries < *ret)
		*ret = (uint32_t)used.entries;
	return 0;
}

static int map_ticks(const struct meter *meter, uint32_t half, uint32_t count, int protection,
		     struct mapping *ret)
{
	return mapping_open(meter->maps[MAP_FIRST], first_entry(meter, half) * sizeof(uint32_t),
			    count * sizeof(uint32_t), protection, ret);
}

int hot_open(const struct meter *meter, uint32_t half, struct hot_half *ret)
{
	struct hot_half view = {.number = half};
	int error = hot_count(meter, half, &view.count);

	if (!error && view.count)
		error = mapping_open(meter->maps[MAP_HOT],
				     first_entry(meter, half) * sizeof(struct na_entry),
				     view.count * sizeof(struct na_entry), PROT_READ, &view.hot);
	if (!error && view.count)
		error = map_ticks(meter, half, view.count, PROT_READ, &view.first);
	if (error) {
		hot_close(&view);
		return error;
	}
	view.entries = view.hot.start;
	view.ticks = view.first.start;
	*ret = view;
	return 0;
}

void hot_close(struct hot_half *half)
{
	mapping_close(&half->hot);
	mapping_close(&half->first);
	*half = (struct hot_half){};
}

/* The entries themselves stay as they are: none is looked at before it is given out again. */
int hot_zero(const struct meter *meter, uint32_t half)
{
	size_t index = (size_t)meter->meta.lines * sizeof(struct na_line);
	_cleanup_mapping_ struct mapping lines = {}, ticks = {};
	const struct na_used none = {};
	uint32_t count;
	int error = hot_count(meter, half, &count);

	if (error || !count)
		return error;
	error = mapping_open(meter->maps[MAP_LINES], half * index, index, PROT_READ | PROT_WRITE,
			     &lines);
	if (!error)
		error = map_ticks(meter, half, count, PROT_READ | PROT_WRITE, &ticks);
	if (!lines.start || !ticks.start)
		return error;
	memset(lines.start, 0, index);
	memset(ticks.start, 0, count * sizeof(uint32_t));
	/* last: after a crash before it all of this is done again */
	if (bpf_map_update_elem(meter->maps[MAP_USED], &half, &none, BPF_ANY))
		return negative_errno();
	return 0;
}

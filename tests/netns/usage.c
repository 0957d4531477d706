// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include "usage.h"

#include <bpf/bpf.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <netacct/cleanup.h>

#include "harness.h"

/* What the kernel keeps for itself: what maps and programs are made of is among it. */
static uint64_t kernel_memory(void)
{
	static const char *const fields[] = {"SUnreclaim:", "VmallocUsed:", "Percpu:"};
	_cleanup_fclose_ FILE *file = fopen("/proc/meminfo", "re");
	uint64_t sum = 0;
	char line[200];

	while (file && fgets(line, sizeof(line), file))
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
			if (!strncmp(line, fields[i], strlen(fields[i])))
				sum += strtoull(line + strlen(fields[i]), NULL, 10);
	return sum;
}

static uint64_t memory_of(int fd)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[200];
	uint64_t bytes = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "memlock:", strlen("memlock:")))
			bytes = strtoull(line + strlen("memlock:"), NULL, 10);
	return bytes;
}

static void add_pins(struct usage *usage)
{
	glob_t paths;

	CHECK(!glob("/sys/fs/bpf/netacct/*/*", GLOB_NOSORT, NULL, &paths), "there are no pins");
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		_cleanup_close_ int fd = bpf_obj_get(paths.gl_pathv[i]);

		usage->pins++;
		usage->pinned += fd >= 0 ? memory_of(fd) : 0;
	}
	globfree(&paths);
}

struct usage usage_now(const struct objects *before)
{
	struct usage usage = {0};
	struct rusage children = {0};
	struct objects now;

	objects_read(&now);
	for (int kind = 0; kind < OBJECT_KINDS; kind++)
		for (size_t i = 0; i < now.count[kind]; i++)
			if (!before->count[kind] ||
			    now.ids[kind][i] > before->ids[kind][before->count[kind] - 1])
				usage.objects++;
	objects_clear(&now);
	getrusage(RUSAGE_CHILDREN, &children);
	usage.kernel_kb = kernel_memory();
	usage.tool_kb = (uint64_t)children.ru_maxrss;
	add_pins(&usage);
	return usage;
}

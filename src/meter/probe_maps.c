/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BPF system call itself and what it makes of maps. */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "layout.h"
#include "probe.h"

#define ENTRIES 64u

/* The raw call: libbpf would raise RLIMIT_MEMLOCK before it. */
static int create_raw(enum bpf_map_type type)
{
	union bpf_attr attr = {
		.map_type = type, .key_size = 4, .value_size = 8, .max_entries = ENTRIES};
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

static bool filtered(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/thread-self/status", "re");
	char line[256];
	int mode = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Seccomp: %d", &mode) == 1)
			break;
	return mode > 0;
}

static void probe_call(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "bpf", true);
	union bpf_attr attr = {};
	struct fault fault = {};
	int error;

	/* needs no memory, so that a limit of that is not taken for a refusal */
	attr.pathname = (uintptr_t) "";
	if (syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr)) < 0 && errno == ENOENT) {
		probe_say(probe, PROBE_GOOD, "the system call answers");
		return;
	}
	error = -errno;
	fault_errno(&fault, error, "the system call bpf(2)");
	probe_refuse(probe, error, &fault);
	if (probe->state != PROBE_MISSING)
		return;
	if (filtered())
		probe_advise(probe, "a seccomp filter is on: in a container, --security-opt "
				    "seccomp=unconfined, or a profile that allows bpf");
	else if (error == -ENOSYS)
		probe_advise(probe, "a kernel with CONFIG_BPF_SYSCALL, 5.10 or newer");
	else
		probe_advise(probe, "a security module refuses it: see the kernel's log");
}

static int try_mapping(int fd)
{
	const size_t size = 4096;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	return munmap(memory, size) ? -errno : 0;
}

static int try_array(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	_cleanup_close_ int fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "netacct_probe", 4, 64, ENTRIES, &options);

	return fd < 0 ? -errno : try_mapping(fd);
}

static int try_hash(void)
{
	_cleanup_close_ int fd =
		bpf_map_create(BPF_MAP_TYPE_HASH, "netacct_probe", 4, 8, ENTRIES, NULL);

	return fd < 0 ? -errno : 0;
}

static int try_percpu(void)
{
	_cleanup_close_ int fd =
		bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "netacct_probe", 4, 8, ENTRIES, NULL);

	return fd < 0 ? -errno : 0;
}

static int try_trie(void)
{
	_cleanup_close_ int fd = layout_create_trie(ENTRIES);

	return fd < 0 ? fd : 0;
}

/* An inner map put in: the update is also what netacct waits for RCU by. */
static int try_nested(void)
{
	_cleanup_close_ int inner = layout_create_trie(1), outer = -1;
	LIBBPF_OPTS(bpf_map_create_opts, options);
	const uint32_t zero = 0;

	if (inner < 0)
		return inner;
	options.inner_map_fd = (uint32_t)inner;
	outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "netacct_probe", 4, 4, 1, &options);
	if (outer < 0 || bpf_map_update_elem(outer, &zero, &inner, BPF_ANY))
		return -errno;
	return 0;
}

static int fill(int fd)
{
	uint32_t key;

	for (key = 0; key < ENTRIES; key++) {
		uint64_t value = key;

		if (bpf_map_update_elem(fd, &key, &value, BPF_NOEXIST))
			return -errno;
	}
	return 0;
}

/* All in one batch, as the spill map is read. */
static int try_batch(void)
{
	_cleanup_close_ int fd =
		bpf_map_create(BPF_MAP_TYPE_HASH, "netacct_probe", 4, 8, ENTRIES, NULL);
	uint32_t keys[ENTRIES], next = 0, count = ENTRIES;
	uint64_t values[ENTRIES];
	int error = fd < 0 ? -errno : fill(fd);

	if (!error && bpf_map_lookup_batch(fd, NULL, &next, keys, values, &count, NULL) &&
	    errno != ENOENT)
		error = -errno;
	if (!error && count != ENTRIES)
		error = -ENODATA;
	return error;
}

static const struct {
	const char *name, *words;
	int (*try)(void);
} kinds[] = {
	{"map-array", "an array that can be mapped into memory", try_array},
	{"map-hash", "a hash map", try_hash},
	{"map-percpu-array", "an array with a value per CPU", try_percpu},
	{"map-lpm-trie", "a trie of prefixes", try_trie},
	{"map-array-of-maps", "an array of maps, and a map put into it", try_nested},
	{"map-batch", "a hash map read in one batch", try_batch},
};

static void probe_kind(struct probes *probes, size_t i)
{
	struct probe *probe = probe_add(probes, kinds[i].name, true);
	struct fault fault = {};
	int error = kinds[i].try();

	if (!error) {
		probe_say(probe, PROBE_GOOD, "%s: works", kinds[i].words);
		return;
	}
	fault_errno(&fault, error, "%s", kinds[i].words);
	probe_refuse(probe, error, &fault);
	if (probe->state == PROBE_MISSING)
		probe_advise(probe, "a kernel of 5.10 or newer with CONFIG_BPF_SYSCALL; see the "
				    "rows bpf, capabilities and memlock");
}

/* Are maps charged to RLIMIT_MEMLOCK? With that at 0 such a kernel makes none. */
static int try_without_memlock(const struct rlimit *limit)
{
	const struct rlimit none = {.rlim_cur = 0, .rlim_max = limit->rlim_max};
	int fd;

	if (setrlimit(RLIMIT_MEMLOCK, &none))
		return -errno;
	fd = create_raw(BPF_MAP_TYPE_ARRAY);
	setrlimit(RLIMIT_MEMLOCK, limit);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void judge_limit(struct probe *probe, const struct rlimit *limit)
{
	const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	if (limit->rlim_max == RLIM_INFINITY) {
		probe_say(probe, PROBE_GOOD,
			  "maps count against RLIMIT_MEMLOCK, which can be "
			  "unlimited here");
		return;
	}
	if (!setrlimit(RLIMIT_MEMLOCK, &unlimited)) {
		setrlimit(RLIMIT_MEMLOCK, limit);
		probe_say(probe, PROBE_GOOD,
			  "maps count against RLIMIT_MEMLOCK, which this process may raise");
		return;
	}
	probe_say(probe, PROBE_MISSING,
		  "maps count against RLIMIT_MEMLOCK, which is %llu KiB and may not be raised",
		  (unsigned long long)limit->rlim_max / 1024);
	probe_advise(probe, "ulimit -l unlimited; LimitMEMLOCK=infinity in a unit; in a container "
			    "--ulimit memlock=-1 or --cap-add SYS_RESOURCE");
}

static void probe_memlock(struct probes *probes)
{
	struct probe *probe = probe_add(probes, "memlock", true);
	_cleanup_close_ int fd = create_raw(BPF_MAP_TYPE_ARRAY);
	struct rlimit limit;
	int error;

	if (getrlimit(RLIMIT_MEMLOCK, &limit)) {
		probe_say(probe, PROBE_NOTE, "cannot read RLIMIT_MEMLOCK: %s", strerror(errno));
		return;
	}
	error = try_without_memlock(&limit);
	if (!error) {
		probe_say(probe, PROBE_GOOD,
			  "maps are charged to the memory cgroup, not to RLIMIT_MEMLOCK");
		return;
	}
	if (fd >= 0 || probe_may_bpf())
		judge_limit(probe, &limit);
	else
		probe_unseen(probe, "this user may make no map");
}

void probe_maps(struct probes *probes)
{
	size_t i;

	probe_call(probes);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		probe_kind(probes, i);
	probe_memlock(probes);
}

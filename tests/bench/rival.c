// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "die.h"
#include "subject.h"

struct rival {
	struct bpf_object *object;
	uint32_t room; /* entries of its flow maps */
	int flows, counter; /* descriptors of maps, the object's */
};

/* All keys and values of a flow map, in one call. */
struct batch {
	struct na_key *keys; /* owned */
	void *values; /* owned */
	uint32_t count;
};

/* Both kinds of flow begin with their packets and are as long. */
_Static_assert(sizeof(struct bench_rival_flow) == sizeof(struct bench_usual_flow), "one reader");

static void cleanup_batch(struct batch *batch)
{
	free(batch->keys);
	free(batch->values);
}
#define _cleanup_batch_ __attribute__((cleanup(cleanup_batch)))

static void read_all(const struct rival *rival, struct batch *ret)
{
	uint32_t next = 0;

	ret->keys = allocate(rival->room, sizeof(*ret->keys));
	ret->values = allocate(rival->room, sizeof(struct bench_rival_flow));
	ret->count = rival->room;
	if (bpf_map_lookup_batch(rival->flows, NULL, &next, ret->keys, ret->values, &ret->count,
				 NULL) &&
	    errno != ENOENT)
		die("cannot read a hash map: %s", strerror(errno));
}

static uint64_t flows(const void *state)
{
	_cleanup_batch_ struct batch batch = {};
	const struct bench_rival_flow *values;
	uint64_t sum = 0;
	uint32_t i;

	read_all(state, &batch);
	values = batch.values;
	for (i = 0; i < batch.count; i++)
		sum += values[i].packets;
	return sum;
}

static void clear(void *state)
{
	const struct rival *rival = state;
	_cleanup_batch_ struct batch batch = {};

	read_all(rival, &batch);
	if (batch.count && bpf_map_delete_batch(rival->flows, batch.keys, &batch.count, NULL))
		die("cannot empty a hash map: %s", strerror(errno));
}

static uint64_t totals(const void *state)
{
	const struct rival *rival = state;
	int cpus = libbpf_num_possible_cpus(), i;
	_cleanup_free_ struct na_balance *balance = allocate((size_t)cpus, sizeof(*balance));
	const uint32_t zero = 0;
	uint64_t sum = 0;

	if (bpf_map_lookup_elem(rival->counter, &zero, balance))
		die("cannot read a counter: %s", strerror(errno));
	for (i = 0; i < cpus; i++)
		sum += balance[i].bucket[NA_SEEN].packets;
	return sum;
}

static void close_rival(void *state)
{
	struct rival *rival = state;

	bpf_object__close(rival->object);
	free(rival);
}

static const struct subject_kind counter_kind = {NULL, totals, NULL, close_rival};
static const struct subject_kind hash_kind = {flows, totals, clear, close_rival};
static const struct subject_kind usual_kind = {flows, NULL, clear, close_rival};

static const struct design {
	const char *name, *program; /* and "_", and the hook */
	const char *maps, *active; /* what its flow maps begin with, and the one counted into */
	const struct subject_kind *kind;
} designs[] = {
	{"per-CPU counter", "percpu", NULL, NULL, &counter_kind},
	{SUBJECT_HASH, "hash", "plain_", "plain_a", &hash_kind},
	{"usual A/B hashes", "usual", "usual_", "usual_a", &usual_kind},
};

static void program_name(const struct design *design, enum bench_hook hook, char name[static 32])
{
	static const char *const endings[HOOK_COUNT] = {
		[HOOK_TC] = "tc", [HOOK_XDP] = "xdp", [HOOK_FRAGS] = "frags"};

	snprintf(name, 32, "%s_%s", design->program, endings[hook]);
}

static void set_up(struct rival *rival, const struct situation *situation,
		   const struct design *design)
{
	const struct bench_rival_config config = {.ports = situation->key == NA_KEY_FLOW,
						  .whitelist = situation->whitelist != 0};
	struct bpf_program *program;
	struct bpf_map *map;
	char name[32];

	program_name(design, situation->hook, name);
	bpf_object__for_each_map(map, rival->object)
	{
		const char *map_name = bpf_map__name(map);

		if (strstr(map_name, ".rodata"))
			bpf_map__set_initial_value(map, &config, sizeof(config));
		else if (design->maps && !strncmp(map_name, design->maps, strlen(design->maps)))
			bpf_map__set_max_entries(map, rival->room);
	}
	bpf_object__for_each_program(program, rival->object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
}

static void fill_whitelist(const struct rival *rival, const struct situation *situation)
{
	int fd = bpf_object__find_map_fd_by_name(rival->object, "rival_whitelist");
	const uint32_t one = 1;
	uint32_t i;

	for (i = 0; i < situation->whitelist; i++) {
		struct bench_address address = {};
		struct na_prefix prefix;

		whitelist_entry(situation, i, &prefix);
		memcpy(address.word, prefix.address, sizeof(address.word));
		if (!situation->ipv6)
			address = (struct bench_address){{0, 0, 0xffff0000, prefix.address[0]}};
		if (bpf_map_update_elem(fd, &address, &one, BPF_ANY))
			die("cannot fill a whitelist: %s", strerror(errno));
	}
}

/* Generation 1, so that no verdict holds that was not asked for. */
static void set_control(const struct rival *rival)
{
	const struct bench_rival_control control = {.whitelist = 1};
	int fd = bpf_object__find_map_fd_by_name(rival->object, "rival_control");
	const uint32_t zero = 0;

	if (bpf_map_update_elem(fd, &zero, &control, BPF_ANY))
		die("cannot set up a rival: %s", strerror(errno));
}

static void find_maps(struct rival *rival, const struct design *design)
{
	if (design->active)
		rival->flows = bpf_object__find_map_fd_by_name(rival->object, design->active);
	rival->counter = bpf_object__find_map_fd_by_name(rival->object, "rival_counter");
}

bool subject_open_rival(const char *object, const struct situation *situation, size_t number,
			struct subject *ret)
{
	const struct design *design = &designs[number];
	struct rival *rival;
	char program[32];
	int error;

	if (number >= ARRAY_SIZE(designs))
		return false;
	rival = allocate(1, sizeof(*rival));
	rival->object = bpf_object__open(object);
	if (!rival->object)
		die("%s: %s", object, strerror(errno));
	rival->room = situation_records(situation);
	set_up(rival, situation, design);
	error = bpf_object__load(rival->object);
	if (error)
		die("the kernel refuses %s: %s", object, strerror(-error));
	find_maps(rival, design);
	fill_whitelist(rival, situation);
	set_control(rival);
	program_name(design, situation->hook, program);
	*ret = (struct subject){
		.program =
			bpf_program__fd(bpf_object__find_program_by_name(rival->object, program)),
		.kind = design->kind,
		.state = rival,
	};
	snprintf(ret->name, sizeof(ret->name), "%s", design->name);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "die.h"
#include "netacct.h"

#define LOG_SIZE (1u << 20)

struct foreign {
	struct bpf_object *object;
};

static void close_foreign(void *state)
{
	struct foreign *foreign = state;

	bpf_object__close(foreign->object);
	free(foreign);
}

/* What it counts only its author knows. */
static const struct subject_kind foreign_kind = {NULL, NULL, NULL, close_foreign};

static enum map_id find_map(const char *name)
{
	enum map_id id;

	for (id = 0; id < MAP_COUNT; id++)
		if (!strcmp(name, map_name(id)))
			break;
	return id;
}

static bool is_netacct(struct bpf_object *object)
{
	return bpf_object__find_map_by_name(object, ".rodata.config") &&
	       bpf_object__find_map_by_name(object, map_name(MAP_BALANCE));
}

/* Another build of netacct: constants and maps as the shipped one has them. */
static void specialise(struct bpf_object *object, const struct bench_meter *bench)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);
		enum map_id id = find_map(name);
		int error = 0;

		if (!strcmp(name, ".rodata.config"))
			error = bpf_map__set_initial_value(map, &bench->config,
							   sizeof(bench->config));
		else if (id < MAP_COUNT && bench->meter.maps[id] >= 0)
			error = bpf_map__reuse_fd(map, bench->meter.maps[id]);
		if (error)
			die("cannot set up %s: %s", name, strerror(-error));
	}
}

/* What the verifier says is said where it refuses. */
static void load(struct bpf_object *object, const char *file, const char *wanted)
{
	_cleanup_free_ char *log = allocate(1, LOG_SIZE);
	struct bpf_program *program;
	int error;

	if (!bpf_object__find_program_by_name(object, wanted))
		die("%s has no program %s", file, wanted);
	bpf_object__for_each_program(program, object)
	{
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), wanted));
		bpf_program__set_log_buf(program, log, LOG_SIZE);
	}
	error = bpf_object__load(object);
	if (error)
		die("%sthe kernel refuses %s: %s", log, file, strerror(-error));
}

/* The maps are the meter's, so that the object can go; a duplicate of its program stays. */
static void become_netacct(struct bpf_object *object, const char *file, const char *program,
			   const struct situation *situation, struct subject *ret)
{
	struct bench_meter *bench = bench_meter_make(situation);

	specialise(object, bench);
	load(object, file, program);
	ret->program = dup(bpf_program__fd(bpf_object__find_program_by_name(object, program)));
	if (ret->program < 0)
		die("cannot keep a program: %s", strerror(errno));
	bench->programs[PROGRAM_IN] = ret->program;
	ret->kind = &netacct_kind;
	ret->state = bench;
	bpf_object__close(object);
}

static void become_foreign(struct bpf_object *object, const char *file, const char *program,
			   struct subject *ret)
{
	struct foreign *foreign = allocate(1, sizeof(*foreign));

	load(object, file, program);
	foreign->object = object;
	ret->program = bpf_program__fd(bpf_object__find_program_by_name(object, program));
	ret->kind = &foreign_kind;
	ret->state = foreign;
}

void subject_open_peer(const char *peer, const struct situation *situation, struct subject *ret)
{
	const char *colon = strrchr(peer, ':'), *name;
	const char *program = colon ? colon + 1 : "";
	_cleanup_free_ char *file = NULL;
	struct bpf_object *object;

	if (!*program)
		die("BENCH_PEER=%s: file.o:program belongs there", peer);
	file = strndup(peer, (size_t)(colon - peer));
	if (!file)
		die("no memory");
	object = bpf_object__open(file);
	if (!object)
		die("%s: %s", file, strerror(errno));
	name = strrchr(file, '/');
	snprintf(ret->name, sizeof(ret->name), "%s", name ? name + 1 : file);
	if (is_netacct(object))
		become_netacct(object, file, program, situation, ret);
	else
		become_foreign(object, file, program, ret);
}

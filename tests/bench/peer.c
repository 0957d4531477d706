// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "die.h"
#include "netacct.h"
#include "peer.h"

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

static void clear_foreign(void *state)
{
	const struct foreign *foreign = state;

	peer_empty(foreign->object);
}

/* What it counts only its author knows. */
static const struct subject_kind foreign_kind = {NULL, NULL, clear_foreign, close_foreign};

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

/* Its own pins are not ours to make. */
static void keep_off_bpffs(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		bpf_map__set_pin_path(map, NULL);
	}
}

/* What the verifier says is said where it refuses. */
static void load(struct bpf_object *object, const struct peer *peer)
{
	_cleanup_free_ char *log = allocate(1, LOG_SIZE);
	struct bpf_program *program;
	int error;

	bpf_object__for_each_program(program, object)
	{
		bpf_program__set_autoload(program,
					  !strcmp(bpf_program__name(program), peer->program));
		bpf_program__set_log_buf(program, log, LOG_SIZE);
	}
	keep_off_bpffs(object);
	error = bpf_object__load(object);
	if (error)
		die("%sthe kernel refuses %s: %s", log, peer->file, strerror(-error));
}

/* The maps are the meter's, so that the object can go; a duplicate of its program stays. */
static void become_netacct(struct bpf_object *object, const struct peer *peer,
			   const struct situation *situation, struct subject *ret)
{
	struct bench_meter *bench = bench_meter_make(situation);

	specialise(object, bench);
	load(object, peer);
	ret->program =
		dup(bpf_program__fd(bpf_object__find_program_by_name(object, peer->program)));
	if (ret->program < 0)
		die("cannot keep a program: %s", strerror(errno));
	bench->programs[PROGRAM_IN] = ret->program;
	ret->kind = &netacct_kind;
	ret->state = bench;
	bpf_object__close(object);
}

static void become_foreign(struct bpf_object *object, const struct peer *peer,
			   const struct situation *situation, struct subject *ret)
{
	struct foreign *foreign = allocate(1, sizeof(*foreign));

	peer_set(object, peer, situation);
	load(object, peer);
	foreign->object = object;
	ret->program = bpf_program__fd(bpf_object__find_program_by_name(object, peer->program));
	ret->kind = &foreign_kind;
	ret->state = foreign;
}

/* libbpf does not know the names of sections that other loaders know: then it is one for tc. */
static bool suits(struct bpf_program *program, enum bench_hook hook)
{
	bool frags = bpf_program__flags(program) & BPF_F_XDP_HAS_FRAGS;

	if (bpf_program__type(program) == BPF_PROG_TYPE_UNSPEC)
		bpf_program__set_type(program, BPF_PROG_TYPE_SCHED_CLS);
	if (hook == HOOK_TC)
		return bpf_program__type(program) == BPF_PROG_TYPE_SCHED_CLS;
	return bpf_program__type(program) == BPF_PROG_TYPE_XDP && frags == (hook == HOOK_FRAGS);
}

/* At the last colon; NULL where nothing follows one. */
static char *cut(char *text)
{
	char *colon = strrchr(text, ':');

	if (!colon || !colon[1])
		return NULL;
	*colon = '\0';
	return colon + 1;
}

void peer_parse(const char *text, struct peer *ret)
{
	size_t size = strlen(text) + 1;
	char *last;

	ret->text = allocate(size, 1);
	memcpy(ret->text, text, size);
	ret->file = ret->text;
	ret->settings = ret->text + size - 1;
	last = cut(ret->file);
	if (last && strchr(last, '=')) {
		ret->settings = last;
		last = cut(ret->file);
	}
	if (!last)
		die("BENCH_PEER=%s: file.o:program or file.o:program:name=value,... belongs there",
		    text);
	ret->program = last;
}

void peer_clear(struct peer *peer)
{
	free(peer->text);
}

static void name_subject(const char *file, char name[static SUBJECT_NAME])
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;

	snprintf(name, SUBJECT_NAME, "%.*s", (int)strcspn(base, "."), base);
	if (!strcmp(name, SUBJECT_NETACCT))
		snprintf(name, SUBJECT_NAME, "%s", base);
}

bool subject_open_peer(const char *text, const struct situation *situation, struct subject *ret)
{
	_cleanup_peer_ struct peer peer = {};
	struct bpf_program *program;
	struct bpf_object *object;

	peer_parse(text, &peer);
	object = bpf_object__open(peer.file);
	if (!object)
		die("%s: %s", peer.file, strerror(errno));
	program = bpf_object__find_program_by_name(object, peer.program);
	if (!program)
		die("%s has no program %s", peer.file, peer.program);
	if (!suits(program, situation->hook)) {
		bpf_object__close(object);
		return false;
	}
	name_subject(peer.file, ret->name);
	if (is_netacct(object))
		become_netacct(object, &peer, situation, ret);
	else
		become_foreign(object, &peer, situation, ret);
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verifier has to walk: far from its limit for every program, with
 * all constants that attach can choose. Older kernels walk more.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <netacct/cleanup.h>

#include "lab.h"

#define LIMIT 1000000u /* BPF_COMPLEXITY_LIMIT_INSNS */
#define STATISTICS 4 /* BPF_LOG_STATS */
#define LOG_SIZE 65536

/* made by the build from bpf/netacct.bpf.c */
extern const char netacct_bpf_o_start[], netacct_bpf_o_end[];
extern const char netacct_nohot_bpf_o_start[], netacct_nohot_bpf_o_end[];

static struct bpf_object *open_object(const struct lab *lab)
{
	bool hot = lab->meter.meta.entries != 0;
	const char *start = hot ? netacct_bpf_o_start : netacct_nohot_bpf_o_start;
	const char *end = hot ? netacct_bpf_o_end : netacct_nohot_bpf_o_end;
	struct bpf_object *object = bpf_object__open_mem(start, (size_t)(end - start), NULL);
	struct bpf_map *map;
	enum map_id id;

	assert_non_null(object);
	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);

		if (strstr(name, ".rodata.config")) {
			assert_return_code(bpf_map__set_initial_value(map, &lab->config,
								      sizeof(lab->config)),
					   errno);
			continue;
		}
		for (id = 0; id < MAP_COUNT; id++)
			if (!strcmp(name, map_name(id)) && lab->meter.maps[id] >= 0)
				assert_return_code(bpf_map__reuse_fd(map, lab->meter.maps[id]),
						   errno);
	}
	return object;
}

/* Instructions that the verifier walked; 0: this kernel has no such programs. */
static unsigned int walk(const struct lab *lab, enum program wanted)
{
	struct bpf_object *object = open_object(lab);
	_cleanup_free_ char *log = calloc(1, LOG_SIZE);
	unsigned int instructions = 0;
	enum program program;
	char *found;

	assert_non_null(log);
	for (program = 0; program < PROGRAM_COUNT; program++) {
		struct bpf_program *one =
			bpf_object__find_program_by_name(object, program_name(program));

		bpf_program__set_autoload(one, program == wanted);
		bpf_program__set_log_buf(one, log, LOG_SIZE);
		bpf_program__set_log_level(one, STATISTICS);
	}
	if (bpf_object__load(object) && wanted != PROGRAM_FRAGS)
		fail_msg("%s: %s", program_name(wanted), log);
	found = strstr(log, "processed ");
	if (found)
		assert_int_equal(sscanf(found, "processed %u", &instructions), 1);
	bpf_object__close(object);
	assert_true(instructions || wanted == PROGRAM_FRAGS);
	return instructions;
}

static void worst_of(const struct lab_shape *shape, unsigned int worst[PROGRAM_COUNT])
{
	_cleanup_lab_ struct lab lab;
	enum program program;

	if (!lab_open(shape, &lab))
		return;
	for (program = 0; program < PROGRAM_COUNT; program++) {
		unsigned int instructions = walk(&lab, program);

		if (instructions > worst[program])
			worst[program] = instructions;
	}
}

static void is_far_from_the_limit(void **state)
{
	unsigned int i;
	int hot;

	(void)state;
	for (hot = 0; hot < 2; hot++) {
		unsigned int worst[PROGRAM_COUNT] = {};
		enum program program;

		for (i = 0; i < 32; i++) {
			const struct lab_shape shape = {
				.hot = hot,
				.key = i & 16 ? NA_KEY_FLOW : NA_KEY_HOST,
				.layer3 = i & 1,
				.bare = i & 8,
				.whitelist = i & 2,
				.sources = i & 4 ? 8 : 1,
				.unloaded = true,
			};

			worst_of(&shape, worst);
		}
		for (program = 0; program < PROGRAM_COUNT; program++) {
			if (!worst[program]) /* this kernel has no such programs */
				continue;
			print_message("# %s, %s: the verifier walks %u instructions at most\n",
				      program_name(program), hot ? "hot table" : "spill map alone",
				      worst[program]);
			assert_true(worst[program] < LIMIT / 4);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(is_far_from_the_limit)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

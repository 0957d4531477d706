/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <pthread.h>
#include <string.h>

#define LOG_SIZE (1u << 20)

/* made by the build from build/bpf/NAME.bpf.o */
extern const char netacct_bpf_o_start[], netacct_bpf_o_end[];
extern const char netacct_nohot_bpf_o_start[], netacct_nohot_bpf_o_end[];
extern const char clock_bpf_o_start[], clock_bpf_o_end[];

static const char *const names[PROGRAM_COUNT] = {
	[PROGRAM_IN] = "netacct_in",
	[PROGRAM_EG] = "netacct_eg",
	[PROGRAM_XDP] = "netacct_xdp",
	[PROGRAM_FRAGS] = "netacct_frags",
};

const char *program_name(enum program program)
{
	return names[program];
}

static void cleanup_object(struct bpf_object **object)
{
	bpf_object__close(*object);
}
#define _cleanup_object_ __attribute__((cleanup(cleanup_object)))

static int open_object(const char *start, const char *end, struct bpf_object **ret,
		       struct fault *fault)
{
	libbpf_set_print(NULL);
	*ret = bpf_object__open_mem(start, (size_t)(end - start), NULL);
	if (!*ret)
		return fault_errno(fault, -errno, "cannot open the embedded BPF object");
	return 0;
}

/* Constants in, and the meter's maps in place of the declared ones. */
static int specialise(struct bpf_object *object, const struct na_config *config,
		      const int maps[static MAP_COUNT], struct fault *fault)
{
	struct bpf_map *map;
	enum map_id id;
	int error;

	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);

		if (strstr(name, ".rodata.config")) {
			error = bpf_map__set_initial_value(map, config, sizeof(*config));
			if (error)
				return fault_errno(fault, error, "cannot set the constants");
			continue;
		}
		for (id = 0; id < MAP_COUNT; id++)
			if (!strcmp(name, map_name(id)))
				break;
		if (id == MAP_COUNT || maps[id] < 0)
			continue;
		error = bpf_map__reuse_fd(map, maps[id]);
		if (error)
			return fault_errno(fault, error, "cannot use the map %s", name);
	}
	return 0;
}

static void select_programs(struct bpf_object *object, unsigned int wanted, char *log, bool verbose)
{
	enum program i;

	for (i = 0; i < PROGRAM_COUNT; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, names[i]);

		bpf_program__set_autoload(program, wanted & 1u << i);
		bpf_program__set_log_buf(program, log, LOG_SIZE);
		bpf_program__set_log_level(program, verbose ? 1 : 0);
	}
}

/* The verifier's last word: the line before its statistics. */
static void last_words(const char *log, char *words, size_t size)
{
	const char *line = log, *next;

	words[0] = '\0';
	while (line && *line) {
		next = strchr(line, '\n');
		if (strncmp(line, "processed ", 10) && next != line)
			snprintf(words, size, "%.*s", next ? (int)(next - line) : 200, line);
		line = next ? next + 1 : NULL;
	}
}

static int load(struct bpf_object *object, char *log, struct fault *fault)
{
	int error = bpf_object__load(object);
	char words[256];

	if (!error)
		return 0;
	last_words(log, words, sizeof(words));
	return fault_errno(fault, error, "the kernel refuses the programs%s%s",
			   words[0] ? ": " : "", words);
}

static void close_programs(int programs[static PROGRAM_COUNT])
{
	enum program i;

	for (i = 0; i < PROGRAM_COUNT; i++) {
		cleanup_close(&programs[i]);
		programs[i] = -1;
	}
}

static int take_programs(struct bpf_object *object, unsigned int wanted,
			 int ret[static PROGRAM_COUNT], struct fault *fault)
{
	enum program i;

	for (i = 0; i < PROGRAM_COUNT; i++)
		ret[i] = -1;
	for (i = 0; i < PROGRAM_COUNT; i++) {
		if (!(wanted & 1u << i))
			continue;
		ret[i] = dup(bpf_program__fd(bpf_object__find_program_by_name(object, names[i])));
		if (ret[i] >= 0)
			continue;
		fault_errno(fault, -errno, "cannot keep a program");
		close_programs(ret);
		return -EMFILE;
	}
	return 0;
}

static int load_here(const struct na_config *config, const int maps[static MAP_COUNT],
		     unsigned int wanted, bool verbose, int ret[static PROGRAM_COUNT],
		     struct fault *fault)
{
	_cleanup_object_ struct bpf_object *object = NULL;
	_cleanup_free_ char *log = calloc(1, LOG_SIZE);
	int error;

	if (!log)
		return fault_errno(fault, -ENOMEM, "no room for the verifier's log");
	error = maps[MAP_HOT] >= 0
			? open_object(netacct_bpf_o_start, netacct_bpf_o_end, &object, fault)
			: open_object(netacct_nohot_bpf_o_start, netacct_nohot_bpf_o_end, &object,
				      fault);
	if (!error)
		error = specialise(object, config, maps, fault);
	if (error)
		return error;
	select_programs(object, wanted, log, verbose);
	error = load(object, log, fault);
	if (error || verbose) {
		free(fault->log);
		fault->log = TAKE_PTR(log);
	}
	return error ? error : take_programs(object, wanted, ret, fault);
}

/* One program's load, on a thread of its own: the verifier takes 20 ms for each. */
struct load {
	const struct na_config *config;
	const int *maps;
	unsigned int wanted;
	int programs[PROGRAM_COUNT];
	struct fault fault;
	int error;
};

static void *run_load(void *argument)
{
	struct load *load = argument;

	load->error = load_here(load->config, load->maps, load->wanted, false, load->programs,
				&load->fault);
	return NULL;
}

int object_load(const struct na_config *config, const int maps[static MAP_COUNT],
		unsigned int wanted, bool verbose, int ret[static PROGRAM_COUNT],
		struct fault *fault)
{
	unsigned int first = wanted & -wanted;
	struct load load = {.config = config, .maps = maps, .wanted = wanted & ~first};
	pthread_t thread;
	enum program i;
	int error;

	for (i = 0; i < PROGRAM_COUNT; i++)
		ret[i] = load.programs[i] = -1;
	if (verbose || !load.wanted || pthread_create(&thread, NULL, run_load, &load))
		return load_here(config, maps, wanted, verbose, ret, fault);
	error = load_here(config, maps, first, false, ret, fault);
	pthread_join(thread, NULL);
	for (i = 0; i < PROGRAM_COUNT; i++)
		if (load.programs[i] >= 0)
			ret[i] = load.programs[i];
	if (!error && load.error) {
		error = load.error;
		fault_clear(fault);
		*fault = load.fault;
	} else {
		fault_clear(&load.fault);
	}
	if (error)
		close_programs(ret);
	return error;
}

int object_load_clock(int *ret_program, int *ret_map, struct fault *fault)
{
	_cleanup_object_ struct bpf_object *object = NULL;
	int error = open_object(clock_bpf_o_start, clock_bpf_o_end, &object, fault);
	int program, map;

	if (error)
		return error;
	error = bpf_object__load(object);
	if (error)
		return fault_errno(fault, error, "the kernel refuses a small program%s",
				   error == -EPERM ? " (CAP_BPF and CAP_NET_ADMIN are needed)"
						   : "");
	program = dup(bpf_program__fd(bpf_object__find_program_by_name(object, "netacct_clock")));
	map = dup(bpf_object__find_map_fd_by_name(object, "clock"));
	if (program < 0 || map < 0) {
		error = -errno;
		if (program >= 0)
			close(program);
		return fault_errno(fault, error, "cannot keep a program");
	}
	*ret_program = program;
	*ret_map = map;
	return 0;
}

bool object_has_cmpxchg(void)
{
	/* r0 = 0; r1 = 0; *(u32 *)(r10 - 8) = 0; cmpxchg32(r10 - 8, r0, r1); exit */
	const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1},
		{.code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = -8},
		{.code = BPF_STX | 0xc0 | BPF_W,
		 .dst_reg = BPF_REG_10,
		 .src_reg = BPF_REG_1,
		 .off = -8,
		 .imm = 0xf0 | 0x01},
		{.code = BPF_JMP | BPF_EXIT},
	};
	_cleanup_close_ int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "netacct_probe", "GPL",
					       code, ARRAY_SIZE(code), NULL);

	return fd >= 0;
}

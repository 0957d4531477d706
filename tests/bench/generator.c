// SPDX-License-Identifier: GPL-2.0-or-later
#include "generator.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "die.h"

static const struct {
	const char *name, *generate, *empty;
} hooks[HOOK_COUNT] = {
	[HOOK_TC] = {"tc", "generate_tc", "empty_tc"},
	[HOOK_XDP] = {"xdp", "generate_xdp", "empty_xdp"},
	[HOOK_FRAGS] = {"xdp.frags", "generate_frags", "empty_frags"},
};

const char *hook_name(enum bench_hook hook)
{
	return hooks[hook].name;
}

static void select_programs(struct bpf_object *object, enum bench_hook hook)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
	{
		const char *name = bpf_program__name(program);

		bpf_program__set_autoload(program, !strcmp(name, hooks[hook].generate) ||
							   !strcmp(name, hooks[hook].empty));
	}
}

static void set_constants(struct bpf_object *object, bool ipv6)
{
	const struct bench_generator_config config = {.ipv6 = ipv6};
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		if (strstr(bpf_map__name(map), ".rodata") &&
		    bpf_map__set_initial_value(map, &config, sizeof(config)))
			die("cannot set the generator's constants: %s", strerror(errno));
	}
}

static void *map_memory(struct bpf_object *object, const char *name, size_t length)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		die("cannot map %s: %s", name, strerror(errno));
	return memory;
}

static int program_fd(struct bpf_object *object, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

void generator_open(struct generator *generator, const char *object, enum bench_hook hook,
		    bool ipv6)
{
	int error;

	generator->object = bpf_object__open(object);
	if (!generator->object)
		die("%s: %s", object, strerror(errno));
	set_constants(generator->object, ipv6);
	select_programs(generator->object, hook);
	error = bpf_object__load(generator->object);
	if (error)
		die("the kernel refuses %s: %s", object, strerror(-error));
	generator->ipv6 = ipv6;
	generator->program = program_fd(generator->object, hooks[hook].generate);
	generator->empty = program_fd(generator->object, hooks[hook].empty);
	generator->jump = bpf_object__find_map_fd_by_name(generator->object, "jump");
	generator->steps =
		map_memory(generator->object, "steps", BENCH_STEPS * sizeof(struct bench_step));
	generator->places =
		map_memory(generator->object, "places", BENCH_CPUS * sizeof(struct bench_place));
}

void generator_close(struct generator *generator)
{
	if (!generator->object)
		return;
	munmap(generator->steps, BENCH_STEPS * sizeof(struct bench_step));
	munmap(generator->places, BENCH_CPUS * sizeof(struct bench_place));
	bpf_object__close(generator->object);
	generator->object = NULL;
}

void generator_aim(const struct generator *generator, int program)
{
	const uint32_t zero = 0;

	if (bpf_map_update_elem(generator->jump, &zero, &program, BPF_ANY))
		die("cannot tail-call a program under test: %s", strerror(errno));
}

/* TCP with ACK and PSH; the generator fills in addresses and ports. */
static void make_packet(bool ipv6, uint8_t packet[static TEST_PACKET_LENGTH])
{
	const uint16_t type = htons(ipv6 ? ETH_P_IPV6 : ETH_P_IP), length = TEST_PACKET_LENGTH;
	uint8_t *ip = packet + ETH_HLEN, *tcp = ip + (ipv6 ? 40 : 20);

	memset(packet, 0, length);
	memcpy(packet + 12, &type, sizeof(type));
	if (ipv6) {
		ip[0] = 0x60;
		ip[5] = (uint8_t)(length - ETH_HLEN - 40);
		ip[6] = IPPROTO_TCP;
		ip[7] = 64;
		ip[8] = ip[24] = 0x20; /* 2001:db8::/32, RFC 3849 */
		ip[9] = ip[25] = 0x01;
		ip[10] = ip[26] = 0x0d;
		ip[11] = ip[27] = 0xb8;
	} else {
		ip[0] = 0x45;
		ip[3] = (uint8_t)(length - ETH_HLEN);
		ip[8] = 64;
		ip[9] = IPPROTO_TCP;
	}
	tcp[12] = 5 << 4;
	tcp[13] = 0x18;
}

static uint64_t thread_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t generator_run(const struct generator *generator, uint32_t cpu, uint32_t start,
		       uint32_t packets)
{
	uint8_t packet[TEST_PACKET_LENGTH];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = (int)packets);
	uint64_t before;
	int error;

	make_packet(generator->ipv6, packet);
	generator->places[cpu].next = start;
	before = thread_time();
	error = bpf_prog_test_run_opts(generator->program, &options);
	if (error)
		die("BPF_PROG_TEST_RUN: %s", strerror(-error));
	return thread_time() - before;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1 /* sched_setaffinity() */
#include "lab.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <netacct/cleanup.h>
#include <sched.h>

#include "../../src/meter/clock.h"
#include "prelude.h"

#define SKB_SHORT (14 + 40) /* shorter ones may be refused */

static void make_meta(const struct lab_shape *shape, struct na_meta *meta)
{
	static struct clock_sample now; /* it takes 20 ms, once is enough */
	_cleanup_fault_ struct fault fault = {};
	uint64_t seed = shape->seed ? shape->seed : 0x6c62272e07bb0142u;
	size_t i;

	if (!now.hz)
		assert_return_code(clock_measure(&now, &fault), 0);
	*meta = (struct na_meta){
		.magic = NETACCT_MAGIC,
		.abi = NETACCT_ABI,
		.hz = now.hz,
		.epoch_jiffies = now.jiffies,
		.epoch_monotonic = now.monotonic,
		.key = shape->key,
		.layer3 = shape->layer3,
		.max_flows = shape->max_flows ? shape->max_flows : 16,
		.sources = shape->sources ? shape->sources : 1,
		.whitelist = shape->whitelist,
	};
	for (i = 0; i < ARRAY_SIZE(meta->seed); i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		meta->seed[i] = seed ^ seed >> 29;
	}
	layout_size(meta, shape->hot);
	if (shape->shards)
		meta->shards = shape->shards;
}

static void load(struct lab *lab, enum program program, bool must)
{
	_cleanup_fault_ struct fault fault = {};
	int fds[PROGRAM_COUNT];
	int error = object_load(&lab->config, lab->meter.maps, 1u << program, false, fds, &fault);

	if (!error)
		lab->program[program] = fds[program];
	else if (must)
		fail_msg("%s: %s", program_name(program), fault.text);
}

bool lab_slow(void)
{
	return getenv("NETACCT_SLOW") != NULL;
}

static bool wanted(const struct lab_shape *shape, enum program program)
{
	return !shape->unloaded && (!shape->programs || shape->programs >> program & 1);
}

bool lab_open(const struct lab_shape *shape, struct lab *ret)
{
	_cleanup_fault_ struct fault fault = {};
	struct lab lab = {
		.meter = METER_CLOSED,
		.program = {[0 ... PROGRAM_COUNT - 1] = -1},
		.prelude = -1,
		.next = -1,
	};
	enum program program;

	*ret = lab;
	if (shape->hot && !object_has_cmpxchg()) {
		print_message("this kernel has no BPF cmpxchg\n");
		return false;
	}
	make_meta(shape, &lab.meter.meta);
	if (layout_create(&lab.meter.meta, lab.meter.maps, &fault))
		fail_msg("%s", fault.text);
	programs_config(&lab.meter.meta, shape->bare ? 0 : 14, shape->number, shape->owner,
			shape->peer, &lab.config);
	*ret = lab;
	lab_control(ret, 0, 0);
	for (program = 0; program < PROGRAM_COUNT; program++)
		if (wanted(shape, program))
			load(ret, program, program != PROGRAM_FRAGS);
	if (prelude_open(&ret->prelude, &ret->next))
		fail_msg("cannot load the program that comes before: %s", strerror(errno));
	return true;
}

void lab_close(struct lab *lab)
{
	enum program program;

	for (program = 0; program < PROGRAM_COUNT; program++)
		cleanup_close(&lab->program[program]);
	cleanup_close(&lab->prelude);
	cleanup_close(&lab->next);
	layout_close(lab->meter.maps);
}

void lab_require(const struct lab *lab, enum program program)
{
	if (lab->program[program] >= 0)
		return;
	print_message("this kernel has no XDP packets of several buffers\n");
	skip();
}

void lab_control(struct lab *lab, uint32_t active, uint32_t whitelist)
{
	struct na_control control = {.active = active, .whitelist = whitelist};
	uint32_t index = 0;

	assert_return_code(bpf_map_update_elem(lab->meter.maps[MAP_CONTROL], &index, &control, 0),
			   errno);
}

void lab_stay(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert_return_code(sched_setaffinity(0, sizeof(set), &set), errno);
}

struct run {
	struct bpf_test_run_opts options;
	struct __sk_buff skb;
	struct xdp_md xdp;
	unsigned char longer[SKB_SHORT];
};

/*
 * Kernels refuse to begin with an skb of Ethernet alone, newer ones with an
 * IP header that is cut short: such a packet is made longer, and cut again.
 */
static int run_skb(const struct lab *lab, int program, const struct lab_packet *packet,
		   struct run *run)
{
	uint32_t index = 0;

	run->skb = (struct __sk_buff){
		.ifindex = packet->ifindex,
		.gso_size = packet->gso_size,
		.gso_segs = packet->gso_segs,
		.data_end = (uint32_t)packet->linear,
		.priority = packet->tagged,
	};
	run->options.ctx_in = &run->skb;
	run->options.ctx_size_in = sizeof(run->skb);
	if (packet->size < SKB_SHORT) {
		memcpy(run->longer, packet->bytes, packet->size);
		run->options.data_in = run->longer;
		run->options.data_size_in = sizeof(run->longer);
		run->skb.mark = (uint32_t)packet->size;
	}
	if (!run->skb.mark && !run->skb.priority)
		return bpf_prog_test_run_opts(program, &run->options);
	assert_return_code(bpf_map_update_elem(lab->next, &index, &program, 0), errno);
	return bpf_prog_test_run_opts(lab->prelude, &run->options);
}

static int run_xdp(int program, const struct lab_packet *packet, struct run *run)
{
	run->xdp.data_end = (uint32_t)packet->linear;
	if (packet->linear) {
		run->options.ctx_in = &run->xdp;
		run->options.ctx_size_in = sizeof(run->xdp);
	}
	return bpf_prog_test_run_opts(program, &run->options);
}

int lab_run(const struct lab *lab, enum program program, const struct lab_packet *packet)
{
	static _Thread_local unsigned char out[FRAME_MAX];
	bool tc = program == PROGRAM_IN || program == PROGRAM_EG;
	int fd = lab->program[program];
	struct run run = {
		.options =
			{
				.sz = sizeof(run.options),
				.data_in = packet->bytes,
				.data_size_in = (uint32_t)packet->size,
				.data_out = out,
				.data_size_out = sizeof(out),
				.repeat = 1,
			},
	};

	errno = 0;
	if (tc ? run_skb(lab, fd, packet, &run) : run_xdp(fd, packet, &run))
		return -errno;
	assert_int_equal(run.options.retval, tc ? LAB_UNSPEC : LAB_PASS);
	assert_int_equal(run.options.data_size_out, packet->size);
	assert_memory_equal(out, packet->bytes, packet->size);
	return 0;
}

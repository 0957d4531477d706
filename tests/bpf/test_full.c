/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * More flows than there is room for: each is accounted to the packet, or it
 * is overflow, and nothing is in between. Two CPUs at once change nothing.
 */
#define _GNU_SOURCE 1 /* CPU_SET() */
#include <errno.h>
#include <netacct/cleanup.h>
#include <pthread.h>
#include <sched.h>

#include "flows.h"
#include "variant.h"

#define FLOWS 10000u
#define FIRST 0x0a000000u /* 10.0.0.0 */

static uint32_t packets_of(uint32_t flow)
{
	return 1 + flow % 3;
}

static uint8_t flags_of(uint32_t flow)
{
	return (uint8_t)(flow * 37 >> 2);
}

static void set_flow(struct frame *frame, uint32_t flow)
{
	flows_set(frame, FLOWS_SOURCE4, FIRST + flow);
	frame->bytes[FLOWS_FLAGS4] = flags_of(flow);
}

/* In rounds, so that no flow has all of its packets at once. */
static void send_all(const struct lab *lab, struct frame *frame)
{
	uint32_t round, flow;

	for (round = 0; round < 3; round++)
		for (flow = 0; flow < FLOWS; flow++) {
			if (round >= packets_of(flow))
				continue;
			set_flow(frame, flow);
			flows_run(lab, PROGRAM_IN, frame);
		}
}

/* What the records of the flows hold, after each was found right. */
static struct na_count check_records(const struct lab_records *records, size_t size,
				     unsigned int times)
{
	_cleanup_free_ bool *there = calloc(FLOWS, sizeof(*there));
	struct na_count sum = {};
	size_t i;

	assert_non_null(there);
	for (i = 0; i < records->count; i++) {
		const struct lab_record *record = &records->record[i];
		uint32_t flow = flows_get(&record->key.remote[3]) - FIRST;

		assert_true(flow < FLOWS);
		assert_false(there[flow]);
		there[flow] = true;
		assert_int_equal(record->count.packets, packets_of(flow) * times);
		assert_int_equal(record->count.bytes, packets_of(flow) * times * size);
		assert_int_equal(record->tcp_flags, flags_of(flow));
		sum.packets += record->count.packets;
		sum.bytes += record->count.bytes;
	}
	return sum;
}

static uint64_t sent(void)
{
	uint64_t sum = 0;
	uint32_t flow;

	for (flow = 0; flow < FLOWS; flow++)
		sum += packets_of(flow);
	return sum;
}

static void loses_nothing_when_it_is_full(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW, .max_flows = 100};
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;
	struct na_balance balance;
	struct na_count sum;
	struct frame frame;

	if (!lab_open(&shape, &lab))
		skip();
	frame_build("eth ip4 tcp data:10", &frame);
	send_all(&lab, &frame);
	lab_records(&lab, &records);
	lab_balance(&lab, 0, NA_RX, &balance);
	sum = check_records(&records, frame.size, 1);
	assert_int_equal(balance.bucket[NA_SEEN].packets, sent());
	assert_int_equal(balance.bucket[NA_SEEN].bytes, sent() * frame.size);
	assert_int_equal(balance.bucket[NA_ACCOUNTED].packets, sum.packets);
	assert_int_equal(balance.bucket[NA_ACCOUNTED].bytes, sum.bytes);
	assert_int_equal(balance.bucket[NA_OVERFLOW].packets, sent() - sum.packets);
	assert_int_equal(balance.bucket[NA_OVERFLOW].bytes, sent() * frame.size - sum.bytes);
	assert_true(balance.bucket[NA_OVERFLOW].packets > 0);
	/* there was room for what was asked for, and all room was used */
	assert_true(records.count >= 2u * shape.max_flows);
	assert_true(records.count >= lab.meter.meta.spill);
	assert_true(balance.spilled > 0);
	assert_true(balance.spilled >= lab.meter.meta.spill);
	assert_true(records.count <= lab.meter.meta.spill + lab.meter.meta.entries);
}

/* What was in the spill map stays there when the hot table has room again: it is merged. */
static void counts_spilled_flows_on(void **state)
{
	struct lab_shape shape = {.hot = variant(state), .key = NA_KEY_FLOW, .max_flows = 100};
	_cleanup_lab_records_ struct lab_records records = {};
	_cleanup_lab_ struct lab lab;
	struct na_balance before, after;
	struct frame frame;
	uint32_t flow;

	if (!lab_open(&shape, &lab))
		skip();
	frame_build("eth ip4 tcp data:10", &frame);
	send_all(&lab, &frame);
	lab_balance(&lab, 0, NA_RX, &before);
	send_all(&lab, &frame);
	lab_balance(&lab, 0, NA_RX, &after);
	lab_records(&lab, &records);
	check_records(&records, frame.size, 2);
	/* no flow came or went in the second round: there was not even room for one */
	assert_int_equal(after.bucket[NA_ACCOUNTED].packets,
			 2 * before.bucket[NA_ACCOUNTED].packets);
	assert_true(after.spilled > before.spilled);
	lab_zero(&lab);
	flow = 1;
	set_flow(&frame, flow);
	flows_run(&lab, PROGRAM_IN, &frame);
	lab_records_clear(&records);
	lab_records(&lab, &records);
	assert_int_equal(records.count, 1);
	assert_int_equal(records.record[0].count.packets, 1);
	assert_int_equal(records.record[0].tcp_flags, flags_of(flow));
}

struct sender {
	const struct lab *lab;
	int cpu;
	pthread_barrier_t *start;
};

static void *send_on_cpu(void *argument)
{
	const struct sender *sender = argument;
	struct frame frame;

	lab_stay(sender->cpu);
	frame_build("eth ip4 tcp data:10", &frame);
	pthread_barrier_wait(sender->start);
	send_all(sender->lab, &frame);
	return NULL;
}

/* The first two CPUs that we may run on; false: there is one alone. */
static bool two_cpus(int ret[2])
{
	int cpu, found = 0;
	cpu_set_t set;

	assert_return_code(sched_getaffinity(0, sizeof(set), &set), errno);
	for (cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
		if (CPU_ISSET(cpu, &set))
			ret[found++] = cpu;
	return found == 2;
}

static void send_on_two(const struct lab *lab, const int cpus[2])
{
	pthread_barrier_t start;
	struct sender senders[2];
	pthread_t threads[2];
	int i;

	pthread_barrier_init(&start, NULL, 2);
	for (i = 0; i < 2; i++) {
		senders[i] = (struct sender){lab, cpus[i], &start};
		assert_int_equal(pthread_create(&threads[i], NULL, send_on_cpu, &senders[i]), 0);
	}
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
}

/* Keys may be there twice (both CPUs found a slot): packets are what counts. */
static void counts_two_cpus_that_send_the_same_flows(void **state)
{
	const uint32_t rooms[] = {100, 16384};
	size_t i, j;
	int cpus[2];

	if (!two_cpus(cpus)) {
		print_message("there is one CPU alone\n");
		skip();
	}
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		struct lab_shape shape = {
			.hot = variant(state), .key = NA_KEY_FLOW, .max_flows = rooms[i]};
		_cleanup_lab_records_ struct lab_records records = {};
		_cleanup_lab_ struct lab lab;
		struct na_balance balance;
		uint64_t sum = 0;

		if (!lab_open(&shape, &lab))
			skip();
		send_on_two(&lab, cpus);
		lab_records(&lab, &records);
		lab_balance(&lab, 0, NA_RX, &balance);
		for (j = 0; j < records.count; j++)
			sum += records.record[j].count.packets;
		assert_int_equal(balance.bucket[NA_SEEN].packets, 2 * sent());
		assert_int_equal(balance.bucket[NA_ACCOUNTED].packets, sum);
		assert_int_equal(balance.bucket[NA_OVERFLOW].packets, 2 * sent() - sum);
		assert_int_equal(balance.bucket[NA_OVERFLOW].packets > 0, i == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(loses_nothing_when_it_is_full),
		BOTH(counts_spilled_flows_on),
		BOTH(counts_two_cpus_that_send_the_same_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

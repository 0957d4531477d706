// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE 1
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"
#include "sender.h"

#define BATCH 64

/* One thread's part: the frames of all flows, sent in turn. */
struct flood_thread {
	const struct flood *flood;
	struct sender sender;
	unsigned int number;
	uint64_t packets;
	unsigned char *frames; /* one per flow, of equal length */
	size_t length;
	uint64_t *refused; /* per flow: the peer had no room, so it was sent and not received */
	bool done; /* atomic */
	pthread_barrier_t *start; /* all of a flood's threads begin at once */
	pthread_t thread;
};

static void bind_to_cpu(unsigned int number)
{
	cpu_set_t allowed, chosen;
	unsigned int skip_first;
	int cpu = 0;

	CHECK(!sched_getaffinity(0, sizeof(allowed), &allowed), "affinity: %s", strerror(errno));
	skip_first = number % (unsigned int)CPU_COUNT(&allowed);
	for (;; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed) && !skip_first--)
			break;
	CPU_ZERO(&chosen);
	CPU_SET((size_t)cpu, &chosen);
	CHECK(!sched_setaffinity(0, sizeof(chosen), &chosen), "affinity: %s", strerror(errno));
}

static void *run(void *argument)
{
	struct flood_thread *thread = argument;
	unsigned int flows = thread->flood->flows;
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	uint64_t at = 0;

	bind_to_cpu(thread->number);
	memset(messages, 0, sizeof(messages));
	pthread_barrier_wait(thread->start);
	while (at < thread->packets &&
	       !__atomic_load_n(&thread->flood->stopped, __ATOMIC_ACQUIRE)) {
		unsigned int batch = BATCH;
		int sent;

		if (thread->packets - at < batch)
			batch = (unsigned int)(thread->packets - at);
		for (unsigned int i = 0; i < batch; i++) {
			parts[i].iov_base = thread->frames + (at + i) % flows * thread->length;
			parts[i].iov_len = thread->length;
			messages[i].msg_hdr.msg_iov = &parts[i];
			messages[i].msg_hdr.msg_iovlen = 1;
		}
		sent = sendmmsg(thread->sender.fd, messages, batch, 0);
		CHECK(sent > 0 || errno == ENOBUFS, "flood: %s", strerror(errno));
		at += sent > 0 ? (uint64_t)sent : 0;
		if (sent < (int)batch)
			thread->refused[at++ % flows]++;
	}
	thread->packets = at;
	__atomic_store_n(&thread->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void prepare(struct flood_thread *thread)
{
	const struct flood *flood = thread->flood;
	static unsigned char frame[PACKET_MAX];
	struct packet_layout layout;

	sender_open(&thread->sender, flood->ns, flood->name, flood->options);
	packet_build(&flood->packet, frame, &layout);
	thread->length = layout.length;
	thread->frames = calloc(flood->flows, layout.length);
	thread->refused = calloc(flood->flows, sizeof(*thread->refused));
	CHECK(thread->frames && thread->refused, "out of memory");
	for (unsigned int i = 0; i < flood->flows; i++) {
		struct packet one = flood->packet;

		one.source_plus += i;
		packet_build(&one, frame, &layout);
		memcpy(thread->frames + i * thread->length, frame, layout.length);
	}
}

void flood_start(struct flood *flood)
{
	flood->running = calloc(flood->threads, sizeof(*flood->running));
	flood->barrier = malloc(sizeof(pthread_barrier_t));
	CHECK(flood->running && flood->barrier, "out of memory");
	pthread_barrier_init(flood->barrier, NULL, flood->threads);
	for (unsigned int i = 0; i < flood->threads; i++) {
		struct flood_thread *thread = &flood->running[i];

		thread->flood = flood;
		thread->number = i;
		thread->start = flood->barrier;
		thread->packets = flood->packets / flood->threads;
		prepare(thread);
		CHECK(!pthread_create(&thread->thread, NULL, run, thread), "no thread");
	}
}

bool flood_running(const struct flood *flood)
{
	for (unsigned int i = 0; i < flood->threads; i++)
		if (!__atomic_load_n(&flood->running[i].done, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

void flood_stop(struct flood *flood)
{
	__atomic_store_n(&flood->stopped, true, __ATOMIC_RELEASE);
}

static void book(const struct flood *flood, const struct flood_thread *thread)
{
	for (unsigned int i = 0; i < flood->flows; i++) {
		uint64_t count =
			thread->packets / flood->flows + (i < thread->packets % flood->flows);
		struct packet one = flood->packet;

		one.source_plus += i;
		if (count && flood->sent)
			packet_book(&one, LEDGER_TX, count, false, flood->sent);
		count -= thread->refused[i];
		if (count && flood->received)
			packet_book(&one, LEDGER_RX, count, false, flood->received);
	}
}

void flood_wait(struct flood *flood)
{
	flood->packets = 0;
	for (unsigned int i = 0; i < flood->threads; i++) {
		struct flood_thread *thread = &flood->running[i];

		pthread_join(thread->thread, NULL);
		flood->packets += thread->packets;
		book(flood, thread);
		sender_close(&thread->sender);
		free(thread->frames);
		free(thread->refused);
	}
	pthread_barrier_destroy(flood->barrier);
	free(flood->barrier);
	free(flood->running);
	flood->running = NULL;
	flood->barrier = NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "die.h"
#include "machine.h"

#define BATCH 64u
#define TRIAL 2048u /* frames: some 2 ms */
#define TRIES 100u
#define TICK 1000000u /* ns between the batches of a paced sender */

void sender_open(struct sender *sender, const char *name, const struct frames *frames)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(name),
	};
	const int one = 1;

	*sender = (struct sender){.frames = frames};
	sender->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sender->fd < 0 || bind(sender->fd, (const struct sockaddr *)&address, sizeof(address)))
		die("a sender on %s: %s", name, strerror(errno));
	if (frames->segment &&
	    setsockopt(sender->fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		die("PACKET_VNET_HDR: %s", strerror(errno));
}

void sender_close(struct sender *sender)
{
	close(sender->fd);
	sender->fd = -1;
}

/* A failure within a batch ends it, and is the answer to the next call. */
static void send_all(struct sender *sender, struct mmsghdr *messages, uint32_t count)
{
	uint32_t at = 0;

	while (at < count) {
		int sent = sendmmsg(sender->fd, messages + at, count - at, 0);

		if (sent < 0 && errno != ENOBUFS)
			die("cannot send: %s", strerror(errno));
		sender->sent += sent < 0 ? 0 : (uint64_t)sent;
		sender->refused += sent < 0;
		at += sent < 0 ? 1 : (uint32_t)sent;
	}
}

static void send_batch(struct sender *sender, const uint32_t flows[BATCH], uint32_t count)
{
	const struct frames *frames = sender->frames;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	uint32_t i;

	memset(messages, 0, sizeof(messages));
	for (i = 0; i < count; i++) {
		parts[i] =
			(struct iovec){frames->bytes + flows[i] * frames->stride, frames->stride};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	send_all(sender, messages, count);
}

void sender_each(struct sender *sender)
{
	uint32_t flow = 0, flows[BATCH], count;

	while (flow < sender->frames->count) {
		for (count = 0; count < BATCH && flow < sender->frames->count; count++)
			flows[count] = flow++;
		send_batch(sender, flows, count);
	}
}

/* A linear congruential generator: its upper half is random enough to choose flows. */
static uint32_t next_flow(struct sender *sender)
{
	sender->random = sender->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((sender->random >> 32) * sender->frames->count >> 32);
}

void sender_send(struct sender *sender, uint32_t frames)
{
	uint32_t flows[BATCH], count, i;

	for (; frames; frames -= count) {
		count = frames < BATCH ? frames : BATCH;
		for (i = 0; i < count; i++)
			flows[i] = next_flow(sender);
		send_batch(sender, flows, count);
	}
}

void sender_rewind(struct sender *sender)
{
	sender->random = 0;
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* How often the thread did not have its CPU. */
static long interruptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

clockid_t sender_clock(struct sender *sender)
{
	uint64_t wall, own;
	uint32_t i;
	long before;

	for (i = 0; i < TRIES; i++) {
		before = interruptions();
		wall = read_clock(CLOCK_MONOTONIC);
		own = read_clock(CLOCK_THREAD_CPUTIME_ID);
		sender_send(sender, TRIAL);
		own = read_clock(CLOCK_THREAD_CPUTIME_ID) - own;
		wall = read_clock(CLOCK_MONOTONIC) - wall;
		if (interruptions() == before && own * 10 < wall * 9)
			return CLOCK_MONOTONIC;
		if (interruptions() == before)
			break;
	}
	return CLOCK_THREAD_CPUTIME_ID;
}

void sender_pace(struct sender *sender, uint32_t rate, double seconds)
{
	const uint64_t start = machine_clock();
	const uint64_t ticks = (uint64_t)(seconds * 1e9 / TICK);
	uint64_t tick, due, sent = 0;

	for (tick = 1; tick <= ticks; tick++) {
		struct timespec next;

		due = start + tick * TICK;
		next = (struct timespec){(time_t)(due / 1000000000u), (long)(due % 1000000000u)};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		due = tick * rate / (1000000000u / TICK);
		sender_send(sender, (uint32_t)(due - sent));
		sent = due;
	}
}

static bool is_called(const char *pid, const char *name)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[300], line[32];

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	return file && fgets(line, sizeof(line), file) && !strcmp(line, name);
}

pid_t sender_softirqd(void)
{
	_cleanup_closedir_ DIR *processes = opendir("/proc");
	const struct dirent *entry;
	char name[32];

	snprintf(name, sizeof(name), "ksoftirqd/%d\n", sched_getcpu());
	while (processes && (entry = readdir(processes)))
		if (is_called(entry->d_name, name))
			return (pid_t)strtol(entry->d_name, NULL, 10);
	return 0;
}

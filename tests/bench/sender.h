/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An AF_PACKET sender. On a veth without NAPI the peer receives in a softirq
 * of the same CPU, within the send: the thread's CPU time is that of both
 * ends.
 */
#ifndef BENCH_SENDER_H
#define BENCH_SENDER_H

#include <sys/types.h>
#include <time.h>

#include "frames.h"

struct sender {
	int fd;
	const struct frames *frames;
	uint64_t random;
	uint64_t sent; /* frames */
	uint64_t refused; /* the peer had no room: past tc egress, but not received */
};

void sender_open(struct sender *sender, const char *name, const struct frames *frames);
void sender_close(struct sender *sender);

/* The frame of each flow once, in order. */
void sender_each(struct sender *sender);

/* That many frames of flows at random, the same ones after each sender_rewind(). */
void sender_send(struct sender *sender, uint32_t frames);
void sender_rewind(struct sender *sender);

/* The same, and so many a second. */
void sender_pace(struct sender *sender, uint32_t rate, double seconds);

/* The kernel's thread that takes over softirqs on the thread's CPU; 0: it is not to be seen. */
pid_t sender_softirqd(void);

/*
 * Which clock has what sending and receiving take: the thread's CPU time, or
 * that of the wall where the kernel keeps the time of softirqs apart
 * (CONFIG_IRQ_TIME_ACCOUNTING). Finds out by sending.
 */
clockid_t sender_clock(struct sender *sender);

#endif

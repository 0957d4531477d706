/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sd_notify(3) without libsystemd: datagrams of lines KEY=VALUE to the socket
 * that NOTIFY_SOCKET names, "@…" in the abstract namespace (unix(7)). Without
 * that variable nothing is sent. That nobody listens is no error of ours.
 */
#ifndef NETACCT_NOTIFY_H
#define NETACCT_NOTIFY_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
	int fd; /* -1: nobody to tell */
	struct sockaddr_un address;
	socklen_t length;
	uint64_t watchdog; /* ns between two signs of life, 0: none are asked for */
	uint64_t next; /* CLOCK_MONOTONIC ns of the next one */
};

#define NOTIFY_NONE ((struct notify){.fd = -1})

/*
 * Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and takes them out of
 * the environment, so that no child speaks for us. Signs of life are sent at half
 * of what systemd waits.
 */
void notify_open(struct notify *notify);
void notify_close(struct notify *notify);

/* Lines, each but the last ended by a newline. */
__attribute__((format(printf, 2, 3))) void notify_say(const struct notify *notify,
						      const char *format, ...);
/* "RELOADING=1" with MONOTONIC_USEC, as Type=notify-reload wants it. */
void notify_reloading(const struct notify *notify);
/* WATCHDOG=1 where it is due. */
void notify_alive(struct notify *notify);
/* Milliseconds until it is due; -1: never. */
int notify_wait(const struct notify *notify);

#endif

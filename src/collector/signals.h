/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGCHLD as a descriptor: nothing is done in a handler. */
#ifndef NETACCT_SIGNALS_H
#define NETACCT_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct signals {
	int fd; /* to be polled for POLLIN; -1: not open */
	sigset_t before; /* the mask as it was */
};

#define SIGNALS_NONE ((struct signals){.fd = -1})

/* What came since the last call, each once however often it came. */
struct signals_news {
	bool end; /* SIGTERM, SIGINT */
	bool reload; /* SIGHUP */
	bool reopen; /* SIGUSR1 */
	bool child; /* SIGCHLD */
};

int signals_open(struct signals *signals);
/* What is still pending is thrown away: a second SIGINT does not end what comes after. */
void signals_close(struct signals *signals);
struct signals_news signals_read(const struct signals *signals);
/* In a child: the mask as it was, and every handling the default one. */
void signals_restore(const struct signals *signals);

#endif

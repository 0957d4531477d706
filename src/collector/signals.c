/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "signals.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <sys/signalfd.h>

static const int taken[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD};

int signals_open(struct signals *signals)
{
	sigset_t mask;
	size_t i;

	*signals = SIGNALS_NONE;
	sigemptyset(&mask);
	for (i = 0; i < ARRAY_SIZE(taken); i++)
		sigaddset(&mask, taken[i]);
	/* where the parent ignored SIGCHLD, children would leave no status */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR || sigprocmask(SIG_BLOCK, &mask, &signals->before))
		return -errno;
	signals->fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals->fd < 0) {
		int error = -errno;

		sigprocmask(SIG_SETMASK, &signals->before, NULL);
		return error;
	}
	return 0;
}

struct signals_news signals_read(const struct signals *signals)
{
	struct signals_news news = {};
	struct signalfd_siginfo info;

	while (read(signals->fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGTERM:
		case SIGINT:
			news.end = true;
			break;
		case SIGHUP:
			news.reload = true;
			break;
		case SIGUSR1:
			news.reopen = true;
			break;
		default:
			news.child = true;
		}
	}
	return news;
}

void signals_close(struct signals *signals)
{
	if (signals->fd < 0)
		return;
	signals_read(signals);
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
	cleanup_close(&signals->fd);
	*signals = SIGNALS_NONE;
}

void signals_restore(const struct signals *signals)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		(void)signal(taken[i], SIG_DFL);
	(void)signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

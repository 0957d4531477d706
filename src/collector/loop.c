/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <poll.h>

#include "running.h"

#define SCAN_MS 1000

enum { FD_SIGNALS, FD_BOOT, FD_WALL, FD_SERVER, FD_OWN };

/* The roster's are behind ours; free() the array. */
static struct pollfd *descriptors(const struct collector *collector, nfds_t *ret_count)
{
	size_t count = 0, i;
	const int *others = roster_descriptors(&collector->roster, &count);
	struct pollfd *fds = calloc(FD_OWN + count, sizeof(*fds));

	if (!fds)
		return NULL;
	fds[FD_SIGNALS].fd = collector->signals.fd;
	fds[FD_BOOT].fd = collector->schedule.boot_timer;
	fds[FD_WALL].fd = collector->schedule.wall_timer;
	fds[FD_SERVER].fd = server_descriptor(&collector->server);
	for (i = 0; i < count; i++)
		fds[FD_OWN + i].fd = others[i];
	for (i = 0; i < FD_OWN + count; i++)
		fds[i].events = POLLIN;
	*ret_count = FD_OWN + count;
	return fds;
}

static int sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* Milliseconds. */
static int patience(const struct collector *collector, uint64_t end)
{
	uint64_t now = schedule_clocks_now().boottime, left = end > now ? end - now : 0;
	int wait = notify_wait(&collector->notify);

	if (roster_scans(&collector->roster))
		wait = sooner(wait, SCAN_MS);
	if (!end)
		return wait;
	left = (left + 999999) / 1000000;
	return sooner(wait, left > INT_MAX ? INT_MAX : (int)left);
}

static void reopen(struct collector *collector)
{
	struct config_error why = {};

	if (!collector->files)
		return;
	files_reopen(collector->files);
	if (files_write(collector->files, &why))
		voice_say(collector->voice, VOICE_ERROR, NULL, "%s", why.text);
}

/* *ret_end: it is time to end. */
static int heed_signals(struct collector *collector, bool *ret_end)
{
	struct signals_news news = signals_read(&collector->signals);

	if (news.child)
		children_reap(collector);
	if (news.reopen)
		reopen(collector);
	*ret_end = news.end;
	return news.reload && !news.end ? collector_reload(collector) : 0;
}

static int heed_clock(struct collector *collector, bool *ret_drained)
{
	int64_t jump = 0;
	bool due = false;
	int error = schedule_read(&collector->schedule, &due, &jump);

	if (error)
		return collector_fails(collector, "timer", error);
	if (jump)
		voice_say(collector->voice, VOICE_WARNING, NULL,
			  "the clock was set by %+.1f s; what was counted keeps its place in time",
			  (double)jump / 1e9);
	*ret_drained = due;
	if (!due)
		return 0;
	error = cycle_run(collector);
	/* what has departed and is drained makes room */
	return error ? error : roster_update(&collector->roster);
}

static int heed_roster(struct collector *collector, const struct pollfd *fds, nfds_t count)
{
	bool due = false;
	nfds_t i;

	for (i = FD_OWN; i < count && !due; i++)
		due = fds[i].revents;
	if (due)
		due = roster_event(&collector->roster);
	if (!due && !roster_scans(&collector->roster))
		return 0;
	return roster_update(&collector->roster);
}

static void heed_server(struct collector *collector)
{
	const struct server_host host = {collector->voice, &collector->signals,
					 collector->config->history, collector->options->answer};

	if (host.answer)
		server_accept(&collector->server, &host);
}

/* One turn; *ret_end: it was the last. */
static int turn(struct collector *collector, uint64_t end, bool *ret_end)
{
	nfds_t count = 0;
	_cleanup_free_ struct pollfd *fds = descriptors(collector, &count);
	bool drained = false;
	int error;

	if (!fds)
		return collector_fails(collector, NULL, -ENOMEM);
	notify_alive(&collector->notify);
	if (poll(fds, count, patience(collector, end)) < 0 && errno != EINTR)
		return collector_fails(collector, "poll", -errno);
	if (fds[FD_SERVER].revents)
		heed_server(collector);
	error = heed_signals(collector, ret_end);
	if (error || *ret_end)
		return error;
	error = heed_roster(collector, fds, count);
	if (!error)
		error = heed_clock(collector, &drained);
	if ((drained && collector->options->once) || (end && schedule_clocks_now().boottime >= end))
		*ret_end = true;
	return error;
}

int collector_loop(struct collector *collector)
{
	uint64_t end = collector->options->duration;
	bool ended = false;
	int error = 0;

	if (end)
		end += schedule_clocks_now().boottime;
	while (!error && !ended)
		error = turn(collector, end, &ended);
	return error;
}

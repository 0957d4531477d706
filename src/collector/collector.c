/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collector.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "running.h"

int collector_fails(struct collector *collector, const char *what, int error)
{
	voice_say(collector->voice, VOICE_ERROR, what, "%s", strerror(-error));
	return error;
}

void collector_notices(const struct collector *collector)
{
	size_t i;

	for (i = 0; i < collector->config->notice_count; i++)
		voice_say(collector->voice, VOICE_WARNING, collector->config->path, "%s",
			  collector->config->notices[i]);
}

/* That the disk is full is no reason not to count. */
static int open_books(struct collector *collector)
{
	struct history_error why = {};
	int error = books_open(collector, &why);

	if (!error)
		return 0;
	if (error == -ENOSPC) {
		trouble_begins(collector, TROUBLE_HISTORY, collector->config->history, error,
			       why.text);
		return 0;
	}
	voice_say(collector->voice, VOICE_ERROR, collector->config->history, "%s", why.text);
	return error;
}

void collector_listen(struct collector *collector)
{
	const char *path = collector->config->socket;
	int error = path ? server_open(&collector->server, path) : 0;

	if (error)
		voice_say(collector->voice, VOICE_WARNING, path,
			  "cannot listen: %s; nobody but root can read the meters",
			  error == -EADDRINUSE ? "somebody answers there already"
					       : strerror(-error));
}

int collector_intervals(struct collector *collector)
{
	if (!collector->options->console)
		return 0;
	collector->intervals = calloc(collector->config->count + 1, sizeof(*collector->intervals));
	return collector->intervals ? 0 : -ENOMEM;
}

static int open_all(struct collector *collector)
{
	int error = signals_open(&collector->signals);

	collector_notices(collector);
	if (error)
		return collector_fails(collector, "signals", error);
	error = open_books(collector);
	if (error)
		return error;
	error = collector_intervals(collector);
	if (!error)
		error = reload_open(&collector->reload, collector->config);
	if (error)
		return collector_fails(collector, NULL, error);
	error = roster_open(&collector->roster, collector->config, collector->voice);
	if (error)
		return collector_fails(collector, "sources", error);
	collector->roster_is_open = true;
	error = roster_update(&collector->roster);
	if (error)
		return collector_fails(collector, "sources", error);
	books_sweep(collector);
	collector_listen(collector);
	return 0;
}

static bool made_one(const struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (roster->entries[i].made)
			return true;
	return false;
}

/* --once counts for an interval what it has only just begun to count. */
static int start_schedule(struct collector *collector)
{
	uint64_t interval = collector->config->polling_interval;
	bool once = collector->options->once;
	int error = schedule_open(&collector->schedule,
				  once && !made_one(&collector->roster) ? 1 : interval, once);

	return error ? collector_fails(collector, "timer", error) : 0;
}

/* The last counts: what was made here is detached first, so that nothing comes after them. */
static int finish(struct collector *collector)
{
	struct history_error why = {};
	int error = roster_detach(&collector->roster), drained = cycle_run(collector);

	if (!error)
		error = drained;
	if (collector->history && history_maintain(collector->history, true, &why))
		trouble_begins(collector, TROUBLE_UPKEEP, collector->config->history, -EIO,
			       why.text);
	drained = roster_end(&collector->roster);
	if (!error)
		error = drained;
	if (error)
		return collector_fails(collector, "sources", error);
	return collector->clean ? 0 : -EIO;
}

static void close_all(struct collector *collector)
{
	server_close(&collector->server);
	if (collector->roster_is_open)
		roster_close(&collector->roster);
	books_close(collector);
	reload_close(&collector->reload);
	tracks_clear(&collector->tracks);
	schedule_close(&collector->schedule);
	notify_close(&collector->notify);
	signals_close(&collector->signals);
	free(collector->intervals);
	free(collector->children);
	config_clear(collector->config);
	free(collector->config);
}

static int run(struct collector *collector)
{
	int error = open_all(collector), ended;

	if (!error)
		error = start_schedule(collector);
	if (!error) {
		notify_say(&collector->notify, "READY=1\nSTATUS=meters: %zu",
			   collector->roster.count);
		collector->cycle_at = schedule_clocks_now().boottime;
		error = collector_loop(collector);
		if (!error && collector->options->once && !collector->roster.count)
			error = -ENODEV; /* the roster has said what was not there */
	}
	notify_say(&collector->notify, "STOPPING=1");
	if (!collector->roster_is_open)
		return error;
	ended = finish(collector);
	return error ? error : ended;
}

int collector_run(struct collector_options *options)
{
	struct collector collector = {.options = options,
				      .voice = &options->voice,
				      .config = calloc(1, sizeof(*collector.config)),
				      .signals = SIGNALS_NONE,
				      .schedule = SCHEDULE_NONE,
				      .server = SERVER_NONE};
	int error;

	if (!collector.config) {
		config_clear(options->config);
		return collector_fails(&collector, NULL, -ENOMEM);
	}
	*collector.config = *options->config;
	*options->config = (struct config){};
	notify_open(&collector.notify);
	error = run(&collector);
	close_all(&collector);
	return error;
}

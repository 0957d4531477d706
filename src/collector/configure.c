/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "running.h"

static bool same_socket(const struct config *one, const struct config *other)
{
	if (!one->socket || !other->socket)
		return one->socket == other->socket;
	return !strcmp(one->socket, other->socket);
}

/* The entries of the roster have their new numbers. */
static void change_over(struct collector *collector, struct config *fresh)
{
	struct config *old = collector->config;

	free(collector->intervals);
	collector->intervals = NULL;
	collector->config = fresh;
	reload_close(&collector->reload);
	tracks_unlist(&collector->tracks);
	if (reload_open(&collector->reload, fresh) || collector_intervals(collector))
		collector_fails(collector, fresh->path, -ENOMEM);
	books_configure(collector);
	if (!same_socket(fresh, old)) {
		server_close(&collector->server);
		collector_listen(collector);
	}
	if (fresh->polling_interval != old->polling_interval)
		(void)schedule_set(&collector->schedule, fresh->polling_interval);
	config_clear(old);
	free(old);
}

/* The database is where the holds say it is, for as long as this process runs. */
static bool keep_history(struct collector *collector, struct config *fresh)
{
	char *path;

	if (!strcmp(fresh->history, collector->config->history))
		return true;
	voice_say(collector->voice, VOICE_WARNING, fresh->history,
		  "another history is used after a restart only");
	path = strdup(collector->config->history);
	if (!path)
		return false;
	free(fresh->history);
	fresh->history = path;
	return true;
}

static struct config *load(struct collector *collector, const char *path)
{
	struct config *fresh = calloc(1, sizeof(*fresh));
	struct config_error why = {};

	if (!fresh) {
		collector_fails(collector, path, -ENOMEM);
		return NULL;
	}
	if (!config_load(path, fresh, &why) && keep_history(collector, fresh))
		return fresh;
	voice_say(collector->voice, VOICE_ERROR, path, "%s; the configuration stays as it was",
		  why.text);
	config_clear(fresh);
	free(fresh);
	return NULL;
}

/* What was counted until now belongs to the configuration as it was. */
static int read_again(struct collector *collector)
{
	const char *path = collector->options->config_path;
	struct config *fresh;
	int error;

	collector->reloads += reload_check(&collector->reload, true, collector->voice);
	fresh = path ? load(collector, path) : NULL;
	if (!fresh)
		return 0;
	error = cycle_run(collector);
	if (!error && (error = roster_configure(&collector->roster, fresh)))
		collector_fails(collector, path, error);
	if (error) {
		config_clear(fresh);
		free(fresh);
		return error == -ENOMEM ? error : 0;
	}
	change_over(collector, fresh);
	collector_notices(collector);
	voice_say(collector->voice, VOICE_NOTICE, path, "configuration read again");
	return roster_update(&collector->roster);
}

int collector_reload(struct collector *collector)
{
	int error;

	notify_reloading(&collector->notify);
	error = read_again(collector);
	notify_say(&collector->notify, "READY=1");
	return error;
}

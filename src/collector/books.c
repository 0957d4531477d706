/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netacct/cleanup.h>
#include <string.h>
#include <time.h>

#include "running.h"

static void say_set_aside(void *context, const char *sentence)
{
	const struct collector *collector = context;

	voice_say(collector->voice, VOICE_WARNING, NULL, "%s", sentence);
}

static int open_files(struct collector *collector, struct history_error *why)
{
	struct config_error words = {};
	int error = files_open(collector->config, collector->history, say_set_aside, collector,
			       &collector->files, &words);

	if (error)
		memcpy(why->text, words.text, sizeof(why->text));
	return error;
}

int books_open(struct collector *collector, struct history_error *why)
{
	const struct config *config = collector->config;
	struct history_error set_aside = {};
	int error = history_open(config->history, &config->history_settings, &collector->history,
				 &set_aside, why);

	if (set_aside.text[0])
		voice_say(collector->voice, VOICE_WARNING, config->history, "%s", set_aside.text);
	if (error)
		return error;
	tracks_unbind(&collector->tracks);
	error = open_files(collector, why);
	if (!error)
		error = limits_open(config, collector->history, time(NULL), &collector->limits,
				    why);
	if (error)
		books_close(collector);
	return error;
}

static void close_users(struct collector *collector)
{
	if (collector->limits)
		limits_close(collector->limits);
	collector->limits = NULL;
	files_close(collector->files);
	collector->files = NULL;
}

void books_close(struct collector *collector)
{
	close_users(collector);
	history_close(collector->history);
	collector->history = NULL;
}

int books_recover(struct collector *collector)
{
	struct config_error words = {};
	struct history_error why = {};
	int error;

	if (collector->files)
		(void)files_write(collector->files, &words);
	books_close(collector);
	error = books_open(collector, &why);
	if (error)
		trouble_begins(collector, TROUBLE_HISTORY, collector->config->history, error,
			       why.text);
	return error;
}

static bool lives(void *context, const char *uuid, uint32_t number, uint64_t attached_at)
{
	const struct meter_list *list = context;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct meter *meter = &list->meters[i];

		if (!strcmp(meter->uuid, uuid))
			return number < meter->meta.sources &&
			       source_used(&meter->sources[number]) &&
			       meter->sources[number].attached_at == attached_at;
	}
	return false;
}

/* Where one of them cannot be opened, none is taken for gone. */
void books_sweep(struct collector *collector)
{
	_cleanup_meter_list_ struct meter_list list = {};
	_cleanup_fault_ struct fault fault = {};
	struct history_error why = {};
	int error;

	if (!collector->history || meter_list(&list, &fault) || list.broken)
		return;
	error = history_close_others(collector->history, lives, &list, &why);
	if (error)
		trouble_begins(collector, TROUBLE_UPKEEP, collector->config->history, error,
			       why.text);
}

/* After another configuration: the database stays open. */
static int open_anew(struct collector *collector, struct history_error *why)
{
	int error = open_files(collector, why);

	if (!error)
		error = limits_open(collector->config, collector->history, time(NULL),
				    &collector->limits, why);
	return error;
}

void books_configure(struct collector *collector)
{
	struct history_error why = {};
	int error;

	if (!collector->history)
		return;
	close_users(collector);
	history_set(collector->history, &collector->config->history_settings);
	tracks_unbind(&collector->tracks);
	error = open_anew(collector, &why);
	if (!error)
		return;
	trouble_begins(collector, TROUBLE_HISTORY, collector->config->history, error, why.text);
	books_close(collector);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <sys/ioctl.h>
#include <time.h>

#include "console.h"
#include "running.h"

static int open_again(struct collector *collector)
{
	struct history_error why = {};
	int error = books_open(collector, &why);

	if (error)
		return trouble_begins(collector, TROUBLE_HISTORY, collector->config->history, error,
				      why.text);
	trouble_ends(collector, TROUBLE_HISTORY, collector->config->history);
	return 0;
}

static int drain_all(struct collector *collector, struct cycle_sums *sums)
{
	size_t i;

	for (i = 0; i < collector->roster.count && collector->history; i++) {
		int error = drain_entry(collector, &collector->roster.entries[i], sums);

		if (error == -ENOMEM)
			return error;
		if (error)
			collector->clean = false;
		notify_alive(&collector->notify);
	}
	tracks_sweep(&collector->tracks);
	if (!collector->history)
		collector->clean = false;
	return 0;
}

static void write_files(struct collector *collector)
{
	struct config_error why = {};
	int error = files_write(collector->files, &why);

	if (error)
		trouble_begins(collector, TROUBLE_FILES, NULL, error, why.text);
	else
		trouble_ends(collector, TROUBLE_FILES, NULL);
}

static void look_after(struct collector *collector)
{
	int64_t now = time(NULL), hour = now / 3600;
	struct history_error why = {};
	int error = history_maintain(collector->history, false, &why);

	if (error == -EUCLEAN) {
		voice_say(collector->voice, VOICE_ERROR, collector->config->history, "%s",
			  why.text);
		(void)books_recover(collector);
		return;
	}
	if (error)
		trouble_begins(collector, TROUBLE_UPKEEP, collector->config->history, error,
			       why.text);
	else
		trouble_ends(collector, TROUBLE_UPKEEP, collector->config->history);
	if (hour == collector->hour)
		return;
	books_sweep(collector);
	if (collector->hour && collector->config->anomalies)
		anomaly_tell(collector, now);
	collector->hour = hour;
}

static struct console_options console_settings(const struct collector *collector, double seconds)
{
	struct winsize size = {};

	if (ioctl(fileno(collector->options->console), TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	return (struct console_options){size.ws_row, size.ws_col, schedule_clocks_now().realtime,
					seconds};
}

static void forget_intervals(struct collector *collector)
{
	size_t i;

	for (i = 0; collector->intervals && i < collector->config->count; i++) {
		readings_free(collector->intervals[i].readings, collector->intervals[i].count);
		collector->intervals[i] = (struct interval){};
	}
}

/* What the terminal does not take is no reason to stop. */
static void show(struct collector *collector, double seconds)
{
	const struct config *config = collector->config;
	struct console_options options;
	_cleanup_free_ struct console_block *blocks = NULL;
	size_t i;

	if (!collector->intervals)
		return;
	blocks = calloc(config->count + 1, sizeof(*blocks));
	if (blocks && collector->files) {
		options = console_settings(collector, seconds);
		for (i = 0; i < config->count; i++) {
			blocks[i].instance = config->instances[i].name;
			blocks[i].cumulative =
				files_readings(collector->files, i, &blocks[i].cumulative_count);
			blocks[i].interval = collector->intervals[i].readings;
			blocks[i].interval_count = collector->intervals[i].count;
			blocks[i].output_file = config->instances[i].output_file;
		}
		(void)console_print(collector->options->console, &options, blocks, config->count);
		(void)fflush(collector->options->console);
	}
	forget_intervals(collector);
}

static size_t files_of(const struct config *config)
{
	size_t count = 0, i;

	for (i = 0; i < config->count; i++)
		count += config->instances[i].output_file != NULL;
	return count;
}

static void tell(struct collector *collector, const struct cycle_sums *sums, double milliseconds)
{
	notify_say(&collector->notify,
		   "STATUS=meters: %u, %llu records in the last drain, %.0f ms%s", sums->meters,
		   (unsigned long long)sums->records, milliseconds,
		   collector->trouble[TROUBLE_HISTORY] ? "; the history cannot be written" : "");
	if (!collector->options->debug)
		return;
	voice_say(collector->voice, VOICE_DEBUG, NULL,
		  "meters drained: %u; %llu entries, %llu packets, %llu bytes, %zu files, "
		  "%u whitelists reloaded, %.1f ms",
		  sums->meters, (unsigned long long)sums->records,
		  (unsigned long long)sums->packets, (unsigned long long)sums->bytes,
		  files_of(collector->config), collector->reloads, milliseconds);
}

int cycle_run(struct collector *collector)
{
	uint64_t start = schedule_clocks_now().boottime;
	double seconds = (double)(start - collector->cycle_at) / 1e9;
	struct cycle_sums sums = {};
	int error;

	collector->clean = true;
	collector->reloads += reload_check(&collector->reload, false, collector->voice);
	if (!collector->history && open_again(collector)) {
		collector->clean = false;
		return 0;
	}
	error = drain_all(collector, &sums);
	if (error)
		return error;
	if (collector->files)
		write_files(collector);
	if (collector->history)
		look_after(collector);
	show(collector, seconds);
	tell(collector, &sums, (double)(schedule_clocks_now().boottime - start) / 1e6);
	collector->cycle_at = start;
	collector->reloads = 0;
	return 0;
}

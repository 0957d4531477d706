/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <time.h>

#include "../meter/clock.h"
#include "../meter/drain.h"
#include "lateness.h"
#include "running.h"

/* One meter's turn in a cycle. */
struct turn {
	struct collector *collector;
	struct roster_entry *entry;
	struct track *track;
	struct cycle_sums *sums;
};

/* NULL: the configuration has it no more. */
static const struct config_instance *instance_of(const struct turn *turn)
{
	if (turn->entry->instance >= turn->collector->config->count)
		return NULL;
	return &turn->collector->config->instances[turn->entry->instance];
}

static const char *name_of(const struct turn *turn)
{
	const struct config_instance *instance = instance_of(turn);

	return instance ? instance->name : turn->entry->meter.uuid;
}

/* Said once, until it works again. */
static int meter_fails(const struct turn *turn, int error, const struct fault *fault)
{
	if (!turn->track->failed)
		voice_say(turn->collector->voice, VOICE_ERROR, name_of(turn), "%s",
			  fault->text[0] ? fault->text : strerror(-error));
	turn->track->failed = true;
	return error;
}

static int bind_sources(const struct turn *turn, const struct drain *drain,
			struct history_error *why)
{
	const struct config_instance *instance = instance_of(turn);
	size_t i;
	int error = 0;

	for (i = 0; i < drain->count && instance && !error; i++) {
		const struct reading *reading = &drain->readings[i];
		struct track_source *source =
			track_source(turn->track, reading->owner, reading->attached_at);

		if (!source || source->bound)
			continue;
		error = history_bind(turn->collector->history, reading->uuid, reading->owner,
				     reading->attached_at, instance->name, why);
		source->bound = !error;
	}
	return error;
}

/* CLOCK_MONOTONIC ns: from when on the generation counted. */
static uint64_t counted_from(const struct drain *drain)
{
	uint64_t first = drain->control.flipped_at;
	uint32_t i;

	if (drain->control.drained_at)
		return drain->control.drained_at;
	for (i = 0; i < drain->meter->meta.sources; i++) {
		const struct na_source *source = &drain->meter->sources[i];

		if (source_used(source) && source->attached_monotonic &&
		    source->attached_monotonic < first)
			first = source->attached_monotonic;
	}
	return first;
}

/* Stored, or 1: it was before. */
static int store_in(const struct turn *turn, const struct drain *drain, struct history_error *why)
{
	uint64_t asleep = schedule_clocks_now().boottime - clock_monotonic();
	struct history_drain what = {
		.uuid = drain->meter->uuid,
		.generation = drain->control.generation,
		.from = counted_from(drain) + asleep,
		.to = drain->control.flipped_at + asleep,
		.readings = drain->readings,
		.count = drain->count,
	};
	int error = bind_sources(turn, drain, why);

	return error ? error : history_store(turn->collector->history, &what, why);
}

static int store(const struct turn *turn, const struct drain *drain)
{
	struct collector *collector = turn->collector;
	struct history_error why = {};
	int error = store_in(turn, drain, &why);

	/* corrupt, or removed under us: what can be kept is kept, and a new one begun */
	if (error == -EUCLEAN || error == -ENOENT) {
		voice_say(collector->voice, VOICE_ERROR, collector->config->history, "%s",
			  why.text);
		error = books_recover(collector);
		if (!error)
			error = store_in(turn, drain, &why);
		else
			return error;
	}
	if (error < 0)
		return trouble_begins(collector, TROUBLE_HISTORY, collector->config->history, error,
				      why.text);
	trouble_ends(collector, TROUBLE_HISTORY, collector->config->history);
	return error;
}

/* Cumulative figures are kept for a file, or for the console. */
static bool is_shown(const struct turn *turn)
{
	const struct config_instance *instance = instance_of(turn);

	return instance && (instance->output_file || turn->collector->options->console);
}

/*
 * What has been stored is in the books; the files have it from there where
 * they cannot take it now.
 */
static void add_to_files(const struct turn *turn, const struct drain *drain)
{
	struct collector *collector = turn->collector;
	struct history_error why = {};
	struct config_error words = {};

	if (is_shown(turn) &&
	    files_add(collector->files, turn->entry->instance, drain->readings, drain->count)) {
		(void)files_write(collector->files, &words);
		books_configure(collector);
		return;
	}
	if (limits_add(collector->limits, drain->readings, drain->count, time(NULL),
		       children_crossed, collector, &why))
		trouble_begins(collector, TROUBLE_LIMITS, collector->config->history, -EIO,
			       why.text);
	else
		trouble_ends(collector, TROUBLE_LIMITS, collector->config->history);
}

static void sum_up(const struct turn *turn, const struct drain *drain)
{
	struct na_count sum[NA_DIRECTIONS] = {};
	struct cycle_sums *sums = turn->sums;
	size_t i;

	sums->meters++;
	for (i = 0; i < drain->count; i++) {
		sums->records += drain->readings[i].count;
		records_sum(drain->readings[i].records, drain->readings[i].count, sum);
	}
	sums->packets += sum[NA_RX].packets + sum[NA_TX].packets;
	sums->bytes += sum[NA_RX].bytes + sum[NA_TX].bytes;
}

static void judge_lateness(const struct turn *turn, const struct drain *drain)
{
	const struct config_instance *instance = instance_of(turn);
	size_t i;

	if (!turn->collector->options->debug && (!instance || !instance->debug))
		return;
	for (i = 0; i < drain->count; i++) {
		const struct reading *reading = &drain->readings[i];
		struct track_source *source =
			track_source(turn->track, reading->owner, reading->attached_at);

		if (source)
			lateness_judge(drain->meter, reading, source, turn->collector->voice);
	}
}

/* Those that the commit let go of: what they counted goes over into the book. */
static void close_released(const struct turn *turn, const struct drain *drain)
{
	struct collector *collector = turn->collector;
	struct history_error why = {};
	size_t i;

	for (i = 0; i < drain->count; i++) {
		const struct reading *reading = &drain->readings[i];

		if (drain->meter->sources[reading->owner].state != NA_SOURCE_FREE ||
		    !collector->history)
			continue;
		if (history_close_source(collector->history, reading->uuid, reading->owner,
					 reading->attached_at, &why))
			trouble_begins(collector, TROUBLE_UPKEEP, collector->config->history, -EIO,
				       why.text);
	}
}

/* The console shows them at the end of the cycle. */
static void keep_interval(const struct turn *turn, struct drain *drain)
{
	struct interval *interval, *intervals = turn->collector->intervals;
	struct reading *grown;

	if (!intervals || !instance_of(turn) || drain->again || !drain->count)
		return;
	interval = &intervals[turn->entry->instance];
	grown = realloc(interval->readings, (interval->count + drain->count) * sizeof(*grown));
	if (!grown)
		return;
	memcpy(grown + interval->count, drain->readings, drain->count * sizeof(*grown));
	interval->readings = grown;
	interval->count += drain->count;
	drain->count = 0;
}

/* Between the store and the commit a crash leaves a generation that is known: it is not added. */
static int drain_once(const struct turn *turn, bool *ret_again)
{
	_cleanup_drain_ struct drain drain = {};
	_cleanup_fault_ struct fault fault = {};
	int error = drain_begin(&turn->entry->meter, READ_WHOLE, &drain, &fault);
	int known;

	if (error)
		return meter_fails(turn, error, &fault);
	known = store(turn, &drain);
	if (known < 0)
		return known;
	if (!known) {
		sum_up(turn, &drain);
		add_to_files(turn, &drain);
	}
	error = drain_commit(&drain, DRAIN_COLLECTED, &fault);
	if (error)
		return meter_fails(turn, error, &fault);
	turn->track->failed = false;
	*ret_again = drain.again;
	close_released(turn, &drain);
	judge_lateness(turn, &drain);
	keep_interval(turn, &drain);
	return 0;
}

int drain_entry(struct collector *collector, struct roster_entry *entry, struct cycle_sums *sums)
{
	struct turn turn = {collector, entry, NULL, sums};
	_cleanup_fault_ struct fault fault = {};
	bool again = false;
	int error;

	turn.track = tracks_get(&collector->tracks, entry->meter.uuid, entry->meter.meta.sources);
	if (!turn.track)
		return -ENOMEM;
	error = pin_lock_meter(entry->meter.lock, &fault);
	if (error)
		return meter_fails(&turn, error, &fault);
	reload_apply(collector, entry, turn.track);
	error = drain_once(&turn, &again);
	/* one that was under way: what came since is a generation of its own */
	if (!error && again && collector->history)
		error = drain_once(&turn, &again);
	pin_unlock_meter(entry->meter.lock);
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history_join.h"

#include <errno.h>
#include <netacct/cleanup.h>

#include "../history/history.h"
#include "../meter/hold.h"
#include "../meter/read.h"
#include "message.h"

#define TRIES 100
/*
 * One state of the history, and the kernel's records that are not in it: read
 * again where a generation was committed in between, for it may be in neither.
 * The snapshot stays open where 0 is returned.
 */
static int read_both(struct history *history, const struct meter *meter, struct reading **ret,
		     size_t *ret_count, struct history_error *why, struct fault *fault)
{
	struct na_control before, after;
	uint32_t stored = 0;
	bool known = false;
	int error, try;

	for (try = 0; try < TRIES; try++) {
		error = meter_control(meter, &before, fault);
		if (error)
			return error;
		error = history_snapshot_begin(history, why);
		if (error)
			return fault_set(fault, error, "%s", why->text);
		error = history_generation(history, meter->uuid, &stored, &known, why);
		if (error)
			fault_set(fault, error, "%s", why->text);
		else if (known)
			error = meter_read_beyond(meter, stored, ret, ret_count, fault);
		else
			error = meter_read(meter, READ_WHOLE, ret, ret_count, fault);
		if (!error)
			error = meter_control(meter, &after, fault);
		if (!error && after.generation == before.generation)
			return 0;
		history_snapshot_end(history);
		readings_free(*ret, *ret_count);
		*ret = NULL;
		*ret_count = 0;
		if (error)
			return error;
	}
	return fault_set(fault, -EAGAIN, "it is drained faster than it can be read");
}

static struct flow_record convert(const struct flow_record *total, const struct reading *reading)
{
	struct flow_record record = *total;

	if (!record_is_other(&record))
		record.key.what |= reading->owner << NA_WHAT_OWNER_SHIFT;
	record.first_seen = time_base_ticks(&reading->time_base, total->first_seen * NANOSECONDS);
	record.last_seen = time_base_ticks(&reading->time_base, total->last_seen * NANOSECONDS);
	return record;
}

/* The records of both, merged by key; the one without a key last. */
static int merge(const struct history_totals *totals, struct reading *reading)
{
	struct flow_record other = {.rx = totals->other[NA_RX], .tx = totals->other[NA_TX]};
	_cleanup_record_table_ struct record_table *table = NULL;
	int error = record_table_new(&table, totals->count + reading->count + 1);
	size_t i;

	for (i = 0; i < totals->count && !error; i++) {
		struct flow_record record = convert(&totals->totals[i].record, reading);

		error = record_table_merge(table, &record);
	}
	for (i = 0; i < reading->count && !error; i++)
		error = record_table_merge(table, &reading->records[i]);
	if (!error && (other.rx.packets || other.tx.packets)) {
		other.first_seen = time_base_ticks(&reading->time_base, reading->attached_at);
		other.last_seen = time_base_ticks(&reading->time_base, reading->read_at);
		error = record_table_merge(table, &other);
	}
	if (error)
		return error;
	free(reading->records);
	reading->records = record_table_take(table, &reading->count);
	reading->shown = reading->count;
	return 0;
}

static int join(struct history *history, const struct meter *meter, struct reading *reading,
		struct history_error *why)
{
	_cleanup_history_totals_ struct history_totals totals = {};
	int error = history_totals(history, meter->uuid, reading->owner, reading->attached_at,
				   &totals, why);

	if (error || !totals.known)
		return error;
	reading->since = reading->attached_at;
	if (reading->handed_at > reading->since)
		reading->since = reading->handed_at;
	return merge(&totals, reading);
}

static int join_all(const char *path, const struct meter *meter, struct reading **ret,
		    size_t *ret_count, struct fault *fault)
{
	_cleanup_history_ struct history *history = NULL;
	struct history_error why = {};
	struct reading *readings = NULL;
	size_t count = 0, i;
	int error = history_open_readonly(path, &history, &why);

	if (error)
		return fault_set(fault, error, "%s", why.text);
	error = read_both(history, meter, &readings, &count, &why, fault);
	if (error)
		return error;
	for (i = 0; i < count && !error; i++)
		error = join(history, meter, &readings[i], &why);
	history_snapshot_end(history);
	if (error) {
		readings_free(readings, count);
		return fault_set(fault, error, "%s", why.text[0] ? why.text : "no memory");
	}
	*ret = readings;
	*ret_count = count;
	return 0;
}

int read_joined(const char *command, const struct meter *meter, enum read_how how,
		struct reading **ret, size_t *ret_count, struct fault *fault)
{
	_cleanup_fault_ struct fault second = {};
	struct hold_state hold = {};
	int error = hold_query(meter->uuid, &hold, fault);

	if (error)
		return error;
	if (!hold.history[0])
		return meter_read(meter, how, ret, ret_count, fault);
	message_step("joining in what is in %s", hold.history);
	error = join_all(hold.history, meter, ret, ret_count, &second);
	if (!error)
		return 0;
	message_warning(command, hold.history, "%s: what a collector has stored there is left out",
			second.text);
	return meter_read(meter, how, ret, ret_count, fault);
}

static int find_generation(const char *path, const struct meter *meter, uint32_t generation,
			   bool *ret, struct history_error *why)
{
	_cleanup_history_ struct history *history = NULL;
	uint32_t stored = 0;
	bool known = false;
	int error = history_open_readonly(path, &history, why);

	if (!error)
		error = history_generation(history, meter->uuid, &stored, &known, why);
	*ret = !error && known && stored == generation;
	return error;
}

bool generation_is_stored(const char *command, const struct meter *meter, uint32_t generation)
{
	_cleanup_fault_ struct fault fault = {};
	struct history_error why = {};
	struct hold_state hold = {};
	bool stored = false;

	if (hold_query(meter->uuid, &hold, &fault)) {
		message_warning(command, meter->uuid, "%s", fault.text);
		return false;
	}
	if (hold.history[0] && find_generation(hold.history, meter, generation, &stored, &why))
		message_warning(command, hold.history,
				"%s: generation %u may be stored there already", why.text,
				generation);
	return stored;
}

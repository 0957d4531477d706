// SPDX-License-Identifier: GPL-2.0-or-later
#include "limits.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>
#include <time.h>

#include "../history/calendar.h"
#include "../output/si.h"
#include "../source/sentence.h"
#include "limits_match.h"

static int64_t period_start(const struct config *config, enum config_period period, int64_t now)
{
	switch (period) {
	case CONFIG_DAY:
		return calendar_start(HISTORY_DAY, now);
	case CONFIG_MONTH:
		return calendar_start(HISTORY_MONTH, now);
	default:
		return calendar_period_start(config->reset_day, now);
	}
}

static int64_t period_end(const struct config *config, enum config_period period, int64_t now)
{
	switch (period) {
	case CONFIG_DAY:
		return calendar_end(HISTORY_DAY, now);
	case CONFIG_MONTH:
		return calendar_end(HISTORY_MONTH, now);
	default:
		return calendar_period_end(config->reset_day, now);
	}
}

static bool has_reached(const struct limit_state *state, uint32_t percent)
{
	return (unsigned __int128)state->bytes * 100 >=
	       (unsigned __int128)state->limit->bytes * percent;
}

static uint32_t highest_reached(const struct limit_state *state)
{
	uint32_t reached = 0;

	for (size_t i = 0; i < state->limit->percents; i++)
		if (has_reached(state, state->limit->percent[i]))
			reached = state->limit->percent[i];
	return reached;
}

struct evaluation {
	const struct limit_match *matches;
	struct limit_state *states;
	const bool *wanted; /* limits of this evaluation, and of this period */
	size_t count;
};

static int add_row(void *context, const struct history_row *row)
{
	struct evaluation *evaluation = context;

	for (size_t i = 0; i < evaluation->count; i++)
		if (evaluation->wanted[i] &&
		    limit_match_source(&evaluation->matches[i], row->source) &&
		    limit_match_key(&evaluation->matches[i], row->kind, row->key))
			evaluation->states[i].bytes +=
				limit_match_bytes(&evaluation->matches[i], &row->rx, &row->tx);
	return 0;
}

/* The limits that have a period in common are read together. */
static int evaluate_period(struct history *history, struct evaluation *evaluation,
			   const bool *wanted, enum config_period period, struct history_error *why)
{
	_cleanup_free_ bool *these = calloc(evaluation->count + 1, sizeof(*these));
	int64_t start = 0, end = 0;
	bool any = false;

	if (!these)
		return -ENOMEM;
	for (size_t i = 0; i < evaluation->count; i++) {
		if (!wanted[i] || evaluation->states[i].limit->period != period)
			continue;
		these[i] = any = true;
		start = evaluation->states[i].start;
		end = evaluation->states[i].end;
	}
	if (!any)
		return 0;
	evaluation->wanted = these;
	return history_rows(history, start, end, HISTORY_MONTH, UINT32_MAX, add_row, evaluation,
			    why);
}

/* Those that are wanted; the others' states stay as they are. */
static int evaluate(const struct config *config, struct history *history,
		    struct limit_match *matches, const bool *wanted, int64_t now,
		    struct limit_state *states, struct history_error *why)
{
	struct evaluation evaluation = {
		.matches = matches, .states = states, .count = config->limit_count};
	int error = limit_matches_sources(matches, config->limit_count, history, why);

	for (size_t i = 0; i < config->limit_count; i++) {
		const struct config_limit *limit = &config->limits[i];

		if (wanted[i])
			states[i] = (struct limit_state){
				.limit = limit,
				.start = period_start(config, limit->period, now),
				.end = period_end(config, limit->period, now)};
	}
	for (int period = CONFIG_DAY; !error && period <= CONFIG_BILLING; period++)
		error = evaluate_period(history, &evaluation, wanted, (enum config_period)period,
					why);
	for (size_t i = 0; !error && i < config->limit_count; i++)
		if (wanted[i])
			states[i].reached = highest_reached(&states[i]);
	return error;
}

int limits_evaluate(const struct config *config, struct history *history, int64_t now,
		    struct limit_state *ret, struct history_error *why)
{
	_cleanup_free_ bool *wanted = calloc(config->limit_count + 1, sizeof(*wanted));
	struct limit_match *matches = NULL;
	int error = wanted ? limit_matches_new(config, &matches, why) : -ENOMEM;

	if (error)
		return error;
	memset(wanted, true, config->limit_count);
	error = evaluate(config, history, matches, wanted, now, ret, why);
	limit_matches_free(matches, config->limit_count);
	return error;
}

struct limits {
	const struct config *config;
	struct history *history;
	struct limit_match *matches;
	struct limit_state *states;
	bool *due; /* to be read from the history: its period has begun */
};

void limits_close(struct limits *limits)
{
	if (!limits)
		return;
	limit_matches_free(limits->matches, limits->config->limit_count);
	free(limits->states);
	free(limits->due);
	free(limits);
}

int limits_open(const struct config *config, struct history *history, int64_t now,
		struct limits **ret, struct history_error *why)
{
	struct limits *limits = calloc(1, sizeof(*limits));
	int error = -ENOMEM;

	if (!limits)
		return -ENOMEM;
	limits->config = config;
	limits->history = history;
	limits->states = calloc(config->limit_count + 1, sizeof(*limits->states));
	limits->due = calloc(config->limit_count + 1, sizeof(*limits->due));
	if (limits->states && limits->due)
		error = limit_matches_new(config, &limits->matches, why);
	if (!error) {
		memset(limits->due, true, config->limit_count);
		error = evaluate(config, history, limits->matches, limits->due, now, limits->states,
				 why);
	}
	if (error) {
		limits_close(limits);
		return error;
	}
	memset(limits->due, false, config->limit_count);
	*ret = limits;
	return 0;
}

static uint64_t bytes_of(const struct limit_match *match, const struct reading *reading)
{
	uint64_t bytes = 0;

	if (!limit_match_id(match, reading->id))
		return 0;
	for (size_t i = 0; i < reading->count; i++) {
		const struct flow_record *record = &reading->records[i];

		if (limit_match_key(match, reading->key, &record->key))
			bytes += limit_match_bytes(match, &record->rx, &record->tx);
	}
	return bytes;
}

/* Marks what has to be read anew, and returns whether anything has. */
static bool mark_due(struct limits *limits, int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < limits->config->limit_count; i++) {
		const struct limit_state *state = &limits->states[i];

		limits->due[i] |= now < state->start || now >= state->end;
		any |= limits->due[i];
	}
	return any;
}

/*
 * A clock that was set back leads into a period in which all was said; one
 * that begins has had nothing said yet.
 */
static int read_due(struct limits *limits, int64_t now, struct history_error *why)
{
	const struct config *config = limits->config;
	_cleanup_free_ struct limit_state *states =
		calloc(config->limit_count + 1, sizeof(*states));
	int error = -ENOMEM;

	if (states)
		error = evaluate(config, limits->history, limits->matches, limits->due, now, states,
				 why);
	if (error)
		return error;
	for (size_t i = 0; i < config->limit_count; i++) {
		if (!limits->due[i])
			continue;
		if (states[i].start > limits->states[i].start)
			states[i].reached = 0;
		limits->states[i] = states[i];
		limits->due[i] = false;
	}
	return 0;
}

static void report_crossed(struct limit_state *state,
			   void (*crossed)(void *context, const struct limit_state *state),
			   void *context)
{
	for (size_t i = 0; i < state->limit->percents; i++) {
		uint32_t percent = state->limit->percent[i];

		if (percent <= state->reached || !has_reached(state, percent))
			continue;
		state->reached = percent;
		crossed(context, state);
	}
}

int limits_add(struct limits *limits, const struct reading *readings, size_t count, int64_t now,
	       void (*crossed)(void *context, const struct limit_state *state), void *context,
	       struct history_error *why)
{
	bool due = mark_due(limits, now);
	int error = 0;

	for (size_t i = 0; i < limits->config->limit_count; i++)
		for (size_t j = 0; !limits->due[i] && j < count; j++)
			limits->states[i].bytes += bytes_of(&limits->matches[i], &readings[j]);
	if (due)
		error = read_due(limits, now, why);
	for (size_t i = 0; i < limits->config->limit_count; i++)
		if (!limits->due[i])
			report_crossed(&limits->states[i], crossed, context);
	return error;
}

void limit_sentence(const struct limit_state *state, char text[static 256])
{
	char used[SI_TEXT], most[SI_TEXT], until[16] = "";
	unsigned __int128 percent = (unsigned __int128)state->bytes * 100;
	time_t end = (time_t)state->end;
	struct tm date;

	percent = state->limit->bytes ? percent / state->limit->bytes : 100;
	if (state->reached)
		percent = state->reached;
	si_format(state->bytes, "B", used);
	si_format(state->limit->bytes, "B", most);
	if (localtime_r(&end, &date))
		strftime(until, sizeof(until), "%Y-%m-%d", &date);
	sentence(text, 256, 0, "%s: %llu %% of %s are used (%s), until %s", state->limit->name,
		 (unsigned long long)percent, most, used, until);
}

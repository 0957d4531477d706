// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>

#include "../collector/limits.h"
#include "../output/escape.h"
#include "cmd.h"
#include "report.h"

enum { NAME, SOURCE, HOST, PERIOD, DIRECTION, START, END, BYTES, LIMIT, PERCENT, REACHED, COLUMNS };

static const struct sheet_column columns[COLUMNS] = {
	[NAME] = {"name", "LIMIT", SHEET_TEXT},
	[SOURCE] = {"source", NULL, SHEET_TEXT},
	[HOST] = {"host", NULL, SHEET_TEXT},
	[PERIOD] = {"period", NULL, SHEET_TEXT},
	[DIRECTION] = {"direction", NULL, SHEET_TEXT},
	[START] = {"start", "START", SHEET_TIME},
	[END] = {"end", "END", SHEET_TIME},
	[BYTES] = {"bytes", "USED", SHEET_BYTES},
	[LIMIT] = {"limit_bytes", "OF", SHEET_BYTES},
	[PERCENT] = {"percent", "PERCENT", SHEET_NUMBER},
	[REACHED] = {"reached_percent", "REACHED", SHEET_NUMBER},
};

static uint64_t percent_of(const struct limit_state *state)
{
	unsigned __int128 share = (unsigned __int128)state->bytes * 100;

	return state->limit->bytes ? (uint64_t)(share / state->limit->bytes) : 100;
}

static const char *period_name(enum config_period period)
{
	return period == CONFIG_DAY ? "day" : period == CONFIG_MONTH ? "month" : "billing";
}

static const char *direction_name(enum config_direction direction)
{
	return direction == CONFIG_IN ? "in" : direction == CONFIG_OUT ? "out" : "both";
}

static void set_about(const struct config_limit *limit, size_t column, struct sheet_cell *cell)
{
	switch (column) {
	case NAME:
		sheet_text(cell, limit->name);
		break;
	case SOURCE:
		sheet_text(cell, limit->source);
		break;
	case HOST:
		sheet_text(cell, limit->host);
		break;
	case PERIOD:
		sheet_text(cell, period_name(limit->period));
		break;
	default:
		sheet_text(cell, direction_name(limit->direction));
	}
}

static void set_cell(const struct sheet *sheet, size_t row, size_t column, struct sheet_cell *cell)
{
	const struct limit_state *states = sheet->context;
	const struct limit_state *state = &states[row];

	switch (column) {
	case START:
		sheet_number(cell, (uint64_t)state->start);
		break;
	case END:
		sheet_number(cell, (uint64_t)state->end);
		break;
	case BYTES:
		sheet_number(cell, state->bytes);
		break;
	case LIMIT:
		sheet_number(cell, state->limit->bytes);
		break;
	case PERCENT:
		sheet_number(cell, percent_of(state));
		break;
	case REACHED:
		sheet_number(cell, state->reached);
		break;
	default:
		set_about(state->limit, column, cell);
	}
}

/* A line for each limit of which a percentage is reached; nothing where all is well. */
static int print_sentences(const struct limit_state *states, size_t count)
{
	_cleanup_free_ struct buffer *buffer = buffer_new(stdout);
	char text[256];

	if (!buffer)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (!states[i].reached)
			continue;
		limit_sentence(&states[i], text);
		escape_terminal(buffer, text);
		buffer_char(buffer, '\n');
	}
	return buffer_flush(buffer);
}

int report_check(struct report *report)
{
	const struct config *config = report->config;
	_cleanup_free_ struct limit_state *states =
		calloc(config->limit_count + 1, sizeof(*states));
	struct sheet sheet = {.name = "limits",
			      .columns = columns,
			      .column_count = COLUMNS,
			      .rows = config->limit_count,
			      .cell = set_cell,
			      .context = states};
	int error = -ENOMEM, status;
	bool exceeded = false;

	if (states)
		error = limits_evaluate(config, report->history, report->frame.now, states,
					&report->why);
	if (error)
		return report_failed(report, error);
	for (size_t i = 0; i < config->limit_count; i++)
		exceeded |= states[i].bytes >= states[i].limit->bytes;
	if (report->frame.format == SHEET_TABLE)
		status = report_flushed(print_sentences(states, config->limit_count));
	else
		status = report_print(report, &sheet);
	return status == STATUS_DONE && exceeded ? STATUS_FOUND : status;
}

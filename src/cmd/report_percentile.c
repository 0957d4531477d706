// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netacct/cleanup.h>
#include <string.h>

#include "../history/calendar.h"
#include "../history/statistics.h"
#include "cmd.h"
#include "report.h"

#define BIN 300 /* seconds */

enum { SOURCE, RX, TX, MAX, COVERAGE, BINS, COVERED, SECONDS, COLUMNS };

static const struct sheet_column columns[COLUMNS] = {
	[SOURCE] = {"source", "SOURCE", SHEET_TEXT},
	[RX] = {"rx_bits_per_second", "IN", SHEET_BITS},
	[TX] = {"tx_bits_per_second", "OUT", SHEET_BITS},
	[MAX] = {"max_bits_per_second", "MAX", SHEET_BITS},
	[COVERAGE] = {"coverage_percent", "COVERED %", SHEET_TENTHS},
	[BINS] = {"bins", "BINS", SHEET_NUMBER},
	[COVERED] = {"covered_seconds", NULL, SHEET_NUMBER},
	[SECONDS] = {"seconds", NULL, SHEET_NUMBER},
};

struct result {
	uint32_t source; /* UINT32_MAX: all together */
	double bits[3]; /* per second: in, out, max of both */
	size_t bins; /* of which something is known */
	double covered; /* seconds */
};

/* The bytes of a bin. */
struct bin {
	uint64_t rx, tx;
	double covered; /* seconds; 0: nothing is known of it */
};

struct percentile {
	const struct report *report;
	int64_t since, until; /* whole bins */
	size_t bins;
	struct bin *bin; /* [bins] of the series at hand */
	double *values; /* [bins] */
	struct result *results;
	size_t count;
};

static void percentile_clear(struct percentile *percentile)
{
	free(percentile->bin);
	free(percentile->values);
	free(percentile->results);
}
#define _cleanup_percentile_ __attribute__((cleanup(percentile_clear)))

/* Whole bins alone: what is only half over would pull the figures down. */
static int percentile_open(struct percentile *percentile)
{
	const struct report *report = percentile->report;
	const struct sheet_frame *frame = &report->frame;

	percentile->since = calendar_start(HISTORY_5MIN, frame->since + BIN - 1);
	percentile->until = calendar_start(HISTORY_5MIN, frame->until);
	if (percentile->until > percentile->since)
		percentile->bins = (size_t)((percentile->until - percentile->since) / BIN);
	percentile->bin = calloc(percentile->bins + 1, sizeof(*percentile->bin));
	percentile->values = calloc(percentile->bins + 1, sizeof(*percentile->values));
	percentile->results = calloc(report->source_count + 1, sizeof(*percentile->results));
	return percentile->bin && percentile->values && percentile->results ? 0 : -ENOMEM;
}

static int add_point(void *context, const struct history_point *point)
{
	struct percentile *percentile = context;
	struct bin *bin;

	if (!report_selected(percentile->report, point->source) ||
	    point->start < percentile->since || point->start >= percentile->until)
		return 0;
	bin = &percentile->bin[(point->start - percentile->since) / BIN];
	bin->rx += point->rx.bytes;
	bin->tx += point->tx.bytes;
	if (point->covered > bin->covered)
		bin->covered = point->covered;
	return 0;
}

static uint64_t value_of(const struct bin *bin, int which)
{
	switch (which) {
	case 0:
		return bin->rx;
	case 1:
		return bin->tx;
	default:
		return bin->rx > bin->tx ? bin->rx : bin->tx;
	}
}

/* As billing has it: the bytes of five minutes over five minutes, the time left out not at all. */
static void finish(struct percentile *percentile, uint32_t source)
{
	struct result result = {.source = source};
	size_t count = 0;

	for (int which = 0; which < 3; which++) {
		count = 0;
		for (size_t i = 0; i < percentile->bins; i++)
			if (percentile->bin[i].covered > 0)
				percentile->values[count++] =
					(double)value_of(&percentile->bin[i], which) * 8 / BIN;
		if (count)
			result.bits[which] = statistics_percentile(
				percentile->values, count, percentile->report->options->percentile);
	}
	result.bins = count;
	for (size_t i = 0; i < percentile->bins; i++)
		result.covered += percentile->bin[i].covered;
	percentile->results[percentile->count++] = result;
}

static int read_series(struct percentile *percentile, uint32_t source, struct history_error *why)
{
	memset(percentile->bin, 0, percentile->bins * sizeof(*percentile->bin));
	return history_series(percentile->report->history, HISTORY_5MIN, percentile->since,
			      percentile->until, source, add_point, percentile, why);
}

static int compute(struct report *report, struct percentile *percentile)
{
	int error = percentile_open(percentile);

	if (!error && report->options->total) {
		error = read_series(percentile, report->only, &report->why);
		if (!error)
			finish(percentile, UINT32_MAX);
		return error;
	}
	for (size_t i = 0; !error && i < report->source_count; i++) {
		uint32_t number = report->sources[i].number;

		if (!report_selected(report, number))
			continue;
		error = read_series(percentile, number, &report->why);
		if (!error)
			finish(percentile, number);
	}
	return error;
}

static void set_cell(const struct sheet *sheet, size_t row, size_t column, struct sheet_cell *cell)
{
	const struct percentile *percentile = sheet->context;
	const struct result *result = &percentile->results[row];
	uint64_t seconds = percentile->bins * (uint64_t)BIN;

	switch (column) {
	case SOURCE:
		if (result->source == UINT32_MAX) {
			sheet_text(cell, "total");
			cell->table_only = true;
		} else {
			sheet_text(cell, report_source_id(percentile->report, result->source));
		}
		break;
	case BINS:
		sheet_number(cell, result->bins);
		break;
	case COVERED:
		sheet_number(cell, (uint64_t)(result->covered + 0.5));
		break;
	case SECONDS:
		sheet_number(cell, seconds);
		break;
	case COVERAGE:
		if (seconds)
			sheet_number(cell, (uint64_t)(result->covered * 1000 / (double)seconds));
		break;
	default:
		if (result->bins)
			sheet_number(cell, (uint64_t)(result->bits[column - RX] + 0.5));
	}
}

static void put_head(const struct sheet *sheet, struct json *json)
{
	const struct percentile *percentile = sheet->context;

	json_number(json, "percent", percentile->report->options->percentile);
	json_number(json, "bin_seconds", BIN);
}

int report_percentile(struct report *report)
{
	_cleanup_percentile_ struct percentile percentile = {.report = report};
	struct sheet sheet = {.name = "percentiles",
			      .columns = columns,
			      .column_count = COLUMNS,
			      .cell = set_cell,
			      .head = put_head,
			      .empty = "Nothing was counted in that time.",
			      .context = &percentile};
	int error = compute(report, &percentile);

	if (error)
		return report_failed(report, error);
	sheet.rows = percentile.count;
	return report_print(report, &sheet);
}

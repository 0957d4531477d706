// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <string.h>

#include "../collector/anomaly.h"
#include "../output/address.h"
#include "cmd.h"
#include "report.h"

enum { SINCE, UNTIL, SOURCE, HOST, DIRECTION, RATE, EXPECTED, SCORE, COLUMNS };

static const struct sheet_column columns[COLUMNS] = {
	[SINCE] = {"start", "START", SHEET_TIME},
	[UNTIL] = {"end", "END", SHEET_TIME},
	[SOURCE] = {"source", "SOURCE", SHEET_TEXT},
	[HOST] = {"host", "HOST", SHEET_TEXT},
	[DIRECTION] = {"direction", "DIRECTION", SHEET_TEXT},
	[RATE] = {"bytes_per_second", "RATE", SHEET_RATE},
	[EXPECTED] = {"expected_bytes_per_second", "EXPECTED", SHEET_RATE},
	[SCORE] = {"score", "SCORE", SHEET_TENTHS},
};

struct anomalies {
	const struct report *report;
	struct anomaly_row *rows; /* owned */
	size_t count;
};

static void set_host(const struct anomaly_row *row, struct sheet_cell *cell)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const uint8_t *address = (const uint8_t *)row->address;
	char text[ADDRESS_WRITE_MAX + 1];

	if (!row->host)
		return;
	if (!memcmp(address, mapped, sizeof(mapped)))
		*address4_write(text, address + 12) = '\0';
	else
		*address6_write(text, address) = '\0';
	sheet_text(cell, text);
}

static void set_cell(const struct sheet *sheet, size_t row, size_t column, struct sheet_cell *cell)
{
	const struct anomalies *anomalies = sheet->context;
	const struct anomaly_row *found = &anomalies->rows[row];
	double score = found->anomaly.score;

	switch (column) {
	case SINCE:
		sheet_number(cell, (uint64_t)found->anomaly.since);
		break;
	case UNTIL:
		sheet_number(cell, (uint64_t)found->anomaly.until);
		break;
	case SOURCE:
		sheet_text(cell, report_source_id(anomalies->report, found->source));
		break;
	case HOST:
		set_host(found, cell);
		break;
	case DIRECTION:
		sheet_text(cell, found->transmit ? "out" : "in");
		break;
	case RATE:
		sheet_number(cell, (uint64_t)(found->anomaly.rate + 0.5));
		break;
	case EXPECTED:
		sheet_number(cell, (uint64_t)(found->anomaly.expected + 0.5));
		break;
	default:
		cell->negative = score < 0;
		sheet_number(cell, (uint64_t)((score < 0 ? -score : score) * 10 + 0.5));
	}
}

/* Of the sources that are meant, and as many as --top says. */
static void keep_selected(const struct report *report, struct anomalies *anomalies)
{
	size_t kept = 0;

	for (size_t i = 0; i < anomalies->count; i++)
		if (report_selected(report, anomalies->rows[i].source))
			anomalies->rows[kept++] = anomalies->rows[i];
	if (report->options->top && kept > report->options->top)
		kept = report->options->top;
	anomalies->count = kept;
}

int report_anomalies(struct report *report)
{
	struct anomalies anomalies = {.report = report};
	struct sheet sheet = {.name = "anomalies",
			      .columns = columns,
			      .column_count = COLUMNS,
			      .cell = set_cell,
			      .empty = "Nothing stands out in that time.",
			      .context = &anomalies};
	int status, error = anomalies_query(report->history, &anomaly_defaults, report->frame.since,
					    report->frame.until, &anomalies.rows, &anomalies.count,
					    &report->why);

	if (error)
		return report_failed(report, error);
	keep_selected(report, &anomalies);
	sheet.rows = anomalies.count;
	status = report_print(report, &sheet);
	free(anomalies.rows);
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_sheet.h"

#include <errno.h>
#include <limits.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../output/escape.h"
#include "../record/record.h"
#include "report_table.h"

void sheet_text(struct sheet_cell *cell, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (!length)
		return;
	if (length >= sizeof(cell->text))
		length = sizeof(cell->text) - 1;
	memcpy(cell->text, text, length);
	cell->text[length] = '\0';
	cell->there = true;
}

void sheet_number(struct sheet_cell *cell, uint64_t number)
{
	cell->number = number;
	cell->there = true;
}

void sheet_local_time(int64_t seconds, char text[static SHEET_TIME_MAX])
{
	time_t time = (time_t)seconds;
	struct tm local;

	text[0] = '\0';
	if (localtime_r(&time, &local))
		strftime(text, SHEET_TIME_MAX,
			 local.tm_sec ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &local);
}

static void put_tenths(struct buffer *buffer, const struct sheet_cell *cell)
{
	if (cell->negative)
		buffer_char(buffer, '-');
	buffer_number(buffer, cell->number / 10);
	buffer_char(buffer, '.');
	buffer_number(buffer, cell->number % 10);
}

static void put_utc(struct buffer *buffer, uint64_t seconds)
{
	struct rfc3339 cache = {};
	char text[RFC3339_WRITE_MAX];

	buffer_bytes(buffer, text, (size_t)(rfc3339_seconds(&cache, seconds, text) - text));
}

/* json_writer.h writes a name with a value that it knows. */
static void json_tenths(struct json *json, const char *name, const struct sheet_cell *cell)
{
	json_separate(json);
	buffer_char(json->buffer, '"');
	buffer_text(json->buffer, name);
	buffer_text(json->buffer, json->pretty ? "\": " : "\":");
	put_tenths(json->buffer, cell);
}

static void json_cell(struct json *json, const struct sheet_column *column,
		      const struct sheet_cell *cell)
{
	switch (column->type) {
	case SHEET_TEXT:
		json_string(json, column->name, cell->text);
		break;
	case SHEET_TIME:
		json_seconds(json, column->name, cell->number * NANOSECONDS);
		break;
	case SHEET_TENTHS:
		json_tenths(json, column->name, cell);
		break;
	case SHEET_FLAG:
		json_boolean(json, column->name, true);
		break;
	default:
		json_number(json, column->name, cell->number);
	}
}

static void json_row(struct json *json, const struct sheet *sheet, size_t row)
{
	json_open(json, NULL, '{');
	for (size_t i = 0; i < sheet->column_count; i++) {
		struct sheet_cell cell = {};

		sheet->cell(sheet, row, i, &cell);
		if (cell.there && !cell.table_only)
			json_cell(json, &sheet->columns[i], &cell);
	}
	json_close(json, '}');
}

static void print_json(struct buffer *buffer, const struct sheet *sheet,
		       const struct sheet_frame *frame)
{
	struct json json = {.buffer = buffer, .pretty = frame->format == SHEET_PRETTY};
	char hostname[HOST_NAME_MAX + 1] = "";

	gethostname(hostname, sizeof(hostname) - 1);
	json_open(&json, NULL, '{');
	json_string(&json, "schema", "netacct/1");
	json_string(&json, "kind", "report");
	json_seconds(&json, "timestamp", (uint64_t)frame->now * NANOSECONDS);
	json_string(&json, "hostname", hostname);
	json_seconds(&json, "since", (uint64_t)frame->since * NANOSECONDS);
	json_seconds(&json, "until", (uint64_t)frame->until * NANOSECONDS);
	if (sheet->head)
		sheet->head(sheet, &json);
	json_open(&json, sheet->name, '[');
	for (size_t row = 0; row < sheet->rows; row++)
		json_row(&json, sheet, row);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_char(buffer, '\n');
}

static void csv_cell(struct buffer *buffer, const struct sheet_column *column,
		     const struct sheet_cell *cell)
{
	switch (column->type) {
	case SHEET_TEXT:
		escape_csv(buffer, cell->text);
		break;
	case SHEET_TIME:
		put_utc(buffer, cell->number);
		break;
	case SHEET_TENTHS:
		put_tenths(buffer, cell);
		break;
	case SHEET_FLAG:
		buffer_text(buffer, "true");
		break;
	default:
		buffer_number(buffer, cell->number);
	}
}

/* RFC 4180. */
static void print_csv(struct buffer *buffer, const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->column_count; i++) {
		buffer_text(buffer, i ? "," : "");
		buffer_text(buffer, sheet->columns[i].name);
	}
	buffer_text(buffer, "\r\n");
	for (size_t row = 0; row < sheet->rows; row++) {
		for (size_t i = 0; i < sheet->column_count; i++) {
			struct sheet_cell cell = {};

			buffer_text(buffer, i ? "," : "");
			sheet->cell(sheet, row, i, &cell);
			if (cell.there && !cell.table_only)
				csv_cell(buffer, &sheet->columns[i], &cell);
		}
		buffer_text(buffer, "\r\n");
	}
}

int sheet_print(const struct sheet *sheet, const struct sheet_frame *frame)
{
	_cleanup_free_ struct buffer *buffer = buffer_new(stdout);
	int error = 0, flushed;

	if (!buffer)
		return -ENOMEM;
	if (frame->format == SHEET_TABLE)
		error = sheet_table(buffer, sheet);
	else if (frame->format == SHEET_CSV)
		print_csv(buffer, sheet);
	else
		print_json(buffer, sheet, frame);
	flushed = buffer_flush(buffer);
	return error ? error : flushed;
}

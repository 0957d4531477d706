// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_table.h"

#include <errno.h>
#include <netacct/cleanup.h>
#include <stdio.h>
#include <string.h>

#include "../output/escape.h"
#include "../output/human.h"
#include "../output/si.h"

#define COLUMNS_MAX 24

struct table {
	struct buffer *buffer, *scratch;
	const struct sheet *sheet;
	size_t width[COLUMNS_MAX]; /* 0: nothing in it */
};

static void put_number(struct buffer *out, const struct sheet_column *column,
		       const struct sheet_cell *cell)
{
	char text[SI_TEXT + SHEET_TIME_MAX];

	switch (column->type) {
	case SHEET_BYTES:
		*human_bytes_write(text, cell->number) = '\0';
		break;
	case SHEET_BITS:
		si_format(cell->number, "bit/s", text);
		break;
	case SHEET_RATE:
		si_format(cell->number, "B/s", text);
		break;
	case SHEET_TIME:
		sheet_local_time((int64_t)cell->number, text);
		break;
	case SHEET_TENTHS:
		snprintf(text, sizeof(text), "%s%llu.%u", cell->negative ? "-" : "",
			 (unsigned long long)(cell->number / 10),
			 (unsigned int)(cell->number % 10));
		break;
	default:
		snprintf(text, sizeof(text), "%llu", (unsigned long long)cell->number);
	}
	buffer_text(out, text);
}

/* The cell's text in the scratch buffer; returns how many columns of a terminal it takes. */
static size_t write_cell(const struct table *table, size_t row, size_t column)
{
	const struct sheet_column *what = &table->sheet->columns[column];
	struct sheet_cell cell = {};
	size_t width = 0;

	table->scratch->used = 0;
	table->sheet->cell(table->sheet, row, column, &cell);
	if (cell.there && what->type == SHEET_TEXT)
		escape_terminal(table->scratch, cell.text);
	else if (cell.there)
		put_number(table->scratch, what, &cell);
	for (size_t i = 0; i < table->scratch->used; i++)
		width += ((unsigned char)table->scratch->data[i] & 0xc0) != 0x80;
	return width;
}

static void find_widths(struct table *table)
{
	const struct sheet *sheet = table->sheet;

	for (size_t i = 0; i < sheet->column_count; i++) {
		const char *heading = sheet->columns[i].heading;

		for (size_t row = 0; heading && row < sheet->rows + sheet->footers; row++) {
			size_t width = write_cell(table, row, i);

			if (width > table->width[i])
				table->width[i] = width;
		}
		if (table->width[i] && strlen(heading) > table->width[i])
			table->width[i] = strlen(heading);
	}
}

/* No spaces at the end of a line. `row` SIZE_MAX: the headings. */
static void put_line(const struct table *table, size_t row)
{
	const struct sheet *sheet = table->sheet;
	size_t spaces = 0, width;

	for (size_t i = 0; i < sheet->column_count; i++) {
		bool right = sheet->columns[i].type != SHEET_TEXT &&
			     sheet->columns[i].type != SHEET_TIME;

		if (!table->width[i])
			continue;
		if (row == SIZE_MAX) {
			width = strlen(sheet->columns[i].heading);
			table->scratch->used = 0;
			buffer_text(table->scratch, sheet->columns[i].heading);
		} else {
			width = write_cell(table, row, i);
		}
		if (right)
			spaces += table->width[i] - width;
		if (width) {
			buffer_spaces(table->buffer, spaces);
			buffer_bytes(table->buffer, table->scratch->data, table->scratch->used);
			spaces = 0;
		}
		spaces += 2 + (right ? 0 : table->width[i] - width);
	}
	buffer_char(table->buffer, '\n');
}

int sheet_table(struct buffer *buffer, const struct sheet *sheet)
{
	_cleanup_free_ struct buffer *scratch = buffer_new(NULL);
	struct table table = {.buffer = buffer, .scratch = scratch, .sheet = sheet};

	if (!scratch)
		return -ENOMEM;
	if (sheet->title) {
		buffer_text(buffer, sheet->title);
		buffer_char(buffer, '\n');
	}
	if (!sheet->rows && sheet->empty) {
		buffer_text(buffer, sheet->empty);
		buffer_char(buffer, '\n');
		return 0;
	}
	find_widths(&table);
	put_line(&table, SIZE_MAX);
	for (size_t row = 0; row < sheet->rows + sheet->footers; row++)
		put_line(&table, row);
	return 0;
}

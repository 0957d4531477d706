// SPDX-License-Identifier: GPL-2.0-or-later
#include <netacct/cleanup.h>
#include <string.h>

#include "../output/column.h"
#include "../output/escape.h"
#include "../output/human.h"
#include "console_table.h"

#define INDENT 2
#define GAP 2
#define LEAST 8 /* columns that are left of an address at least */

enum cell { SOURCE, LOCAL, REMOTE, PROTOCOL, RX, TX, TOTAL, RX_NOW, TX_NOW, CELLS };

static const struct {
	const char *heading;
	const char *column; /* of the column table; NULL: it has none */
	bool right;
} cells[CELLS] = {
	[SOURCE] = {"SOURCE", NULL, false},
	[LOCAL] = {"LOCAL", "source_ip", false},
	[REMOTE] = {"REMOTE", "destination_ip", false},
	[PROTOCOL] = {"PROTOCOL", "protocol", false},
	[RX] = {"RX", NULL, true},
	[TX] = {"TX", NULL, true},
	[TOTAL] = {"TOTAL", NULL, true},
	[RX_NOW] = {"+RX", NULL, true},
	[TX_NOW] = {"+TX", NULL, true},
};

/* What goes first where there is no room. */
static const enum cell dropped[] = {TX_NOW, RX_NOW, TX, RX, SOURCE};

struct sheet {
	size_t width[CELLS]; /* 0: not shown */
};

static void put_figure(struct buffer *cell, uint64_t bytes)
{
	buffer_commit(cell, human_bytes_write(buffer_reserve(cell, HUMAN_BYTES_MAX), bytes));
}

static void put_column(struct buffer *cell, const struct console_row *row, const char *name)
{
	const struct column *column = column_find(name);
	struct column_context context;

	if (!column || !column_in(column, row->reading->key))
		return;
	column_context_init(&context, row->reading, NULL);
	buffer_commit(cell, column_write(column, &context, row->record,
					 buffer_reserve(cell, COLUMN_WRITE_MAX)));
}

/* The ports of a flow stand behind its addresses. */
static void put_port(struct buffer *cell, const struct console_row *row, enum cell which)
{
	const struct na_key *key = &row->record->key;

	if (row->reading->key != NA_KEY_FLOW)
		return;
	buffer_char(cell, ' ');
	buffer_number(cell, which == LOCAL ? key->local_port : key->remote_port);
}

static void put_cell(struct buffer *cell, const struct console_row *row, enum cell which)
{
	const struct flow_record *record = row->record;

	cell->used = 0;
	switch (which) {
	case SOURCE:
		escape_terminal(cell, row->reading->id ? row->reading->id : "");
		break;
	case LOCAL:
	case REMOTE:
		put_column(cell, row, cells[which].column);
		put_port(cell, row, which);
		break;
	case PROTOCOL:
		put_column(cell, row, cells[which].column);
		break;
	case RX:
		put_figure(cell, record->rx.bytes);
		break;
	case TX:
		put_figure(cell, record->tx.bytes);
		break;
	case TOTAL:
		put_figure(cell, record->rx.bytes + record->tx.bytes);
		break;
	case RX_NOW:
		put_figure(cell, row->rx.bytes);
		break;
	case TX_NOW:
		put_figure(cell, row->tx.bytes);
		break;
	case CELLS:
		break;
	}
}

static bool one_source(const struct console_top *top)
{
	for (size_t i = 1; i < top->count; i++)
		if (top->rows[i].reading != top->rows[0].reading)
			return false;
	return true;
}

static size_t table_width(const struct sheet *sheet)
{
	size_t width = INDENT - GAP;

	for (size_t i = 0; i < CELLS; i++)
		width += sheet->width[i] ? sheet->width[i] + GAP : 0;
	return width;
}

/* The wider of the two addresses, until they fit or nothing is left of them. */
static void cut_addresses(struct sheet *sheet, size_t room)
{
	while (table_width(sheet) > room) {
		size_t *wider = sheet->width[LOCAL] > sheet->width[REMOTE] ? &sheet->width[LOCAL]
									   : &sheet->width[REMOTE];

		if (*wider <= LEAST)
			return;
		(*wider)--;
	}
}

static void measure(struct sheet *sheet, struct buffer *cell, const struct console_top *top,
		    size_t room)
{
	size_t width;

	*sheet = (struct sheet){};
	for (enum cell which = 0; which < CELLS; which++) {
		for (size_t i = 0; i < top->count; i++) {
			put_cell(cell, &top->rows[i], which);
			width = console_width(cell->data, cell->used);
			if (sheet->width[which] < width)
				sheet->width[which] = width;
		}
		width = strlen(cells[which].heading);
		if (sheet->width[which] && sheet->width[which] < width)
			sheet->width[which] = width;
	}
	if (one_source(top))
		sheet->width[SOURCE] = 0;
	for (size_t i = 0; i < ARRAY_SIZE(dropped) && table_width(sheet) > room; i++)
		sheet->width[dropped[i]] = 0;
	cut_addresses(sheet, room);
}

/* row: NULL for the headings. */
static void put_row(struct buffer *line, struct buffer *cell, const struct sheet *sheet,
		    const struct console_row *row)
{
	size_t spaces = INDENT, width, rest;

	for (enum cell which = 0; which < CELLS; which++) {
		if (!sheet->width[which])
			continue;
		if (row) {
			put_cell(cell, row, which);
		} else {
			cell->used = 0;
			buffer_text(cell, cells[which].heading);
		}
		width = console_width(cell->data, cell->used);
		rest = width < sheet->width[which] ? sheet->width[which] - width : 0;
		buffer_spaces(line, spaces + (cells[which].right ? rest : 0));
		(void)console_clip(line, cell->data, cell->used, sheet->width[which]);
		spaces = GAP + (cells[which].right ? 0 : rest);
	}
}

void console_table(struct buffer *buffer, struct buffer *line, const struct console_top *top,
		   size_t room)
{
	_cleanup_free_ struct buffer *cell = buffer_new(NULL);
	struct sheet sheet;

	if (!cell || !top->count) {
		if (!cell && !buffer->error)
			buffer->error = -ENOMEM;
		return;
	}
	measure(&sheet, cell, top, room);
	put_row(line, cell, &sheet, NULL);
	console_end_line(buffer, line, room);
	for (size_t i = 0; i < top->count; i++) {
		put_row(line, cell, &sheet, &top->rows[i]);
		console_end_line(buffer, line, room);
	}
}

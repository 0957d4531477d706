// SPDX-License-Identifier: GPL-2.0-or-later
/* For people: a block for each source. */
#include <string.h>

#include "../record/summary.h"
#include "column.h"
#include "escape.h"
#include "human.h"
#include "names.h"
#include "render.h"
#include "table_balance.h"

#define SHEET_COLUMNS_MAX 24

/* The columns that are shown, and how wide they are. */
struct sheet {
	size_t count;
	const struct column *column[SHEET_COLUMNS_MAX];
	size_t width[SHEET_COLUMNS_MAX];
};

static size_t put_cell(const struct column *column, struct column_context *context,
		       const struct flow_record *record, char text[static COLUMN_WRITE_MAX])
{
	char *end;

	if (column->type == COLUMN_BYTES)
		end = human_bytes_write(text, column->number(record));
	else
		end = column_write(column, context, record, text);
	return (size_t)(end - text);
}

/* 0: no record has anything there. */
static size_t width_of(const struct column *column, struct column_context *context,
		       const struct reading *reading)
{
	char text[COLUMN_WRITE_MAX];
	size_t i, length, width = 0;

	for (i = 0; i < reading->shown; i++) {
		length = put_cell(column, context, &reading->records[i], text);
		if (length > width)
			width = length;
	}
	if (width && width < strlen(column->heading))
		width = strlen(column->heading);
	return width;
}

static void sheet_init(struct sheet *sheet, struct column_context *context,
		       const struct reading *reading)
{
	size_t i, width;

	sheet->count = 0;
	for (i = 0; i < columns_count && sheet->count < SHEET_COLUMNS_MAX; i++) {
		if (!columns[i].heading || !column_in(&columns[i], reading->key))
			continue;
		width = width_of(&columns[i], context, reading);
		if (!width)
			continue;
		sheet->column[sheet->count] = &columns[i];
		sheet->width[sheet->count++] = width;
	}
}

/* No spaces at the end of a line. */
static void put_row(struct buffer *buffer, const struct sheet *sheet,
		    struct column_context *context, const struct flow_record *record)
{
	char text[COLUMN_WRITE_MAX];
	size_t i, length, spaces = 2;
	bool right;

	for (i = 0; i < sheet->count; i++) {
		if (record)
			length = put_cell(sheet->column[i], context, record, text);
		else
			length = strlen(sheet->column[i]->heading);
		right = sheet->column[i]->number && sheet->column[i]->type != COLUMN_TIME;
		if (right)
			spaces += sheet->width[i] - length;
		if (length) {
			buffer_spaces(buffer, spaces);
			buffer_bytes(buffer, record ? text : sheet->column[i]->heading, length);
			spaces = 0;
		}
		spaces += 2 + (right ? 0 : sheet->width[i] - length);
	}
	buffer_char(buffer, '\n');
}

static void put_head(struct buffer *buffer, const struct reading *reading)
{
	struct rfc3339 time = {0};
	char since[RFC3339_WRITE_MAX + 1];

	*rfc3339_seconds(&time, reading->since / 1000000000, since) = '\0';
	escape_terminal(buffer, reading->id ? reading->id : "");
	if (reading->tag) {
		buffer_text(buffer, " (");
		escape_terminal(buffer, reading->tag);
		buffer_char(buffer, ')');
	}
	buffer_text(buffer, ": ");
	buffer_text(buffer, hook_name(reading->hook));
	buffer_text(buffer, ", in ");
	buffer_text(buffer, ingress_name(reading->ingress));
	buffer_text(buffer, ", out ");
	buffer_text(buffer, egress_name(reading->hook));
	buffer_text(buffer, ", key ");
	buffer_text(buffer, key_kind_name(reading->key));
	buffer_text(buffer, ", since ");
	buffer_text(buffer, since);
	buffer_text(buffer, reading->peer ? ", perspective peer" : "");
	buffer_text(buffer, reading->layer3 ? ", layer 3 bytes" : "");
	buffer_text(buffer, reading->exact ? ", exact" : ", not exact");
	buffer_text(buffer, reading->departed_at ? ", detached\n" : "\n");
}

static void put_amount(struct buffer *buffer, const char *label, const struct na_count *count)
{
	char *out;

	buffer_text(buffer, label);
	buffer_number(buffer, count->packets);
	buffer_text(buffer, count->packets == 1 ? " packet, " : " packets, ");
	out = buffer_reserve(buffer, HUMAN_BYTES_MAX);
	buffer_commit(buffer, human_bytes_write(out, count->bytes));
}

static void put_totals(struct buffer *buffer, const struct reading *reading,
		       const struct summary *summary)
{
	struct na_count both = {.packets = summary->rx.packets + summary->tx.packets,
				.bytes = summary->rx.bytes + summary->tx.bytes};

	buffer_text(buffer, "  total of ");
	buffer_number(buffer, reading->count);
	buffer_text(buffer, reading->count == 1 ? " record" : " records");
	/* none: they were not asked for */
	if (reading->shown && reading->shown < reading->count) {
		buffer_text(buffer, " (");
		buffer_number(buffer, reading->shown);
		buffer_text(buffer, " shown)");
	}
	put_amount(buffer, ": rx ", &summary->rx);
	put_amount(buffer, "; tx ", &summary->tx);
	put_amount(buffer, "; both ", &both);
	buffer_char(buffer, '\n');
}

static int put_source(const struct rendering *rendering, const struct reading *reading)
{
	struct column_context context;
	struct summary summary;
	struct sheet sheet;
	size_t i;
	int err = records_summarise(reading->records, reading->count, reading->key, &summary);

	if (err)
		return err;
	column_context_init(&context, reading, rendering->services);
	sheet_init(&sheet, &context, reading);
	put_head(rendering->buffer, reading);
	if (reading->shown)
		put_row(rendering->buffer, &sheet, &context, NULL);
	for (i = 0; i < reading->shown; i++)
		put_row(rendering->buffer, &sheet, &context, &reading->records[i]);
	put_totals(rendering->buffer, reading, &summary);
	table_balance(rendering->buffer, &reading->balance);
	return 0;
}

int render_table(const struct rendering *rendering, const struct reading *readings, size_t count)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < count; i++) {
		if (i)
			buffer_char(rendering->buffer, '\n');
		err = put_source(rendering, &readings[i]);
	}
	return err;
}

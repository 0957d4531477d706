// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "json_record.h"

static bool is_quoted(enum column_type type, bool string_counters)
{
	switch (type) {
	case COLUMN_TEXT:
	case COLUMN_TIME:
		return true;
	case COLUMN_PACKETS:
	case COLUMN_BYTES:
		return string_counters;
	case COLUMN_PORT:
	case COLUMN_FLAG:
		break;
	}
	return false;
}

void record_form_init(struct record_form *form, const struct json *json, enum na_key_kind kind,
		      unsigned int depth)
{
	struct record_cell *cell;
	size_t i;

	form->count = 0;
	for (i = 0; i < columns_count && form->count < RECORD_COLUMNS_MAX; i++) {
		if (!column_in(&columns[i], kind))
			continue;
		cell = &form->cell[form->count++];
		cell->column = &columns[i];
		cell->quoted = is_quoted(columns[i].type, json->string_counters);
		memset(cell->lead, 0, sizeof(cell->lead));
		cell->length =
			(size_t)snprintf(cell->lead, sizeof(cell->lead), ",%s%*s\"%s\":%s%s",
					 json->pretty ? "\n" : "",
					 json->pretty ? (int)depth * 2 : 0, "", columns[i].name,
					 json->pretty ? " " : "", cell->quoted ? "\"" : "");
	}
}

void record_write(struct buffer *buffer, const struct record_form *form,
		  struct column_context *context, const struct flow_record *record, bool first)
{
	const struct record_cell *cell;
	char *out, *value, *end;
	size_t i;

	out = buffer_reserve(buffer, form->count * (RECORD_LEAD_MAX + COLUMN_WRITE_MAX));
	for (i = 0; i < form->count; i++) {
		cell = &form->cell[i];
		/* All of the array: a copy of constant size is a few instructions. */
		memcpy(out, cell->lead + first, RECORD_LEAD_MAX - 1);
		value = out + cell->length - first;
		end = column_write(cell->column, context, record, value);
		if (end == value)
			continue;
		if (cell->quoted)
			*end++ = '"';
		out = end;
		first = false;
	}
	buffer_commit(buffer, out);
}

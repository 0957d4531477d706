// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_form.h"

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

/* A line break and the indentation of what stands `depth` deep. */
static int indent(const struct json *json, unsigned int depth, char text[static RECORD_LEAD_MAX])
{
	if (!json->pretty) {
		text[0] = '\0';
		return 0;
	}
	return snprintf(text, RECORD_LEAD_MAX, "\n%*s", (int)depth * JSON_INDENT, "");
}

static void add_cell(struct record_form *form, const struct json *json, const struct column *column,
		     const char *open)
{
	struct record_cell *cell = &form->cell[form->count++];
	char line[RECORD_LEAD_MAX];

	indent(json, json->depth + 1, line);
	*cell = (struct record_cell){.column = column,
				     .optional = column->optional,
				     .quoted = is_quoted(column->type, json->string_counters)};
	cell->length =
		(size_t)snprintf(cell->lead, sizeof(cell->lead), "%s%s\"%s\":%s%s", open, line,
				 column->name, json->pretty ? " " : "", cell->quoted ? "\"" : "");
}

/* `open` stands before the first member; no key's first column is optional. */
static void add_cells(struct record_form *form, const struct json *json, enum na_key_kind kind,
		      const char *open)
{
	size_t i;

	for (i = 0; i < columns_count && form->count < RECORD_COLUMNS_MAX; i++)
		if (column_in(&columns[i], kind))
			add_cell(form, json, &columns[i], form->count ? "," : open);
}

void json_form_elements(struct record_form *form, const struct json *json, enum na_key_kind kind)
{
	char line[RECORD_LEAD_MAX], open[RECORD_LEAD_MAX];

	*form = (struct record_form){.head = "", .joint = 1};
	indent(json, json->depth, line);
	snprintf(open, sizeof(open), ",%.48s{", line);
	add_cells(form, json, kind, open);
	form->tail_length = (size_t)snprintf(form->tail, sizeof(form->tail), "%.24s}", line);
}

void json_form_lines(struct record_form *form, const struct json *json, enum na_key_kind kind,
		     const struct buffer *head)
{
	*form = (struct record_form){
		.head = head->data, .head_length = head->used, .tail = "}\n", .tail_length = 2};
	add_cells(form, json, kind, ",");
}

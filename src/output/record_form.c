// SPDX-License-Identifier: GPL-2.0-or-later
#include "record_form.h"

/* Copies of constant size are a few instructions; few leads are longer than half. */
static char *write_lead(char *out, const struct record_cell *cell)
{
	memcpy(out, cell->lead, RECORD_LEAD_MAX / 2);
	if (cell->length > RECORD_LEAD_MAX / 2)
		memcpy(out + RECORD_LEAD_MAX / 2, cell->lead + RECORD_LEAD_MAX / 2,
		       RECORD_LEAD_MAX / 2);
	return out + cell->length;
}

/* No branch: which records lack something cannot be foreseen. */
static char *end_of(const struct record_cell *cell, char *out, const char *value, const char *end)
{
	size_t there = end != value;

	return out + ((size_t)(end + cell->quoted - out) & (0 - there));
}

char *record_form_write(const struct record_form *form, struct column_context *context,
			const struct flow_record *record, char *out)
{
	const struct record_cell *cell = form->cell, *last = form->cell + form->count;
	char *value, *end;

	memcpy(out, form->head, form->head_length);
	out += form->head_length;
	for (; cell < last; cell++) {
		value = write_lead(out, cell);
		end = cell->column ? column_write(cell->column, context, record, value) : value;
		*end = '"';
		out = cell->optional ? end_of(cell, out, value, end) : end + cell->quoted;
	}
	memcpy(out, form->tail, RECORD_TAIL_MAX);
	return out + form->tail_length;
}
